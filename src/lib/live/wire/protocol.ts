import {
	FRAME_HEADER_BYTES,
	FRAME_KIND,
	FRAME_POINT_BYTES,
	readFrameHeader,
	readFramePoint,
	type FrameHeader,
	type LiveHello,
	type LivePoint,
	type LiveText,
} from '#contracts/live.ts';
import type { RingNeed } from './rings.ts';

export interface Resume {
	readonly epoch: string;
	readonly seq: number;
}

/** What one hello asked for; frames after its welcome count streams by `streams`. */
export interface Request {
	readonly streams: readonly string[];
	readonly needs: ReadonlyMap<string, RingNeed>;
	readonly window: number;
	readonly rateHz: number;
}

const MAX_WINDOW = 2000;

/** What several parts of a page want to see, each a set of streams. */
export interface Interest {
	readonly streams: readonly string[];
	readonly need: RingNeed;
	/** Frames per second that are worth drawing. */
	readonly rateHz: number;
}

/** All interests as one request: every stream once, with the most that anybody wants of it. */
export function requestOf(interests: Iterable<Interest>): Request {
	const needs = new Map<string, RingNeed>();
	let rateHz = 1;
	let window = 1;
	for (const interest of interests) {
		rateHz = Math.max(rateHz, interest.rateHz);
		for (const stream of interest.streams) {
			needs.set(stream, widest(needs.get(stream), interest.need));
			window = Math.max(window, interest.need.points);
		}
	}
	return { streams: [...needs.keys()].sort(), needs, window: Math.min(window, MAX_WINDOW), rateHz };
}

function widest(a: RingNeed | undefined, b: RingNeed): RingNeed {
	if (!a) return b;
	return { points: Math.max(a.points, b.points), charts: [...new Set([...a.charts, ...b.charts])] };
}

/** @returns true when the server would be asked for nothing that it does not send already */
export function sameRequest(a: Request | undefined, b: Request): boolean {
	return (
		a !== undefined &&
		a.window === b.window &&
		a.rateHz === b.rateHz &&
		a.streams.length === b.streams.length &&
		a.streams.every((stream, i) => stream === b.streams[i] && sameNeed(a.needs.get(stream), b.needs.get(stream)))
	);
}

function sameNeed(a: RingNeed | undefined, b: RingNeed | undefined): boolean {
	return a?.points === b?.points && a?.charts.length === b?.charts.length;
}

export function encodeHello(request: Request, resume: Resume | undefined): string {
	const { streams, rateHz, window } = request;
	const hello: LiveHello = {
		hello: { streams: [...streams], rateHz, window, format: 'binary', ...(resume && { resume }) },
	};
	return JSON.stringify(hello);
}

/** @returns undefined when it is none of the messages that we know: a newer server may say more */
export function parseText(text: string): LiveText | undefined {
	try {
		const message: unknown = JSON.parse(text);
		return typeof message === 'object' && message !== null ? (message as LiveText) : undefined;
	} catch {
		return undefined;
	}
}

/** @throws RangeError when the bytes are no frame of this version */
export function readFrame(bytes: ArrayBuffer, onPoint: (point: LivePoint) => void): FrameHeader {
	const view = new DataView(bytes);
	const header = readFrameHeader(view);
	for (let i = 0; i < header.count; i++) onPoint(readFramePoint(view, FRAME_HEADER_BYTES + i * FRAME_POINT_BYTES));
	return header;
}

export function isSnapshot(header: FrameHeader): boolean {
	return header.kind === FRAME_KIND.snapshot;
}
