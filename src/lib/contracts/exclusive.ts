export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs one piece of work at a time, in the order asked; a failure is its caller's and stops nobody else. */
export function createExclusive(): Exclusive {
	let tail: Promise<unknown> = Promise.resolve();
	return (work) => {
		const run = tail.then(work);
		tail = run.catch(() => undefined);
		return run;
	};
}
