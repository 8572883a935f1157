import { WebSocket } from 'ws';
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
import { viewOf } from '#contracts/rows.ts';
import { OWNER_KEY, type Hub } from '#server/http/testing/hub.ts';
import { until } from '#tests/support/until.ts';

type Part<K extends string> = Extract<LiveText, Record<K, unknown>> extends Record<K, infer V> ? V : never;

/** A reader of the live protocol that keeps all it is sent. */
export interface LiveClient {
	readonly socket: WebSocket;
	readonly texts: LiveText[];
	readonly frames: { readonly header: FrameHeader; readonly points: readonly LivePoint[] }[];
	/** What it heard, in order: `welcome`, `snapshot`, `event`, `error`, or `frame 1`. */
	readonly order: string[];
	hello(hello: LiveHello['hello']): void;
	/** The newest text of this kind. */
	last<K extends 'welcome' | 'snapshot' | 'event' | 'error'>(kind: K): Part<K> | undefined;
	/** Points of one chart in the order in which they came. */
	points(chart: number, index?: number): LivePoint[];
	/** Position of the newest frame of points. */
	seq(): number;
	/** Waits until everything judged so far has been said to be complete. */
	complete(hub: Hub): Promise<void>;
	close(): Promise<void>;
	readonly closed: Promise<{ readonly code: number }>;
}

export async function openLive(hub: Hub, key = OWNER_KEY): Promise<LiveClient> {
	const socket = new WebSocket(`ws://127.0.0.1:${hub.port}/api/v1/live`, {
		headers: { authorization: `Bearer ${key}` },
	});
	const texts: LiveText[] = [];
	const frames: LiveClient['frames'] = [];
	const order: string[] = [];
	const keep = (frame: LiveClient['frames'][number]) => {
		frames.push(frame);
		order.push(`frame ${frame.header.kind}`);
	};
	socket.on('message', (data: Buffer, isBinary) => {
		if (isBinary) return keep(readFrame(data));
		const text = JSON.parse(data.toString()) as LiveText;
		if ('frame' in text) {
			const { points, ...header } = text.frame;
			return keep({ header: { ...header, count: points.length }, points });
		}
		texts.push(text);
		order.push(Object.keys(text)[0] ?? '');
	});
	const closed = new Promise<{ code: number }>((resolve) => socket.on('close', (code) => resolve({ code })));
	socket.on('error', () => undefined);
	await new Promise((resolve) => socket.once('open', resolve));
	const seq = () => frames.findLast(({ header }) => header.kind === FRAME_KIND.points)?.header.seq ?? 0;
	return {
		socket,
		texts,
		frames,
		order,
		closed,
		hello: (hello) => socket.send(JSON.stringify({ hello })),
		last: <K extends string>(kind: K) =>
			(texts.findLast((text) => kind in text) as Record<K, Part<K>> | undefined)?.[kind],
		points: (chart, index = 0) =>
			frames.flatMap(({ points }) => points).filter((point) => point.chart === chart && point.index === index),
		seq,
		async complete(hub) {
			const target = hub.engine.position();
			await until(() => seq() >= target);
		},
		async close() {
			socket.terminate();
			await closed;
		},
	};
}

function readFrame(data: Buffer): LiveClient['frames'][number] {
	const view = viewOf(data);
	const header = readFrameHeader(view);
	const points = Array.from({ length: header.count }, (_, i) =>
		readFramePoint(view, FRAME_HEADER_BYTES + i * FRAME_POINT_BYTES),
	);
	return { header, points };
}
