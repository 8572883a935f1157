import { encodeCommand, type Command } from '#contracts/command.ts';
import { InputError } from '#contracts/error.ts';
import type { ExportedPoint, ExportedSignal, ExportedStreamFacts } from '#contracts/export.ts';
import { planSchema, type Plan } from '#contracts/plan.ts';
import { FLAG, type Quality } from '#contracts/point.ts';
import { encodeRowsRecord } from '#contracts/rows.ts';
import { parseTime } from '#contracts/time.ts';
import { createEvaluator } from '#server/engine/evaluator.ts';

/** What judging exported points anew came to, beside what was found live. */
export interface Replayed {
	readonly id: string;
	readonly key: string;
	/** `whole`: limits learnt again from the exported baseline; `limits`: judged by the exported ones, as the stretch begins behind it. */
	readonly judged: 'whole' | 'limits' | 'not';
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
	const begin = beginningOf(stream);
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

interface Beginning {
	readonly judged: Replayed['judged'];
	readonly note: string;
	readonly fromMicros: number;
	/** In force at a time and from then on. */
	readonly phases: readonly { readonly fromMicros: number; readonly plan: Plan }[];
}

function beginningOf({ points, limits, plan, planRevision }: Stretch): Beginning {
	const parsed = planSchema.safeParse(plan);
	if (!parsed.success) throw new InputError(`cannot judge by this plan: ${parsed.error.issues[0]?.message ?? ''}`);
	const first = points.find(([, , , flags]) => isJudged(flags))?.[0];
	if (first === undefined) return { judged: 'not', note: 'it has no judged points', fromMicros: 0, phases: [] };
	const learntFrom = Math.min(...limits.map((one) => parseTime(one.baseline?.from ?? one.from) ?? Infinity));
	const given = 'centre' in parsed.data.baseline;
	if (planRevision === 1 && (given || first <= learntFrom)) {
		const phases = [{ fromMicros: -Infinity, plan: parsed.data }];
		return { judged: 'whole', note: '', fromMicros: first, phases };
	}
	return byLimits(parsed.data, limits, first);
}

/** A chart of single values needs nothing but centre and sigma to go on in the middle. */
function byLimits(plan: Plan, limits: Stretch['limits'], first: number): Beginning {
	const single = 'size' in plan.subgroup && plan.subgroup.size === 1;
	const isPlain = plan.chart === 'i-mr' && single && plan.transform === 'none';
	const own = limits.filter(({ chart }) => chart === 'i');
	if (!isPlain || own.length === 0) {
		const note = `${plan.chart} remembers what was before the stretch: export from the beginning of its baseline`;
		return { judged: 'not', note, fromMicros: 0, phases: [] };
	}
	const phases = own.map(({ from, centre, sigma }) => {
		return { fromMicros: parseTime(from) ?? 0, plan: { ...plan, baseline: { centre, sigma } } };
	});
	const note = 'patterns that began before the stretch are left out';
	return { judged: 'limits', note, fromMicros: Math.max(first, phases[0]?.fromMicros ?? first), phases };
}

function isJudged(flags: number): boolean {
	return (flags & (FLAG.late | FLAG.excluded)) === 0;
}

const STREAM = 1;
const POINTS_PER_RECORD = 5000;

/** The records that the hub's journal would have had, in their order. */
function judge(stream: Stretch, { phases, fromMicros }: Beginning): readonly ExportedSignal[] {
	const evaluator = createEvaluator();
	const signals: ExportedSignal[] = [];
	let seq = 0;
	const run = (record: { topic: 'points' | 'commands'; bytes: Uint8Array }) => {
		for (const verdict of evaluator.evaluate({ ...record, seq: ++seq })) {
			if (verdict.type !== 'signal') continue;
			const { tMicros: t, spanFromMicros: spanFrom, ...signal } = verdict.signal;
			signals.push({ ...signal, t, spanFrom });
		}
	};
	const tell = (command: Command) => run({ topic: 'commands', bytes: encodeCommand(command) });
	let held: { stream: number; tMicros: number; v: number; quality: Quality }[] = [];
	const flush = () => {
		if (held.length > 0)
			run({ topic: 'points', bytes: encodeRowsRecord(held, { receivedMicros: 0, historical: true }) });
		held = [];
	};
	const { site, key, labels, asset, kind, unit } = stream;
	const name = { id: STREAM, site, key, labels, asset, kind, unit };
	let phase = 0;
	let gap = 0;
	for (const [tMicros, v, quality, flags] of stream.points) {
		if (!isJudged(flags) || (phases.length > 1 && tMicros < fromMicros)) continue;
		for (; phase < phases.length && (phases[phase]?.fromMicros ?? Infinity) <= tMicros; phase++) {
			flush();
			tell({ type: 'stream', stream: name, plan: phases[phase]!.plan, planRevision: phase + 1 });
		}
		if (phase === 0) continue;
		for (; (stream.gaps[gap]?.[0] ?? Infinity) < tMicros; gap++) {
			const [from, to, reason] = stream.gaps[gap]!;
			flush();
			tell({ type: 'gap', streamId: STREAM, fromMicros: from, toMicros: to, reason });
		}
		held.push({ stream: STREAM, tMicros, v, quality: quality as Quality });
		if (held.length >= POINTS_PER_RECORD) flush();
	}
	flush();
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
