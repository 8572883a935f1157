import type { ApiEvent } from '#contracts/api.ts';
import { isLasting } from '#contracts/event.ts';
import type { EventMark } from '#lib/chart/overlay.ts';
import { eventTitle } from '#lib/format/event-words.ts';

/**
 * Events as they are drawn, oldest first. What has an end lasted until then; a tool, a lot, a shift without one holds until
 * the next of its kind on the same target, and the last of them goes on.
 *
 * @param events in any order, with those that began before the picture
 */
export function eventMarks(events: readonly ApiEvent[]): readonly EventMark[] {
	const marked = events.map((event) => ({ event, fromMs: Date.parse(event.from) })).sort((a, b) => a.fromMs - b.fromMs);
	return marked.map(({ event, fromMs }, i) => {
		const title = eventTitle(event);
		if (event.to !== null) return { fromMs, toMs: Date.parse(event.to), title };
		if (!isLasting(event.kind)) return { fromMs, toMs: fromMs, title };
		const next = marked.slice(i + 1).find(({ event: later }) => targetOf(later) === targetOf(event));
		return { fromMs, toMs: next?.fromMs ?? Infinity, title, isInForce: true };
	});
}

const targetOf = ({ kind, site, asset, streams }: ApiEvent) => JSON.stringify([kind, site, asset, [...streams].sort()]);
