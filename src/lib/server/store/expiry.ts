import type { Logger } from 'pino';
import { messageOf } from '#contracts/error.ts';
import type { Stream } from '#contracts/stream.ts';
import type { Store } from './port.ts';

const EVERY_MS = 3_600_000;
/** After a start others have more to do. */
const FIRST_AFTER_MS = 600_000;

/** Has the store delete what has outlived the retention of its site, once an hour. */
export function createExpiry(parts: {
	readonly store: Pick<Store, 'putStreams' | 'expire'>;
	readonly streams: () => Promise<readonly Stream[]>;
	readonly log: Logger;
	readonly firstAfterMs?: number;
	readonly everyMs?: number;
}): { start(): void; stop(): Promise<void> } {
	const { store, streams, log, firstAfterMs = FIRST_AFTER_MS, everyMs = EVERY_MS } = parts;
	let timer: NodeJS.Timeout | undefined;
	let running: Promise<void> = Promise.resolve();
	let isStopped = false;

	async function expire(): Promise<void> {
		try {
			// By these the store knows which stream is of which site.
			await store.putStreams(await streams());
			const months = await store.expire();
			if (months > 0) log.info({ months }, 'what has outlived the retention of its site is being deleted');
		} catch (error) {
			log.warn(`cannot delete what has outlived the retention of its site: ${messageOf(error)}`);
		}
	}

	function later(ms: number): void {
		timer = setTimeout(() => {
			running = expire();
			void running.then(() => isStopped || later(everyMs));
		}, ms);
	}

	return {
		start: () => later(firstAfterMs),
		async stop() {
			isStopped = true;
			clearTimeout(timer);
			await running;
		},
	};
}
