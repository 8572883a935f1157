import { seriesOf } from '../series.ts';
import type { CallSeen, Series, Situation } from '../situation.ts';

export const callsQuery = ({ stream }: Situation) => `GET /api/v1/llm/calls?stream=${stream.id}`;

/** Of calls where there are some, else of the streams made of them. */
export function valuesOf({ calls, companions, stream }: Situation): ReadonlyMap<string, Series> {
	const values = new Map<string, Series>();
	if (calls.length > 0) {
		const put = (name: string, read: (call: CallSeen) => number | null) => {
			const points = calls.flatMap((call) => {
				const v = read(call);
				return v === null ? [] : [[call.startedMicros, v] as const];
			});
			if (points.length > 0) values.set(name, seriesOf(points));
		};
		put('input_tokens', (call) => call.inputTokens);
		put('output_tokens', (call) => call.outputTokens);
		put('uncached_tokens', (call) =>
			call.inputTokens === null || call.cachedTokens === null ? null : call.inputTokens - call.cachedTokens,
		);
		put('queue_ms', (call) => call.queueMs);
		put('load_ms', (call) => call.loadMs);
		put('connect_ms', (call) => call.connectMs);
		return values;
	}
	const prefix = stream.key.slice(0, stream.key.lastIndexOf('/') + 1);
	for (const one of companions)
		if (one.stream.key.startsWith(prefix) && !one.stream.key.slice(prefix.length).includes('/'))
			values.set(one.stream.key.slice(prefix.length), one.series);
	const [all, cached] = [values.get('input_tokens'), values.get('cached_tokens')];
	if (all && cached && all.v.length === cached.v.length)
		values.set('uncached_tokens', { tMicros: all.tMicros, v: all.v.map((v, i) => v - cached.v[i]!) });
	return values;
}
