import type { ExportedPoint, ExportedSignal, ExportedStreamFacts } from '#contracts/export.ts';
import { beginningOf, isJudged, type Beginning } from '#server/engine/rejudge/beginning.ts';
import { rejudge } from '#server/engine/rejudge/rejudge.ts';

/** What judging exported points anew came to, beside what was found live. */
export interface Replayed {
	readonly id: string;
	readonly key: string;
	/** `whole`: limits learnt again from the exported baseline; `limits`: judged by the exported ones, as the stretch begins behind it. */
	readonly judged: Beginning['judged'];
	/** Why not, or what is left out. */
	readonly note: string;
	readonly signals: readonly Told[];
	/** Of the export, within what can be reproduced. */
	readonly expected: number;
	/** Found live and not here, and the other way round: none of either when the export is whole. */
	readonly missing: readonly Told[];
	readonly more: readonly Told[];
}

export type Told = Pick<ExportedSignal, 't' | 'chart' | 'rule' | 'side'>;

type Stretch = ExportedStreamFacts & { readonly points: readonly ExportedPoint[] };

/**
 * Judges exported points by the engine that judges live ones, from nothing but the export: the same plan, the same gaps, what was
 * not judged live left out. What hangs on the time of the server (no data) is left out on both sides.
 *
 * @throws InputError for a plan that this version cannot read
 */
export function replay(stream: Stretch): Replayed {
	const { id, key } = stream;
	const first = stream.points.find(([, , , flags]) => isJudged(flags))?.[0];
	const begin = beginningOf({ ...stream, first });
	if (begin.judged === 'not') return { id, key, ...begin, signals: [], expected: 0, missing: [], more: [] };
	const signals = judge(stream, begin);
	const isHere = (signal: ExportedSignal) => signal.rule !== 'no-data' && signal.spanFrom >= begin.fromMicros;
	const live = stream.signals.filter(isHere).map(toldOf);
	const here = signals.filter(isHere).map(toldOf);
	return {
		...{ id, key, judged: begin.judged, note: begin.note },
		signals: here,
		expected: live.length,
		missing: without(live, here),
		more: without(here, live),
	};
}

function judge({ site, key, labels, asset, kind, unit, points, gaps }: Stretch, beginning: Beginning) {
	const signals: ExportedSignal[] = [];
	const { verdicts } = rejudge({ stream: { site, key, labels, asset, kind, unit }, points, gaps, beginning });
	for (const some of verdicts)
		for (const verdict of some) {
			if (verdict.type !== 'signal') continue;
			const { tMicros: t, spanFromMicros: spanFrom, ...signal } = verdict.signal;
			signals.push({ ...signal, t, spanFrom });
		}
	return signals;
}

function toldOf({ t, chart, rule, side }: ExportedSignal): Told {
	return { t, chart, rule, side };
}

function without(all: readonly Told[], others: readonly Told[]): readonly Told[] {
	const nameOf = ({ t, chart, rule, side }: Told) => `${t} ${chart} ${rule} ${side}`;
	const known = new Set(others.map(nameOf));
	return all.filter((one) => !known.has(nameOf(one)));
}
