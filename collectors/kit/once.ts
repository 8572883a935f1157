/** Texts of a device may be new each time: of more than this the oldest are forgotten. */
const MOST = 10_000;

/** Says each text once, however often it is true: what a device lacks it lacks at every poll. */
export function createOnce(say: (message: string) => void): (message: string) => void {
	const told = new Set<string>();
	return (message) => {
		if (told.has(message)) return;
		const [oldest] = told;
		if (told.size >= MOST && oldest !== undefined) told.delete(oldest);
		told.add(message);
		say(message);
	};
}
