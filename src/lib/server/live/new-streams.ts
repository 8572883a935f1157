import type { Logger } from 'pino';
import { messageOf } from '#contracts/error.ts';

/** A burst of new streams is told in one go: a client reads its list anew once, not a thousand times. */
const GATHER_MS = 250;
/** Of a burst so many are named; who hears of one reads the whole list. */
const NAMED = 20;

/** Notices streams that were not there before. Ids only grow, so the highest one seen is all there is to remember. */
export function createNewStreams(options: {
	site(streamId: number): Promise<string | undefined>;
	tell(streamId: number, site: string): void;
	readonly log: Logger;
}): { see(streamIds: ReadonlySet<number>): void; stop(): void } {
	const { site, tell, log } = options;
	let highest = 0;
	let fresh: number[] = [];
	let timer: NodeJS.Timeout | undefined;

	async function tellAll(): Promise<void> {
		const named = fresh.slice(-NAMED);
		fresh = [];
		timer = undefined;
		for (const streamId of named) {
			const of = await site(streamId);
			if (of !== undefined) tell(streamId, of);
		}
	}

	return {
		see(streamIds) {
			for (const streamId of streamIds) {
				if (streamId <= highest) continue;
				highest = streamId;
				fresh.push(streamId);
			}
			if (fresh.length === 0 || timer) return;
			timer = setTimeout(() => {
				tellAll().catch((error: unknown) => log.warn(`cannot tell of new streams: ${messageOf(error)}`));
			}, GATHER_MS);
		},
		stop: () => clearTimeout(timer),
	};
}
