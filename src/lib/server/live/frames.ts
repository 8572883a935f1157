import { chartCode } from '#contracts/chart.ts';
import { encodeFrame, type LivePoint, type LiveText } from '#contracts/live.ts';
import type { PlottedWindow } from '../engine/port.ts';

/** What one chart of one stream plotted. */
export interface Slice {
	/** Of the stream, in the hello's list. */
	readonly index: number;
	readonly window: PlottedWindow;
}

export type Format = 'binary' | 'json';

/** Of the frames of one batch: all but the last say that they are complete up to `beforeSeq`, the last up to `seq`. */
export interface Batch {
	readonly kind: number;
	readonly tickMs: number;
	readonly beforeSeq: number;
	readonly seq: number;
}

/** About 200 kB: small enough to stop between two when a reader is slow. */
const POINTS_PER_FRAME = 8192;

/** Encodes one frame after the other, when it is asked for: a long snapshot never lies in memory as a whole. */
export function* framesOf(
	slices: Iterable<Slice>,
	batch: Batch,
	format: Format,
): Generator<string | Uint8Array, undefined> {
	let points: LivePoint[] = [];
	for (const { index, window } of slices) {
		const chart = chartCode(window.chart);
		for (let i = 0; i < window.tMicros.length; i++) {
			if (points.length === POINTS_PER_FRAME) {
				yield encode(points, { ...batch, seq: batch.beforeSeq }, format);
				points = [];
			}
			points.push(pointAt(window, i, index, chart));
		}
	}
	yield encode(points, batch, format);
}

function pointAt(window: PlottedWindow, i: number, index: number, chart: number): LivePoint {
	return {
		index,
		signals: window.signals[i]!,
		quality: window.quality[i]!,
		flags: window.flags[i]!,
		chart,
		tMicros: window.tMicros[i]!,
		v: window.v[i]!,
	};
}

function encode(points: readonly LivePoint[], batch: Batch, format: Format): string | Uint8Array {
	const { kind, tickMs, seq } = batch;
	if (format === 'binary') return encodeFrame({ kind, tickMs, seq }, points);
	// The same tick as in the binary header.
	return JSON.stringify({ frame: { kind, tickMs: tickMs >>> 0, seq, points } } satisfies LiveText);
}
