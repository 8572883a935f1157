import { parse } from 'csv-parse/sync';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { parquetReadObjects } from 'hyparquet';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { PNG } from 'pngjs';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { exportCommand } from '../../../cli/commands/export.ts';
import type { ApiList, ApiStream } from '#contracts/api.ts';
import type { ExportFacts } from '#contracts/export.ts';
import type { ApiSession } from '#contracts/recording.ts';
import { createNormal } from '#rules/testing/random.ts';
import { OWNER_KEY, pointsOf, startHub, type Hub } from '#server/http/testing/hub.ts';
import { createStore } from '#server/store/client.ts';
import { startTestServer, type TestServer } from '#server/store/embedded/testing.ts';
import { createStoreWriter } from '#server/store/writer.ts';
import { until } from '#tests/support/until.ts';

interface Point {
	readonly t: number;
	readonly v: number;
}

const COUNT = 1500;
const log = pino({ level: 'silent' });
const now = () => Date.now() * 1000;
/** What a name may still have: a spreadsheet would run it, and CSV has to quote it. */
const HOSTILE = '=HYPERLINK(x,y)&ö';
let folder: string;
let server: TestServer;
let hub: Hub;
let sent: Point[];
let other: Point[];
let ids: { readonly press: string; readonly hostile: string };

beforeAll(async () => {
	server = await startTestServer();
	folder = await mkdtemp(join(tmpdir(), 'export-'));
	const { url, username, password } = server.server;
	const store = createStore({ url, username, password, database: 'sigmascope', log, now });
	await store.migrate();
	const plan = { baseline: { points: 100 }, rules: 'nelson', spec: { lsl: 10, usl: 30 } } as const;
	hub = await startHub({ store, folder, plan });
	const writer = createStoreWriter({ journal: hub.journal, store, partition: 0, log, registry: new Registry(), now });
	writer.start();
	const normal = createNormal(3);
	const values = Array.from({ length: COUNT }, (_, i) => 20 + normal() + (i % 400 > 380 ? 3 : 0));
	sent = pointsOf('press/force', values) as (Point & object)[];
	other = pointsOf(HOSTILE, [0.1, -2e-7, 1e21, 5, 5]) as (Point & object)[];
	await hub.write(sent);
	await hub.write([...other]);
	ids = { press: await hub.streamId('press/force'), hostile: await hub.streamId(HOSTILE) };
	await hub.engine.caughtUp();
	const { lastSeq } = await hub.journal.stats();
	await until(() => writer.position() >= lastSeq);
	await writer.stop();
});
afterAll(async () => {
	await hub.stop();
	await server.stop();
	await rm(folder, { recursive: true });
});

async function exported(query: string): Promise<{ readonly response: Response; readonly bytes: Buffer }> {
	const response = await hub.request(`/api/v1/export?${query}`);
	const bytes = Buffer.from(await response.arrayBuffer());
	if (!response.ok)
		throw new Error(`${response.status} ${bytes.toString()} ${hub.logged.filter((l) => l.includes('err')).at(-1)}`);
	return { response, bytes };
}
const rowsOf = (bytes: Buffer): Record<string, string>[] => parse(bytes, { columns: true });
const micros = (text: string) => Date.parse(text.slice(0, 23) + 'Z') * 1000 + Number(text.slice(23, 26));
const facts = async (query: string) => JSON.parse((await exported(query)).bytes.toString()) as ExportFacts;

/** With the headers that come behind the body, which fetch does not show. */
function trailersOf(
	query: string,
): Promise<{ readonly bytes: Buffer; readonly trailers: IncomingMessage['trailers'] }> {
	return new Promise((resolve, reject) => {
		const headers = { authorization: `Bearer ${OWNER_KEY}` };
		const asked = httpRequest(`${hub.url}/api/v1/export?${query}`, { headers }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('end', () => resolve({ bytes: Buffer.concat(chunks), trailers: response.trailers }));
		});
		asked.on('error', reject).end();
	});
}

