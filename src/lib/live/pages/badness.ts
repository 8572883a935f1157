import { formatDeviation } from '#lib/format/number.ts';
import type { App } from '#lib/live/app.svelte.ts';
import type { StreamEntry } from '#lib/live/directory.svelte.ts';
import { segmentNow } from './segment-now.ts';

/** @returns how far out a violating stream is, like `+4.2 σ`; empty where nothing is known to compare with */
export function badnessOf(app: App, stream: StreamEntry): string {
	const [oldest] = stream.active;
	if (!stream.last) return '';
	// Of a chart that is not drawn here, such as that of the moving ranges, only the violation has a value; and it may
	// be told of before its point comes.
	if (oldest && (oldest.chart !== stream.lead || Date.parse(oldest.firstAt) > stream.last.tMs))
		return formatDeviation(oldest.value, oldest.centre, oldest.sigma);
	const segment = stream.sigma === undefined ? undefined : segmentNow(app, stream.id, stream.lead);
	return segment ? formatDeviation(stream.last.v, segment.centre, segment.sigma) : '';
}
