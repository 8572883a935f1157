import type { Limits } from './limits.ts';
import type { StreamState } from './stream.ts';
import type { ApiViolation } from './api.ts';

/**
 * The live protocol (`GET /api/v1/live`, WebSocket).
 *
 * The client says hello with stream ids; the server answers welcome, a text message `snapshot` with limits, states and
 * active violations, then the points: all that it has in frames of kind `snapshot`, or on a resume those since. Then
 * one frame per tick while something is plotted. A frame of kind `points` is complete up to its `seq`; an empty one
 * says only that.
 *
 * A further hello on the same socket replaces the one before (other streams came into view): welcome and snapshot
 * follow again, and every frame after that welcome counts its streams by the new hello.
 */
export type { LiveHello } from './live-hello.ts';

type LiveEventType =
	| 'violation.opened'
	| 'violation.updated'
	| 'violation.ended'
	| 'violation.acknowledged'
	| 'violation.resolved'
	| 'limits'
	| 'stream';

/** As the engine has them, without a copy per reader: `streamId` is a number and times are integer microseconds. */
export type LiveLimits = Limits;

/** How far a stream is with learning its limits. */
export interface Learning {
	readonly points: number;
	readonly wanted: number;
}

export interface LiveState {
	readonly stream: string;
	readonly state: StreamState;
	/** The plan's expected interval; left out when it has none. */
	readonly expectMs?: number;
	/** Only in state learning. */
	readonly learning?: Learning;
}

export type LiveText =
	| {
			readonly welcome: {
				readonly epoch: string;
				/** What the client has is complete up to here: the resumed position, or 0 when a snapshot follows. */
				readonly seq: number;
				/** As long as the hello's list; empty where there is no such stream for this reader, or it was named before. */
				readonly streams: readonly string[];
				readonly resumed: boolean;
			};
	  }
	/**
	 * What is so now: replaces what the client knows of limits, states and violations of the streams in `states`. Comes
	 * after every welcome, and again when the client was too slow to be told everything.
	 */
	| {
			readonly snapshot: {
				/** Streams whose points the client drops: all that are to be shown follow in `snapshot` frames. */
				readonly replacesPoints: readonly string[];
				readonly limits: readonly LiveLimits[];
				readonly states: readonly LiveState[];
				readonly violations: readonly ApiViolation[];
			};
	  }
	| {
			readonly event: {
				readonly type: LiveEventType;
				readonly violation?: ApiViolation;
				readonly limits?: LiveLimits;
				readonly stream?: string;
				readonly state?: StreamState;
				readonly learning?: Learning;
			};
	  }
	/** Format json: the content of a binary frame. */
	| {
			readonly frame: {
				readonly kind: number;
				readonly tickMs: number;
				readonly seq: number;
				readonly points: readonly LivePoint[];
			};
	  }
	| { readonly error: { readonly detail: string } };

export interface LivePoint {
	/** Index into the streams of the hello. */
	readonly index: number;
	/** Rules completed at this point, by the bits of ./chart.ts. */
	readonly signals: number;
	/** QUALITY and FLAG of ./point.ts. */
	readonly quality: number;
	readonly flags: number;
	/** Chart code (./chart.ts). */
	readonly chart: number;
	readonly tMicros: number;
	/** In the stream's unit. */
	readonly v: number;
}

export const FRAME_KIND = { points: 1, snapshot: 2 } as const;
const FRAME_VERSION = 1;
export const FRAME_HEADER_BYTES = 16;
export const FRAME_POINT_BYTES = 24;
/** `count` is a u16: longer batches take several frames, all but the last with the seq of the one before the batch. */
const FRAME_MAX_POINTS = 65_535;

export interface FrameHeader {
	/** One of FRAME_KIND. */
	readonly kind: number;
	/** Points that follow. */
	readonly count: number;
	/** Milliseconds of the server's clock modulo 2^32. */
	readonly tickMs: number;
	/** The journal position that this frame is complete up to. */
	readonly seq: number;
}

/** u8 version, u8 kind, u16 count, u32 tickMs, u64 seq; little endian like the points. */
function writeFrameHeader(view: DataView, header: FrameHeader): void {
	view.setUint8(0, FRAME_VERSION);
	view.setUint8(1, header.kind);
	view.setUint16(2, header.count, true);
	view.setUint32(4, header.tickMs >>> 0, true);
	view.setBigUint64(8, BigInt(header.seq), true);
}

/** One point at byte `at`: u16 index, u16 signals, u8 quality, u8 flags, u16 chart, f64 tMicros, f64 v. */
function writeFramePoint(view: DataView, at: number, point: LivePoint): void {
	view.setUint16(at, point.index, true);
	view.setUint16(at + 2, point.signals, true);
	view.setUint8(at + 4, point.quality);
	view.setUint8(at + 5, point.flags);
	view.setUint16(at + 6, point.chart, true);
	view.setFloat64(at + 8, point.tMicros, true);
	view.setFloat64(at + 16, point.v, true);
}

/**
 * A frame of so many points, to be added one by one; without them it is no frame yet.
 *
 * @throws RangeError with more points than a frame can count; the sender cuts its batches
 */
export function createFrame(
	header: Omit<FrameHeader, 'count'>,
	count: number,
): { readonly bytes: Uint8Array; add(point: LivePoint): void } {
	if (count > FRAME_MAX_POINTS)
		throw new RangeError(`cannot encode live frame: ${count} points; ${FRAME_MAX_POINTS} fit`);
	const bytes = new Uint8Array(FRAME_HEADER_BYTES + count * FRAME_POINT_BYTES);
	const view = new DataView(bytes.buffer);
	writeFrameHeader(view, { ...header, count });
	let at = FRAME_HEADER_BYTES;
	return {
		bytes,
		add(point) {
			writeFramePoint(view, at, point);
			at += FRAME_POINT_BYTES;
		},
	};
}

/** @throws RangeError like createFrame */
export function encodeFrame(header: Omit<FrameHeader, 'count'>, points: readonly LivePoint[]): Uint8Array {
	const frame = createFrame(header, points.length);
	points.forEach(frame.add);
	return frame.bytes;
}

/** @throws RangeError when the frame is of another version or its length is not what its count says */
export function readFrameHeader(view: DataView): FrameHeader {
	if (view.byteLength < FRAME_HEADER_BYTES)
		throw new RangeError(`cannot read live frame: ${view.byteLength} bytes are no header`);
	const version = view.getUint8(0);
	if (version !== FRAME_VERSION) throw new RangeError(`cannot read live frame: version ${version}`);
	const count = view.getUint16(2, true);
	if (view.byteLength !== FRAME_HEADER_BYTES + count * FRAME_POINT_BYTES)
		throw new RangeError(`cannot read live frame: ${view.byteLength} bytes for ${count} points`);
	return { kind: view.getUint8(1), count, tickMs: view.getUint32(4, true), seq: Number(view.getBigUint64(8, true)) };
}

/** The point at byte `at`, laid out as writeFramePoint does. */
export function readFramePoint(view: DataView, at: number): LivePoint {
	return {
		index: view.getUint16(at, true),
		signals: view.getUint16(at + 2, true),
		quality: view.getUint8(at + 4),
		flags: view.getUint8(at + 5),
		chart: view.getUint16(at + 6, true),
		tMicros: view.getFloat64(at + 8, true),
		v: view.getFloat64(at + 16, true),
	};
}
