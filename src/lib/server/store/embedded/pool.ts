import { Failure } from './failure.ts';

/** A bounded waiting line before a few of something that only one may use at a time. */
export interface Pool<T> {
	/**
	 * @param signal a request that gave up leaves the line
	 * @throws Failure when the line is full or the pool is closing
	 */
	use<R>(work: (item: T) => Promise<R>, signal?: AbortSignal): Promise<R>;
	/** Refuses what is new and what waits, and resolves once nothing is in use any more. */
	drain(): Promise<void>;
	readonly waiting: number;
}

interface Waiter<T> {
	readonly go: (item: T) => void;
	readonly fail: (error: Error) => void;
}

export function createPool<T>(items: readonly T[], maxWaiting: number): Pool<T> {
	const free = [...items];
	const line: Waiter<T>[] = [];
	let closing = false;
	let onIdle: (() => void) | undefined;

	function acquire(signal: AbortSignal | undefined): Promise<T> {
		if (closing) return Promise.reject(new Failure('stopping', 'The server is stopping'));
		const item = free.pop();
		if (item !== undefined) return Promise.resolve(item);
		if (line.length >= maxWaiting)
			return Promise.reject(new Failure('tooMany', `Too many simultaneous queries: ${line.length} are waiting`));
		return new Promise((resolve, reject) => {
			const waiter: Waiter<T> = { go: resolve, fail: reject };
			line.push(waiter);
			signal?.addEventListener(
				'abort',
				() => {
					const at = line.indexOf(waiter);
					if (at < 0) return;
					line.splice(at, 1);
					reject(new Failure('stopping', 'The request was given up while it waited'));
				},
				{ once: true },
			);
		});
	}

	function release(item: T): void {
		const next = line.shift();
		if (next) return next.go(item);
		free.push(item);
		if (free.length === items.length) onIdle?.();
	}

	return {
		async use(work, signal) {
			const item = await acquire(signal);
			try {
				return await work(item);
			} finally {
				release(item);
			}
		},
		async drain() {
			closing = true;
			for (const waiter of line.splice(0)) waiter.fail(new Failure('stopping', 'The server is stopping'));
			if (free.length === items.length) return;
			await new Promise<void>((resolve) => {
				onIdle = resolve;
			});
		},
		get waiting() {
			return line.length;
		},
	};
}
