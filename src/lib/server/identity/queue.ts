import { RetriableError } from '#contracts/error.ts';

/** Runs so many at once; others wait, and when too many wait the next is refused. */
export type Queue = <T>(work: () => Promise<T>) => Promise<T>;

/** @throws RetriableError from the queue when `maxWaiting` wait already */
export function createQueue(options: { readonly atOnce: number; readonly maxWaiting: number }): Queue {
	const waiting: (() => void)[] = [];
	let running = 0;

	async function turn(): Promise<void> {
		if (running < options.atOnce) return void running++;
		if (waiting.length >= options.maxWaiting)
			throw new RetriableError('too many sign in at once', { retryAfterMs: 2000 });
		// Who leaves hands its place on.
		await new Promise<void>((resolve) => waiting.push(resolve));
	}

	return async (work) => {
		await turn();
		try {
			return await work();
		} finally {
			const next = waiting.shift();
			if (next) next();
			else running--;
		}
	};
}
