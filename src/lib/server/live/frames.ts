import { chartCode } from '#contracts/chart.ts';
import { createFrame, type LivePoint, type LiveText } from '#contracts/live.ts';
import type { PlottedWindow } from '../engine/port.ts';
import { packetOf, type Packet } from './packet.ts';

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
export const POINTS_PER_FRAME = 8192;

/** A stretch of a slice that goes into one frame. */
interface Run extends Slice {
	readonly from: number;
	readonly to: number;
}

/** Encodes one frame after the other, when it is asked for: a long snapshot never lies in memory as a whole. */
export function* framesOf(slices: Iterable<Slice>, batch: Batch, format: Format): Generator<Packet, undefined> {
	const encode = format === 'binary' ? encodeBinary : encodeJson;
	let runs: Run[] = [];
	let room = POINTS_PER_FRAME;
	for (const slice of slices) {
		for (let from = 0; from < slice.window.tMicros.length;) {
			if (room === 0) {
				yield encode(runs, { ...batch, seq: batch.beforeSeq });
				runs = [];
				room = POINTS_PER_FRAME;
			}
			const to = Math.min(slice.window.tMicros.length, from + room);
			runs.push({ ...slice, from, to });
			room -= to - from;
			from = to;
		}
	}
	yield encode(runs, batch);
}

function encodeBinary(runs: readonly Run[], header: Batch): Packet {
	const frame = createFrame(
		header,
		runs.reduce((sum, { from, to }) => sum + to - from, 0),
	);
	for (const run of runs) {
		const chart = chartCode(run.window.chart);
		for (let i = run.from; i < run.to; i++) frame.add(pointAt(run, i, chart));
	}
	return packetOf(frame.bytes);
}

function encodeJson(runs: readonly Run[], { kind, tickMs, seq }: Batch): Packet {
	const points = runs.flatMap((run) => {
		const chart = chartCode(run.window.chart);
		return Array.from({ length: run.to - run.from }, (_, i) => pointAt(run, run.from + i, chart));
	});
	// The same tick as in the binary header.
	return packetOf(JSON.stringify({ frame: { kind, tickMs: tickMs >>> 0, seq, points } } satisfies LiveText));
}

function pointAt({ index, window }: Slice, i: number, chart: number): LivePoint {
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
