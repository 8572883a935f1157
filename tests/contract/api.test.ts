import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ApiList, ApiPoints, ApiStream, ApiViolation } from '#contracts/api.ts';
import { encodeBatch } from '#contracts/collect.ts';
import { ROW_BYTES, viewOf, writeRow } from '#contracts/rows.ts';
import { removeFolder, startProduct, type Product } from '../product.ts';
import { until } from '../support/until.ts';

/** The names and shapes that other programs rely on, written down apart from our own schemas and types. */
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}(\d{3})?)?Z$/) as string;
const TEXT = expect.any(String) as string;
const NUMBER = expect.any(Number) as number;
const STATE = expect.stringMatching(/^(learning|in-control|violating|no-data|bad-quality|not-judged)$/) as string;
const LABELS = { line: 'a' };
const START = Date.UTC(2024, 0, 1) * 1000;
const OUTLIER = START + 110e6;
const COUNT = 140;

let product: Product;
let stream: ApiStream;

/** Calm up and down without a pattern that a rule knows, and one point far out. */
function valueAt(i: number): number {
	return i === 110 ? 40 : 10 + (((i * 7919) % 101) - 50) / 100;
}

beforeAll(async () => {
	product = await startProduct();
	const lines = Array.from({ length: COUNT }, (_, i) =>
		JSON.stringify({ stream: 'press-1/temperature', t: START + i * 1e6, v: valueAt(i), unit: '°C', labels: LABELS }),
	);
	expect(await (await post('/api/v1/points', lines.join('\n'))).json()).toStrictEqual(taken(COUNT));
	stream = await until(async () => {
		const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?key=press-1/temperature');
		return items.find(({ state, openViolations }) => state === 'in-control' && openViolations > 0);
	});
});
afterAll(async () => {
	await product.stop();
	removeFolder(product.dataFolder);
});