describe('points as CSV', () => {
	it('are row for row what was sent', async () => {
		const { bytes, response } = await exported(`streams=${ids.press}&format=csv`);
		const rows = rowsOf(bytes);
		expect(rows.map(({ time, value }) => [micros(time ?? ''), Number(value)])).toEqual(sent.map(({ t, v }) => [t, v]));
		expect(new Set(rows.map(({ stream, quality }) => `${stream} ${quality}`))).toEqual(new Set(['press/force 192']));
		expect(response.headers.get('content-type')).toContain('text/csv');
		expect(response.headers.get('content-disposition')).toContain('filename="press-force-');
	});
	it('hold nothing that a spreadsheet would run, and every number in full', async () => {
		const rows = rowsOf((await exported(`streams=${ids.hostile}&format=csv`)).bytes);
		expect(rows[0]?.['stream']).toBe(`'${HOSTILE}`);
		expect(rows.map(({ value }) => Number(value))).toEqual(other.map(({ v }) => v));
	});
	it('say which rules signalled where', async () => {
		const rows = rowsOf((await exported(`streams=${ids.press}&format=csv`)).bytes);
		const told = rows.flatMap(({ time, signals = '' }) =>
			signals
				.split(' ')
				.filter(Boolean)
				.map((one) => `${micros(time ?? '')} ${one}`),
		);
		const { streams } = await facts(`streams=${ids.press}&format=csv&part=metadata`);
		const known = streams[0]?.signals.map(({ t, chart, rule }) => `${t} ${chart}:${rule}`) ?? [];
		expect(known.length).toBeGreaterThan(20);
		expect(told.sort()).toEqual([...new Set(known)].sort());
	});
	it('go on behind the last row that is there, of the same moment', async () => {
		const whole = (await exported(`streams=${ids.press},${ids.hostile}&format=csv`)).bytes.toString();
		const asOf = encodeURIComponent(
			(await exported(`streams=${ids.press}&format=csv`)).response.headers.get('x-export-as-of') ?? '',
		);
		const lines = whole.split('\n');
		for (const at of [1, 700, COUNT, COUNT + 2]) {
			const row = rowsOf(Buffer.from(`${lines[0]}\n${lines[at]}`))[0];
			const after = `${row?.['stream_id']}:${micros(row?.['time'] ?? '')}`;
			const rest = (await exported(`streams=${ids.press},${ids.hostile}&format=csv&asOf=${asOf}&after=${after}`)).bytes;
			expect(`${lines.slice(0, at + 1).join('\n')}\n${rest.toString()}`).toBe(whole);
		}
	});
	it('end with the digest of all of it', async () => {
		const { bytes, trailers } = await trailersOf(`streams=${ids.press}&format=csv`);
		expect(trailers['repr-digest']).toBe(`sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`);
	});
	it('lead to what is known about them', async () => {
		const { response } = await exported(`streams=${ids.press}&format=csv`);
		const [, path] = /^<([^>]+)>; rel="describedby"/.exec(response.headers.get('link') ?? '') ?? [];
		const described = await hub.get<ExportFacts>(path ?? '');
		expect(described.streams[0]).toMatchObject({ key: 'press/force', plan: { chart: 'i-mr', rules: 'nelson' } });
		expect(described.streams[0]?.limits.map(({ chart }) => chart).sort()).toEqual(['i', 'mr']);
		expect(described.versions).toEqual({ sigmascope: '0.0.0' });
	});
	it('keep to the stretch that was asked for, both ends included', async () => {
		const [from, to] = [sent[10]?.t, sent[20]?.t];
		const rows = rowsOf((await exported(`streams=${ids.press}&format=csv&from=${from}&to=${to}`)).bytes);
		expect(rows).toHaveLength(11);
	});
});

describe('points in other formats', () => {
	it('as Parquet are what was sent, by a reader that is not ours', async () => {
		const { bytes, response } = await exported(`streams=${ids.hostile},${ids.press}&format=parquet`);
		expect(Number(response.headers.get('content-length'))).toBe(bytes.length);
		const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
		const rows = await parquetReadObjects({ file });
		expect(rows).toHaveLength(sent.length + other.length);
		expect(rows.slice(0, COUNT).map(({ time, value }) => [(time as Date).getTime(), value])).toEqual(
			sent.map(({ t, v }) => [Math.floor(t / 1000), v]),
		);
		await until(async () => (await readdir(join(folder, 'exports'))).length === 0);
	});
	it('as JSON have points, signals, limits, violations and a digest together', async () => {
		const { streams } = await facts(`streams=${ids.press}&format=json`);
		const stream = streams[0];
		expect(stream?.points).toEqual(sent.map(({ t, v }) => [t, v, 192, 0]));
		const lines = stream?.points?.map((row) => `${row.join(',')}\n`).join('') ?? '';
		expect(stream?.pointsSha256).toBe(createHash('sha256').update(lines).digest('hex'));
		expect(stream?.violations.length).toBeGreaterThan(0);
	});
	it('as a bundle stand beside metadata, charts and sums that check', async () => {
		const { bytes } = await exported(`streams=${ids.press}&format=csv&bundle=true`);
		const place = await mkdtemp(join(tmpdir(), 'bundle-'));
		await writeFile(join(place, 'b.zip'), bytes);
		execFileSync('python3', ['-m', 'zipfile', '-e', 'b.zip', '.'], { cwd: place });
		expect((await readdir(place)).sort()).toEqual(['SHA256SUMS', 'b.zip', 'charts.svg', 'metadata.json', 'points.csv']);
		expect(execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: place }).toString()).not.toContain('FAILED');
		await rm(place, { recursive: true });
	});
});

