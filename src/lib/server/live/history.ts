import type { Chart } from '#contracts/chart.ts';
import { RetriableError } from '#contracts/error.ts';
import type { Limits } from '#contracts/limits.ts';
import type { PointColumns } from '#contracts/point.ts';
import type { Signal } from '#contracts/verdict.ts';
import type { EngineView, PlottedWindow } from '../engine/port.ts';
import type { Metadata } from '../metadata/port.ts';
import type { Store } from '../store/port.ts';

/** The chart that plots every point by itself: what the store has of a stream is what it plotted. */
const INDIVIDUALS: Chart = 'i';

/** What stands before the engine's own window, from the store. */
export interface Older {
	/** It fits before a window whose first t lies in here: before the one that was there when this was read. */
	readonly fits: { readonly fromMicros: number; readonly toMicros: number };
	readonly window: PlottedWindow;
}

export interface HistoryPorts {
	readonly engine: EngineView;
	readonly store: Pick<Store, 'lastPoints' | 'signals'>;
	readonly metadata: Pick<Metadata, 'limits'>;
}

/** @returns undefined when the engine's window is enough, there is nothing before it, or the store does not answer */
export async function readOlder(ports: HistoryPorts, streamId: number, wanted: number): Promise<Older | undefined> {
	const window = ports.engine.windows(streamId).find((one) => one.chart === INDIVIDUALS);
	const last = ports.engine.lastMicros(streamId);
	if (!window?.truncated || last === undefined || window.tMicros.length >= wanted) return undefined;
	const beforeMicros = window.tMicros[0] ?? last + 1;
	try {
		const points = await ports.store.lastPoints(streamId, wanted - window.tMicros.length, beforeMicros);
		const [fromMicros, toMicros] = [points.tMicros[0], points.tMicros.at(-1)];
		if (fromMicros === undefined || toMicros === undefined) return undefined;
		const signals = await ports.store.signals({ streamId, fromMicros, toMicros });
		const fits = { fromMicros: beforeMicros, toMicros: window.tMicros[0] ?? Infinity };
		return { fits, window: plotted(points, signals) };
	} catch (error) {
		if (error instanceof RetriableError) return undefined;
		throw error;
	}
}

function plotted(points: PointColumns, signals: readonly Signal[]): PlottedWindow {
	const bits = new Map<number, number>();
	for (const { chart, rule, tMicros } of signals)
		if (chart === INDIVIDUALS && typeof rule === 'number')
			bits.set(tMicros, (bits.get(tMicros) ?? 0) | (1 << (rule - 1)));
	return {
		...points,
		chart: INDIVIDUALS,
		signals: Uint16Array.from(points.tMicros, (t) => bits.get(t) ?? 0),
		seq: new Float64Array(points.tMicros.length),
		truncated: true,
	};
}

/** Limits in force, and where the charts reach further back those that were in force before. */
export async function readLimits(ports: HistoryPorts, streamId: number): Promise<readonly Limits[]> {
	const inForce = ports.engine.limits(streamId);
	const first = ports.engine.windows(streamId)[0]?.tMicros[0] ?? Infinity;
	if (!inForce.some((limits) => limits.fromMicros > first)) return inForce;
	const known = new Set(inForce.map((limits) => limits.id));
	const all = await ports.metadata.limits.of(streamId);
	return [...all.filter((limits) => !known.has(limits.id)), ...inForce];
}

/** Older points before the window's own, of these the newest `wanted` that came with a record up to `toSeq`. */
export function windowUpTo(
	own: PlottedWindow,
	older: Older | undefined,
	range: { readonly wanted: number; readonly toSeq: number },
): readonly PlottedWindow[] {
	const end = countUpTo(own.seq, range.toSeq);
	const start = Math.max(0, end - range.wanted);
	return older && fitsBefore(older, own) ? [older.window, cut(own, start, end)] : [cut(own, start, end)];
}

function fitsBefore({ fits }: Older, own: PlottedWindow): boolean {
	const first = own.tMicros[0] ?? fits.fromMicros;
	return own.chart === INDIVIDUALS && first >= fits.fromMicros && first <= fits.toMicros;
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
