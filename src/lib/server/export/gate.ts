/** One at a time, in the order of asking: however many exports run, the store has one of their queries to do. */
export interface Gate {
	/** @throws the signal's reason when it is aborted while waiting */
	pass<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createGate(): Gate {
	let last: Promise<unknown> = Promise.resolve();
	return {
		async pass(work, signal) {
			const before = last;
			const done = Promise.withResolvers<void>();
			last = before.then(() => done.promise);
			try {
				await before;
				signal.throwIfAborted();
				return await work();
			} finally {
				done.resolve();
			}
		},
	};
}
