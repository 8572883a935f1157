/** Lets so many things run at a time; the others wait in the order in which they came. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

export function createTurns(atOnce: number): InTurn {
	const waiting = new Set<() => void>();
	let running = 0;

	function next(): void {
		const [first] = waiting;
		if (first === undefined) return void running--;
		waiting.delete(first);
		first();
	}

	return async (work) => {
		if (running < atOnce) running++;
		else await new Promise<void>((resolve) => waiting.add(resolve));
		try {
			return await work();
		} finally {
			next();
		}
	};
}
