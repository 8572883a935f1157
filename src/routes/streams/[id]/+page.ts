import { parseTime } from '#contracts/time.ts';
import type { Range } from '#lib/chart/view.ts';

/** `from` and `to` (RFC 3339 or microseconds) open the page at a moment of the past. */
export function load({ params, url }: { params: { id: string }; url: URL }): { id: string; start: Range | undefined } {
	const from = parseTime(url.searchParams.get('from'));
	const to = parseTime(url.searchParams.get('to'));
	const start =
		from !== undefined && to !== undefined && from < to ? { minMs: from / 1000, maxMs: to / 1000 } : undefined;
	return { id: params.id, start };
}
