import type { Chart } from '#contracts/chart.ts';
import { plotsValues } from '#contracts/charted.ts';
import { RetriableError } from '#contracts/error.ts';
import type { Limits } from '#contracts/limits.ts';
import type { Plan } from '#contracts/plan.ts';
import { FLAG, QUALITY, type Gap, type PointColumns } from '#contracts/point.ts';
import type { Signal } from '#contracts/verdict.ts';
import type { EngineView, PlottedWindow } from '../engine/port.ts';
import type { Metadata } from '../metadata/port.ts';
import type { Store } from '../store/port.ts';
import type { Subscribed } from './subscription.ts';

const INDIVIDUALS: Chart = 'i';
const MOVING_RANGE: Chart = 'mr';

/** What stands before the engine's own windows, from the store. */
export interface Older {
	/** It fits before windows whose first t lies in here: before those that were there when this was read. */
	readonly fits: { readonly fromMicros: number; readonly toMicros: number };
	readonly windows: readonly PlottedWindow[];
}

export interface HistoryPorts {
	readonly engine: EngineView;
	readonly store: Pick<Store, 'lastPoints' | 'signals' | 'gaps'>;
	readonly metadata: Pick<Metadata, 'limits'>;
}

/** @returns undefined when the engine's window is enough, nothing before it can be drawn, or the store does not answer */
export async function readOlder(
	ports: HistoryPorts,
	{ stream, plan }: Subscribed,
	wanted: number,
): Promise<Older | undefined> {
	// Means, scores and sums cannot be had from stored points without the whole chain before them.
	if (!plotsValues(plan)) return undefined;
	const window = ports.engine.windows(stream.id, 0, wanted).find((one) => one.chart === INDIVIDUALS);
	const last = ports.engine.lastMicros(stream.id);
	if (!window?.truncated || last === undefined || window.tMicros.length >= wanted) return undefined;
	const beforeMicros = window.tMicros[0] ?? last + 1;
	try {
		const points = await ports.store.lastPoints(stream.id, wanted - window.tMicros.length, beforeMicros);
		const [fromMicros, toMicros] = [points.tMicros[0], points.tMicros.at(-1)];
		if (fromMicros === undefined || toMicros === undefined) return undefined;
		const range = { streamId: stream.id, fromMicros, toMicros };
		const [signals, gaps] = await Promise.all([ports.store.signals(range), ports.store.gaps(range)]);
		const fits = { fromMicros: beforeMicros, toMicros: window.tMicros[0] ?? Infinity };
		return { fits, windows: plotted({ points, signals, gaps, plan }) };
	} catch (error) {
		if (error instanceof RetriableError) return undefined;
		throw error;
	}
}

interface Stored {
	readonly points: PointColumns;
	readonly signals: readonly Signal[];
	readonly gaps: readonly Gap[];
	readonly plan: Plan;
}

/** What the charts of individuals and their ranges plotted of stored points. A late point was never judged: it has no range. */
export function plotted({ points, signals, gaps, plan }: Stored): PlottedWindow[] {
	const least = plan.admit === 'good' ? QUALITY.good : QUALITY.uncertain;
	const values: number[] = [];
	const ranges: number[] = [];
	let before = NaN;
	let gap = 0;
	points.tMicros.forEach((t, i) => {
		const v = points.v[i]!;
		while (gap < gaps.length && gaps[gap]!.fromMicros <= t) {
			before = NaN;
			gap++;
		}
		const bad = points.quality[i]! < least;
		const late = (points.flags[i]! & FLAG.late) !== 0;
		values.push(bad ? NaN : v);
		ranges.push(bad || late ? NaN : Math.abs(v - before));
		if (bad) before = NaN;
		else if (!late) before = v;
	});
	return [windowOf(INDIVIDUALS, values, { points, signals }), windowOf(MOVING_RANGE, ranges, { points, signals })];
}

function windowOf(
	chart: Chart,
	values: readonly number[],
	{ points, signals }: Pick<Stored, 'points' | 'signals'>,
): PlottedWindow {
	const bits = new Map<number, number>();
	for (const signal of signals)
		if (signal.chart === chart && typeof signal.rule === 'number')
			bits.set(signal.tMicros, (bits.get(signal.tMicros) ?? 0) | (1 << (signal.rule - 1)));
	const at = [...values.keys()].filter((i) => !Number.isNaN(values[i]));
	return {
		chart,
		tMicros: Float64Array.from(at, (i) => points.tMicros[i]!),
		v: Float64Array.from(at, (i) => values[i]!),
		signals: Uint16Array.from(at, (i) => bits.get(points.tMicros[i]!) ?? 0),
		quality: Uint8Array.from(at, (i) => points.quality[i]!),
		flags: Uint8Array.from(at, (i) => points.flags[i]!),
		seq: new Float64Array(at.length),
		truncated: true,
	};
}

/** Limits in force, and where the charts reach further back those that were in force before. */
export async function readLimits(ports: HistoryPorts, streamId: number, wanted: number): Promise<readonly Limits[]> {
	const inForce = ports.engine.limits(streamId);
	const [window] = ports.engine.windows(streamId, 0, wanted);
	const more = window !== undefined && window.truncated && window.tMicros.length < wanted;
	const first = more ? -Infinity : (window?.tMicros[0] ?? Infinity);
	if (!inForce.some((limits) => limits.fromMicros > first)) return inForce;
	const known = new Set(inForce.map((limits) => limits.id));
	const all = await ports.metadata.limits.of(streamId);
	return [...all.filter((limits) => !known.has(limits.id)), ...inForce];
}

/**
 * A stream's windows with what stands before them, for a snapshot.
 *
 * @param range of each chart the newest `wanted` points that came with a record up to `toSeq`
 */
export function windowsUpTo(
	own: readonly PlottedWindow[],
	older: Older | undefined,
	range: { readonly wanted: number; readonly toSeq: number },
): readonly PlottedWindow[] {
	const first = own.find(({ chart }) => chart === INDIVIDUALS)?.tMicros[0] ?? older?.fits.fromMicros ?? NaN;
	const fits = older !== undefined && first >= older.fits.fromMicros && first <= older.fits.toMicros;
	return own.flatMap((window) => {
		const end = countUpTo(window.seq, range.toSeq);
		const mine = cut(window, Math.max(0, end - range.wanted), end);
		const before = fits ? older.windows.find(({ chart }) => chart === window.chart) : undefined;
		return before ? [before, mine] : [mine];
	});
}

function countUpTo(seq: Float64Array, toSeq: number): number {
	let end = seq.length;
	while (end > 0 && seq[end - 1]! > toSeq) end--;
	return end;
}

function cut(window: PlottedWindow, start: number, end: number): PlottedWindow {
	return {
		...window,
		tMicros: window.tMicros.subarray(start, end),
		v: window.v.subarray(start, end),
		signals: window.signals.subarray(start, end),
		quality: window.quality.subarray(start, end),
		flags: window.flags.subarray(start, end),
		seq: window.seq.subarray(start, end),
	};
}
