/** How long is waited for the first event of an answer, between two, and for the whole. */
export interface Deadlines {
	readonly firstMs: number;
	readonly idleMs: number;
	readonly totalMs: number;
}

export const USUAL_DEADLINES: Deadlines = { firstMs: 20_000, idleMs: 10_000, totalMs: 60_000 };

/** An answer that did not come in time. */
export class DeadlineError extends Error {
	override readonly name = 'DeadlineError';
}

/**
 * The events of an answer, ended when one of the deadlines passes: the clients' own time-outs end with the headers.
 *
 * @param stream is given a signal that ends what it has open
 * @throws DeadlineError; what the stream throws
 */
export async function* withDeadlines<T>(
	stream: (signal: AbortSignal) => AsyncIterable<T>,
	{ deadlines, signal }: { readonly deadlines: Deadlines; readonly signal: AbortSignal },
): AsyncIterable<T> {
	const over = new AbortController();
	const both = AbortSignal.any([over.signal, signal]);
	const passed = Promise.withResolvers<never>();
	passed.promise.catch(() => undefined);
	const end = (why: string) => {
		passed.reject(new DeadlineError(why));
		over.abort();
	};
	const total = setTimeout(() => end(`no whole answer within ${deadlines.totalMs} ms`), deadlines.totalMs);
	let wait = setTimeout(() => end(`no answer within ${deadlines.firstMs} ms`), deadlines.firstMs);
	const onAbort = () => end('nobody waits for it any more');
	signal.addEventListener('abort', onAbort, { once: true });
	const events = stream(both)[Symbol.asyncIterator]();
	try {
		for (;;) {
			const next = await Promise.race([events.next(), passed.promise]);
			if (next.done) return;
			clearTimeout(wait);
			wait = setTimeout(() => end(`silent for ${deadlines.idleMs} ms in the middle of its answer`), deadlines.idleMs);
			yield next.value;
		}
	} finally {
		clearTimeout(wait);
		clearTimeout(total);
		signal.removeEventListener('abort', onAbort);
		over.abort();
		// Not waited for: what hangs would hang here too.
		Promise.resolve(events.return?.()).catch(() => undefined);
	}
}
