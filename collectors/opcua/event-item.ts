import { QUALITY } from '#contracts/point.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import type { TagEvent } from '../kit/tag-event.ts';
import type { Item } from './config.ts';
import type { LiveItem } from './item.ts';
import { measuredAt, presentOf } from './stamp.ts';

/** A lot lasts for days: its beginning is believed so far back. */
const OLDEST_MICROS = 7 * 86_400 * MICROS_PER_SECOND;

/** A variable that says what is in force; a bad value, or none, changes nothing. */
export function createEventItem({
	node,
	item,
	tag,
}: {
	readonly node: string;
	readonly item: Item;
	readonly tag: TagEvent;
}): LiveItem {
	return {
		node,
		item,
		take(value, clocks, nowMicros) {
			const found = value.text ?? value.v;
			if (value.quality === QUALITY.bad) return;
			const presentMicros = presentOf(clocks, nowMicros);
			const sinceMicros = Math.max(tag.lastMicros() ?? -Infinity, presentMicros - OLDEST_MICROS);
			tag.take(measuredAt(clocks, value, { sinceMicros, presentMicros }) ?? presentMicros, found);
		},
		settle() {},
		sampledEvery() {},
		lose() {},
	};
}