function post(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
	return product.request(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
}

function taken(accepted: number) {
	return { accepted, duplicates: 0, refused: 0, errors: [] };
}

const STREAM = {
	id: TEXT,
	key: 'press-1/temperature',
	labels: LABELS,
	site: 'default',
	asset: 'press-1',
	kind: 'machine',
	unit: '°C',
	state: STATE,
	last: { t: TIME, v: NUMBER, quality: 192 },
	openViolations: NUMBER,
};

const VIOLATION = {
	id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
	stream: { id: TEXT, key: 'press-1/temperature', labels: LABELS, site: 'default', unit: '°C' },
	chart: 'i',
	rule: 1,
	side: 'above',
	firstAt: '2024-01-01T00:01:50Z',
	lastAt: '2024-01-01T00:01:50Z',
	endedAt: '2024-01-01T00:01:51Z',
	// Beside the fixed names: where the pattern of the first signal began.
	spanFrom: '2024-01-01T00:01:50Z',
	active: false,
	state: 'open',
	severity: 'warning',
	points: 1,
	value: 40,
	centre: NUMBER,
	sigma: NUMBER,
	limitsId: TEXT,
	revision: NUMBER,
	context: {
		before: Array<object>(10).fill({ t: TIME, v: NUMBER }),
		at: [{ t: '2024-01-01T00:01:50Z', v: 40 }],
		after: Array<object>(10).fill({ t: TIME, v: NUMBER }),
		complete: true,
	},
	metrics: {},
	cause: null,
	assignee: null,
};

async function problemOf(response: Response) {
	expect(response.headers.get('content-type')).toBe('application/problem+json');
	const body = (await response.json()) as { status: number };
	expect(body.status).toBe(response.status);
	return body;
}

async function outlier(): Promise<ApiViolation> {
	const found = await until(async () => {
		const { items } = await product.get<ApiList<ApiViolation>>(`/api/v1/violations?stream=${stream.id}&rule=1`);
		return items.find(({ chart, context }) => chart === 'i' && context.complete);
	});
	return found;
}

describe('POST /api/v1/points', () => {
	it('answers 400 with errors when nothing was good', async () => {
		const response = await post('/api/v1/points', '{"stream":"a","v":null}');
		expect(await problemOf(response)).toStrictEqual({
			type: TEXT,
			title: 'Bad Request',
			status: 400,
			detail: TEXT,
			errors: [{ path: 'line 1', message: '$.v: must be a finite number, not null' }],
		});
	});
	it('counts a resend with the same Idempotency-Key as duplicates', async () => {
		const send = () => post('/api/v1/points', '{"stream":"idem","v":1}', { 'idempotency-key': 'k-1' });
		expect(await (await send()).json()).toStrictEqual(taken(1));
		const again = await send();
		expect([again.status, await again.json()]).toStrictEqual([202, { ...taken(0), duplicates: 1 }]);
	});
});

describe('POST /api/v2/write', () => {
	it('answers 204, and in the words of InfluxDB when a line is bad', async () => {
		expect((await post('/api/v2/write?precision=s', 'press,line=a load=1 1700000000')).status).toBe(204);
		const bad = await post('/api/v2/write?precision=s', 'press,line=a load=2 1700000001\npress load=');
		expect([bad.status, await bad.json()]).toStrictEqual([
			400,
			{ code: 'invalid', message: expect.stringMatching(/^partial write: line 2: /) as string },
		]);
		const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?key=press/load');
		expect(items).toMatchObject([{ key: 'press/load', labels: { line: 'a' } }]);
	});
});

describe('GET /api/v1/streams', () => {
	it('lists streams, paged', async () => {
		const { items, ...rest } = await product.get<ApiList<ApiStream>>('/api/v1/streams?limit=1');
		expect(items).toStrictEqual([STREAM]);
		expect(rest).toStrictEqual({ cursor: TEXT });
	});
	it('has each by its id', async () => expect(await product.get(`/api/v1/streams/${stream.id}`)).toStrictEqual(STREAM));
	it('has no stream that nobody made', async () =>
		expect(await problemOf(await product.request('/api/v1/streams/999999'))).toMatchObject({ status: 404 }));
});

describe('GET /api/v1/streams/{id}/points', () => {
	const read = (query: string) => product.get<ApiPoints>(`/api/v1/streams/${stream.id}/points?${query}`);
	it('answers columns', async () => {
		const points = await read(`from=2024-01-01T00:00:00Z&to=${OUTLIER}`);
		expect(points).toStrictEqual({
			t: Array.from({ length: 111 }, (_, i) => START + i * 1e6),
			v: Array.from({ length: 111 }, (_, i) => valueAt(i)),
			quality: Array<number>(111).fill(192),
			flags: expect.any(Array) as number[],
			gaps: [],
			signals: expect.any(Array) as unknown[],
			limits: expect.any(Array) as unknown[],
			thinned: null,
		});
		expect(points.signals).toContainEqual({ t: OUTLIER, chart: 'i', rule: 1, side: 'above' });
		const limits = { from: NUMBER, centre: NUMBER, sigma: NUMBER, lcl: NUMBER, ucl: NUMBER, limitsId: TEXT };
		expect([...points.limits].sort((a, b) => (a.chart < b.chart ? -1 : 1))).toStrictEqual([
			{ ...limits, chart: 'i' },
			{ ...limits, chart: 'mr' },
		]);
	});
	it('thins on request', async () => {
		const { t, thinned } = await until(async () => {
			const points = await read('last=140&maxPoints=10');
			return points.thinned !== null && points;
		});
		const column = Array<number>(t.length).fill(NUMBER);
		expect(t.length).toBeLessThanOrEqual(10);
		expect(thinned).toStrictEqual({ bucketMicros: NUMBER, min: column, max: column, count: column });
		expect(Math.max(...(thinned?.max ?? []))).toBe(40);
	});
	it('answers 413 that names the ways out', async () => {
		const response = await product.request(`/api/v1/streams/${stream.id}/points?last=1000001`);
		expect(await problemOf(response)).toMatchObject({
			status: 413,
			detail: expect.stringMatching(/maxPoints/) as string,
		});
	});
});

describe('GET /api/v1/streams/{id}/limits', () => {
	it('lists the versions of both charts', async () => {
		const { items } = await product.get<ApiList<object>>(`/api/v1/streams/${stream.id}/limits`);
		expect(items).toHaveLength(2);
		expect(items).toContainEqual({
			limitsId: TEXT,
			chart: 'i',
			from: TIME,
			centre: NUMBER,
			sigma: NUMBER,
			lcl: NUMBER,
			ucl: NUMBER,
			rules: [1, 2, 5, 6],
			method: 'moving-range',
			baseline: { points: 100, excluded: 0, from: TIME, to: TIME },
			notes: [],
			lag1: NUMBER,
		});
	});
});

describe('GET and PUT /api/v1/streams/{id}/plan', () => {
	it('have the object of the configuration file, guarded by If-Match', async () => {
		const path = `/api/v1/streams/${stream.id}/plan`;
		const response = await product.request(path);
		expect(await response.json()).toStrictEqual({
			chart: 'i-mr',
			subgroup: { size: 1 },
			transform: 'none',
			rules: [1, 2, 5, 6],
			baseline: { points: 100 },
			spec: {},
			reorder: '0s',
			admit: 'good',
			falseAlarmsPerDay: 1,
			severity: 'warning',
			reaction: [],
		});
		expect(response.headers.get('etag')).toMatch(/^"\d+"$/);
		const headers = { 'content-type': 'application/json', 'if-match': '"999"' };
		expect(await problemOf(await product.request(path, { method: 'PUT', body: '{}', headers }))).toMatchObject({
			status: 412,
		});
	});
});

describe('GET /api/v1/violations', () => {
	it('lists violations with their context', async () => {
		const violation = await outlier();
		expect(violation).toStrictEqual(VIOLATION);
		expect(await product.get(`/api/v1/violations/${violation.id}`)).toStrictEqual(VIOLATION);
		const filters = 'from=2024-01-01T00:00:00Z&rule=1&state=open&active=false&site=default';
		const { items, cursor } = await product.get<ApiList<ApiViolation>>(`/api/v1/violations?${filters}`);
		expect(items.map(({ id }) => id)).toContain(violation.id);
		expect(cursor).toBeNull();
	});
});

describe('the system', () => {
	it('says who it is and how it is, without a key', async () => {
		expect(await (await fetch(`${product.url}/healthz`)).json()).toStrictEqual({ status: 'ok', version: TEXT });
		const ready = await fetch(`${product.url}/readyz`);
		expect(ready.status).toBe(200);
		expect(await ready.json()).toStrictEqual({
			status: expect.stringMatching(/^(ready|degraded)$/) as string,
			parts: expect.objectContaining({ journal: 'up', engine: 'up' }) as object,
		});
	});
	it('has metrics and a description of itself', async () => {
		expect((await product.request('/metrics')).headers.get('content-type')).toMatch(/^text\/plain/);
		expect(await product.get('/api/openapi.json')).toMatchObject({ openapi: TEXT });
		expect((await product.request('/api/docs')).status).toBe(200);
	});
});

describe('GET /api/v1/live', () => {
	it('welcomes, tells what is so, and brings points as frames', async () => {
		const texts: Record<string, object>[] = [];
		const frames: Buffer[] = [];
		const socket = await connect('/api/v1/live', (data, isBinary) =>
			isBinary ? void frames.push(data) : void texts.push(JSON.parse(data.toString()) as Record<string, object>),
		);
		socket.send(JSON.stringify({ hello: { streams: [stream.id], rateHz: 10, format: 'binary' } }));
		await until(() => frames.length > 1);
		socket.terminate();
		expect(texts[0]).toStrictEqual({ welcome: { epoch: TEXT, seq: 0, streams: [stream.id], resumed: false } });
		expect(Object.keys(texts[1] ?? {})).toEqual(['snapshot']);
		const [first] = frames;
		const count = first?.readUInt16LE(2) ?? 0;
		expect([first?.[0], count, first?.length]).toEqual([1, 2 * COUNT - 1, 16 + 24 * (2 * COUNT - 1)]);
		expect(first?.readDoubleLE(16 + 8)).toBe(START);
		expect(first?.readDoubleLE(16 + 16)).toBe(valueAt(0));
	});
});

describe('GET /api/v1/collect', () => {
	it('takes batches and gaps in sequence, acknowledges each, and remembers how far it is', async () => {
		const hello = {
			hello: { collector: 'edge', epoch: 'e', streams: [{ key: 'edge/x', unit: '', labels: {}, kind: 'machine' }] },
		};
		const said: object[] = [];
		const listen = (data: Buffer) => void said.push(JSON.parse(data.toString()) as object);
		const socket = await connect('/api/v1/collect', listen);
		socket.send(JSON.stringify(hello));
		await until(() => said.length === 1);
		expect(said[0]).toStrictEqual({ welcome: { streams: [0], resumeAfter: 0, maxBytes: NUMBER } });
		const rows = new Uint8Array(ROW_BYTES);
		writeRow(viewOf(rows), 0, { stream: 0, tMicros: START, v: 1, quality: 192 });
		socket.send(encodeBatch({ seq: 1, rows, count: 1, historical: false }));
		const gap = { stream: 0, from: START + 1e6, to: START + 5e6, reason: 'cable' };
		socket.send(JSON.stringify({ seq: 2, gap }));
		await until(() => said.some((one) => 'ack' in one && one.ack === 2));
		socket.send(Uint8Array.of(1, 2, 3));
		await until(() => socket.readyState === WebSocket.CLOSED);

		const again: object[] = [];
		const second = await connect('/api/v1/collect', (data) => void again.push(JSON.parse(data.toString()) as object));
		second.send(JSON.stringify(hello));
		await until(() => again.length > 0);
		second.terminate();
		expect(again[0]).toMatchObject({ welcome: { resumeAfter: 2 } });

		const gaps = await until(async () => {
			const { items } = await product.get<ApiList<ApiStream>>('/api/v1/streams?key=edge/x');
			const points = await product.get<ApiPoints>(`/api/v1/streams/${items[0]?.id}/points?from=0`);
			return points.gaps.length > 0 && points.gaps;
		});
		expect(gaps).toStrictEqual([[gap.from, gap.to, 'cable']]);
	});
});

describe('a point of the past', () => {
	it('is stored and flagged late, and moves no verdict', async () => {
		const before = await outlier();
		const t = OUTLIER - 500_000;
		const point = { stream: 'press-1/temperature', t, v: 99, labels: LABELS };
		expect(await (await post('/api/v1/points', JSON.stringify(point))).json()).toStrictEqual(taken(1));
		const points = await until(async () => {
			const read = await product.get<ApiPoints>(`/api/v1/streams/${stream.id}/points?from=${t}&to=${t}`);
			return read.t.length === 1 && read;
		});
		expect([points.v, points.flags, points.signals]).toStrictEqual([[99], [1], []]);
		expect(await outlier()).toStrictEqual(before);
	});
});

/** With the key; resolves once it is open. */
async function connect(path: string, onMessage: (data: Buffer, isBinary: boolean) => void): Promise<WebSocket> {
	const headers = { authorization: `Bearer ${product.key}` };
	const socket = new WebSocket(product.url.replace('http', 'ws') + path, { headers });
	socket.on('message', (data, isBinary) => onMessage(data as Buffer, isBinary));
	await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
	return socket;
}
