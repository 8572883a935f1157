import type { Lease } from '../port.ts';

/** Leases inside the one process that owns the file: whoever has one keeps it until it releases it or the journal closes. */
export interface Leases {
	acquire(name: string): Promise<Lease>;
	/** All are lost; who waits is refused. */
	close(): void;
}

/** @param nextToken grows with every call for this name, also across restarts */
export function createLeases(nextToken: (name: string) => Promise<number>): Leases {
	// What stands in line for a name: it is settled when the one before has released.
	const lines = new Map<string, Promise<void>>();
	const closing = new AbortController();
	const closed = new Promise<void>((resolve) => closing.signal.addEventListener('abort', () => resolve()));

	async function grant(name: string, before: Promise<void>, leave: () => void): Promise<Lease> {
		await before;
		closing.signal.throwIfAborted();
		const token = await nextToken(name);
		return { token, lost: closing.signal, release: async () => leave() };
	}

	return {
		acquire(name) {
			const before = lines.get(name) ?? Promise.resolve();
			const { promise: left, resolve: leave } = Promise.withResolvers<void>();
			lines.set(
				name,
				before.then(() => left),
			);
			const lease = grant(name, Promise.race([before, closed]), leave);
			// Without a lease there is nobody to release it.
			lease.catch(leave);
			return lease;
		},
		close: () => closing.abort(new Error('journal is closed')),
	};
}