describe('charts', () => {
	it('as SVG and PNG show the stream', async () => {
		const svg = (
			await exported(`streams=${ids.press},${ids.hostile}&format=svg&timeZone=Europe/Berlin`)
		).bytes.toString();
		expect(svg).toContain('press/force');
		expect(svg).toContain('&amp;ö');
		const png = PNG.sync.read((await exported(`streams=${ids.press}&format=png&width=900&theme=dark`)).bytes);
		expect(png.width).toBe(900);
	});
});

const hasPoppler = spawnSync('pdftotext', ['-v']).error === undefined;

describe('sessions', () => {
	async function made(body: object): Promise<{ readonly status: number; readonly session: ApiSession }> {
		const headers = { 'content-type': 'application/json' };
		const response = await hub.request('/api/v1/sessions', { method: 'POST', headers, body: JSON.stringify(body) });
		return { status: response.status, session: (await response.json()) as ApiSession };
	}
	const patch = (id: string, body: object) =>
		hub.request(`/api/v1/sessions/${id}`, {
			method: 'PATCH',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});

	it('cut from history keep plan and limits that were in force', async () => {
		const { status, session } = await made({
			name: 'Run 7',
			streams: [ids.press],
			from: sent[0]?.t,
			to: sent.at(-1)?.t,
		});
		expect(status).toBe(201);
		expect(session).toMatchObject({ name: 'Run 7', site: 'default', streams: [{ key: 'press/force' }] });
		expect(session.inForce[0]?.limits).toHaveLength(2);
		const rows = rowsOf((await exported(`session=${session.id}&format=csv`)).bytes);
		expect(rows).toHaveLength(COUNT);
	});
	it('are recorded until somebody ends them', async () => {
		const { session } = await made({ name: 'live', streams: [ids.press, ids.hostile] });
		expect(session.to).toBeNull();
		const ended = (await (
			await patch(session.id, { to: new Date().toISOString(), notes: 'done' })
		).json()) as ApiSession;
		expect(ended.to).not.toBeNull();
		expect(await hub.get(`/api/v1/sessions/${session.id}`)).toEqual(ended);
		expect((await hub.request(`/api/v1/sessions/${session.id}`, { method: 'DELETE' })).status).toBe(204);
		expect((await hub.request(`/api/v1/sessions/${session.id}`)).status).toBe(404);
	});
	it('refuse what cannot be, with the place', async () => {
		const f = async (body: object) => ((await made(body)).session as unknown as { detail: string }).detail;
		expect(await f({ name: ' ', streams: [ids.press] })).toContain('$.name: is empty');
		expect(await f({ name: 'x', streams: [] })).toContain('$.streams: names no stream');
		expect(await f({ name: 'x', streams: [ids.press], from: 1e15 + 20, to: 1e15 })).toContain('$.to: is before from');
		expect(await f({ name: 'x', streams: ['999'] })).toContain('no such stream');
	});
	it('have a report as a page that nothing from outside acts in', async () => {
		const { session } = await made({
			name: '<script>x',
			streams: [ids.press, ids.hostile],
			from: sent[0]?.t,
			to: now(),
			notes: 'a\nb',
		});
		const response = await hub.request(`/api/v1/sessions/${session.id}/report?timeZone=Europe/Berlin`);
		const text = await response.text();
		expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
		expect(text).not.toContain('<script');
		expect(text).toContain('&lt;script&gt;x');
		expect(text).toContain('Capability');
		expect(text.match(/<svg /g)).toHaveLength(2);
	});
	it.skipIf(!hasPoppler)('have a report on paper, read by poppler-utils', async () => {
		const { session } = await made({ name: 'Run 8 Ω', streams: [ids.press, ids.hostile], from: sent[0]?.t, to: now() });
		const { bytes } = await exported(`session=${session.id}&format=pdf&timeZone=Europe/Berlin`);
		const file = join(folder, 'report.pdf');
		await writeFile(file, bytes);
		const text = execFileSync('pdftotext', ['-layout', file, '-']).toString();
		for (const words of ['Run 8 Ω', 'press/force', 'Violations by rule', 'Cpk', 'Individuals', 'HYPERLINK'])
			expect(text).toContain(words);
		expect(execFileSync('pdfimages', ['-list', file]).toString().trim().split('\n')).toHaveLength(2);
	});
});

