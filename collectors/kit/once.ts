/** Says each text once, however often it is true: what a device lacks it lacks at every poll. */
export function createOnce(say: (message: string) => void): (message: string) => void {
	const told = new Set<string>();
	return (message) => {
		// Texts of a device may be new each time.
		if (told.has(message) || told.size >= MOST) return;
		told.add(message);
		say(message);
	};
}

const MOST = 1000;
