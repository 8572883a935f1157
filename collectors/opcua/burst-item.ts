import { QUALITY } from '#contracts/point.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import { createBurstReader, type BurstConfig } from '../kit/burst.ts';
import type { Track } from '../kit/track.ts';
import type { Item } from './config.ts';
import type { LiveItem } from './item.ts';
import { measuredAt, presentOf } from './stamp.ts';

export interface BurstItemOptions {
	readonly node: string;
	readonly item: Item;
	readonly burst: BurstConfig;
	/** The stream of a feature. */
	readonly open: (name: string, hasUnit: boolean) => Track;
	/** Each text once. */
	readonly onFault: (message: string) => void;
}

/** A burst is as old as it says, as machines take one an hour or a day; beyond that the device's clock is wrong. */
const OLDEST_MICROS = 2 * 86_400 * MICROS_PER_SECOND;

/** A variable that holds bursts of samples: each new one is one point of each of its features, and none is repeated. */
export function createBurstItem({ node, item, burst, open, onFault }: BurstItemOptions): LiveItem {
	const reader = createBurstReader(burst, item.scale);
	const tracks = reader.names.map((name) => open(name, reader.hasUnit(name)));
	let lastSource = -Infinity;

	return {
		node,
		item,
		take(value, clocks, nowMicros) {
			const { sourceMicros, quality, array, reason } = value;
			// A poll, or a new session, reads the burst of before again.
			if (sourceMicros !== undefined && sourceMicros <= lastSource) return;
			lastSource = sourceMicros ?? lastSource;
			const presentMicros = presentOf(clocks, nowMicros);
			const sinceMicros = Math.max(tracks[0]?.lastMicros() ?? -Infinity, presentMicros - OLDEST_MICROS);
			const tMicros = measuredAt(clocks, value, { sinceMicros, presentMicros }) ?? presentMicros;
			if (tMicros <= sinceMicros) return;
			const features = quality === QUALITY.bad ? reason : reader.read(array);
			if (typeof features === 'string') {
				onFault(features);
				for (const track of tracks) track.none(tMicros, features);
				return;
			}
			features.forEach((v, i) => {
				if (Number.isFinite(v)) tracks[i]?.point(tMicros, v, quality);
				else tracks[i]?.none(tMicros, 'the burst has no such feature');
			});
		},
		settle() {},
		sampledEvery() {},
		lose(reason) {
			for (const track of tracks) track.interrupt(reason);
		},
	};
}