describe('on the command line', () => {
	const cli = (...args: string[]) => spawnSync(process.execPath, ['src/cli/main.ts', ...args], { encoding: 'utf8' });
	/** In this process: a new one takes seconds, and the hub answers from this thread. */
	const run = (...args: string[]) => exportCommand.run([...args, '--url', hub.url]);
	beforeAll(() => void vi.stubEnv('SIGMASCOPE_API_KEY', OWNER_KEY));
	afterAll(() => void vi.unstubAllEnvs());

	it('goes on where it was, and analyze comes to every signal', async () => {
		const place = join(folder, 'brought');
		const asked = [place, '--streams', 'press/*'];
		expect(await run(...asked)).toBe(0);
		const whole = await readFile(join(place, 'points.csv'), 'utf8');
		const facts = JSON.parse(await readFile(join(place, 'metadata.json'), 'utf8')) as ExportFacts;
		const query = new URLSearchParams({ streams: ids.press, format: 'csv' }).toString();
		await writeFile(join(place, '.export.json'), JSON.stringify({ query, asOf: facts.asOf }));
		await writeFile(join(place, 'points.csv.partial'), whole.slice(0, whole.length / 2));
		await rm(join(place, 'points.csv'));
		expect(await run(...asked)).toBe(0);
		expect(await readFile(join(place, 'points.csv'), 'utf8')).toBe(whole);
		expect(execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: place }).toString()).not.toContain('FAILED');
		const answer = cli('analyze', place, '--json');
		const [stream] = (JSON.parse(answer.stdout) as { streams: { judged: string; expected: number }[] }).streams;
		expect([answer.status, stream?.judged]).toEqual([0, 'whole']);
		expect(stream?.expected).toBeGreaterThan(20);
	});
	it('goes on with JSON in the midst of a stream, to the byte', async () => {
		const place = join(folder, 'documents');
		const asked = [place, '--streams', '*', '--format', 'json'];
		expect(await run(...asked)).toBe(0);
		const file = join(place, 'points.json');
		const whole = await readFile(file, 'utf8');
		const { asOf } = JSON.parse(whole) as ExportFacts;
		const { items } = await hub.get<ApiList<ApiStream>>('/api/v1/streams?key=*&limit=1000');
		const query = new URLSearchParams({ streams: items.map(({ id }) => id).join(','), format: 'json' }).toString();
		for (const end of [whole.indexOf('"points": [') + 20_000, whole.length - 60]) {
			await writeFile(join(place, '.export.json'), JSON.stringify({ query, asOf }));
			await writeFile(`${file}.partial`, whole.slice(0, end));
			await rm(file);
			expect(await run(...asked)).toBe(0);
			expect(await readFile(file, 'utf8')).toBe(whole);
		}
		expect(await hub.registry.metrics()).toMatch(/sigmascope_export_total\{format="json",result="done"\} [3-9]/);
	});
	it('says what is wrong', async () => {
		const place = join(folder, 'nothing');
		await expect(run(place, '--streams', 'no/such')).rejects.toThrow('there is no such stream');
		await expect(run(place, '--session', '999')).rejects.toThrow('no such session');
		await expect(run(place)).rejects.toThrow('--session or by --streams');
		await expect(run(place, '--session', '1', '--format', 'xlsx')).rejects.toThrow('--format is one of csv');
	});
});

describe('who may not see a stream', () => {
	it('exports nothing of it, nor sees sessions of its site', async () => {
		const key = await hub.createKey('elsewhere', ['read']);
		const { id } = await hub.metadata.recordings.add(
			{
				site: 'default',
				name: 'x',
				notes: '',
				streamIds: [Number(ids.press)],
				fromMicros: 0,
				toMicros: 1,
				by: 'x',
				inForce: [],
			},
			{ name: 'x', id: null, address: null },
		);
		const status = async (path: string) =>
			(await hub.request(path, { headers: { authorization: `Bearer ${key}` } })).status;
		expect(await status(`/api/v1/export?streams=${ids.press}&format=csv`)).toBe(404);
		expect(await status(`/api/v1/export?session=${id}&format=csv`)).toBe(404);
		expect(await status(`/api/v1/sessions/${id}/report`)).toBe(404);
		const list = await hub.request('/api/v1/sessions', { headers: { authorization: `Bearer ${key}` } });
		expect(await list.json()).toEqual({ items: [], cursor: null });
	});
	it.each([
		['format=csv', 'streams'],
		['streams=1&session=1&format=csv', 'one of them'],
		['streams=1&format=xlsx', 'format'],
		['streams=1&format=csv&timeZone=Mars', 'timeZone'],
		['streams=1&format=csv&after=1:5', 'asOf'],
		['streams=1&format=png&bundle=true', 'csv, json or parquet'],
	])('is told what is wrong with %s', async (query, words) => {
		const response = await hub.request(`/api/v1/export?${query}`);
		expect(response.status).toBe(400);
		expect(((await response.json()) as { detail: string }).detail).toContain(words);
	});
});
