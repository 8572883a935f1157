/** Waits for a condition, with a deadline instead of a guess. */
export async function until(what: string, isTrue: () => boolean, withinMs = 20_000): Promise<void> {
	const deadline = performance.now() + withinMs;
	while (!isTrue()) {
		if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain for: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 3));
	}
}
