import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '#tests/support/until.ts';
import { runCollector, type RunningCollector } from '../kit/testing/run-collector.ts';
import { startWebServer, type WebAnswer, type WebServer } from '../kit/testing/web-server.ts';
import { createTracks } from '../kit/track.ts';
import { httpPollSchema } from './config.ts';
import { httpPoll } from './index.ts';
import { createReader } from './reader.ts';

const running: RunningCollector[] = [];
let web: WebServer;
beforeEach(async () => (web = await startWebServer([{ body: '{}' }])));
afterEach(async () => {
	for (const one of running.splice(0)) await one.stop();
	await web.close();
});
const begin = (values: object[], more: object = {}, cursor?: unknown) => {
	const started = runCollector(httpPoll, { url: web.url, every: '100ms', values, ...more }, { cursor });
	running.push(started);
	return started;
};
const answers = (...documents: unknown[]) => {
	web.answers = documents.map((one): WebAnswer => ({ body: typeof one === 'string' ? one : JSON.stringify(one) }));
};

describe('values of an answer', () => {
	it('are found by their path, whatever a device writes numbers as', async () => {
		answers({ zones: [{ t: '21.5' }, { t: 22 }], on: true });
		const started = begin([
			{ path: '$.zones[0].t', stream: 'oven/1', unit: '°C' },
			{ path: '$.zones[-1].t', stream: 'oven/last', scale: 2, offset: 1 },
			{ path: "$['on']", stream: 'oven/on' },
		]);
		await until(() => started.points('oven/on').length >= 2);
		expect(['oven/1', 'oven/last', 'oven/on'].map((key) => started.values(key)[0])).toEqual([21.5, 45, 1]);
		expect([started.faults, started.streams]).toEqual([[], ['oven/1 °C', 'oven/last', 'oven/on']]);
	});
	it('are several of one kind, each with its name and its time', async () => {
		const sensors = [
			{ id: 'a', kind: 'air', v: 1, at: 1_700_000_000 },
			{ id: 'b', kind: 'water', v: 2, at: 1_700_000_001 },
			{ id: 'c', kind: 'air', v: 3, at: 1_700_000_002 },
		];
		answers({ sensors });
		const entry = {
			path: "$.sensors[?@.kind == 'air']",
			name: '$.id',
			value: '$.v',
			time: '$.at',
			stream: 'air/{name}',
		};
		const started = begin([entry], { timeUnit: 's' });
		await until(() => web.requests.length >= 4);
		// An answer whose times are those of before has no news.
		expect(started.points().map(({ tMicros, v }) => [tMicros, v])).toEqual([
			[1_700_000_000_000_000, 1],
			[1_700_000_002_000_000, 3],
		]);
		expect(started.faults).toEqual([]);
	});
	it('that say what is in force are events when they change', async () => {
		answers({ lot: 'A7', v: 1 }, { lot: 'A7', v: 2 }, { lot: 'A8', v: 3 }, { lot: null, v: 4 });
		const started = begin([
			{ path: '$.lot', stream: 'press-1/lot', event: { kind: 'lot', title: 'Lot {value}' } },
			{ path: '$.v', stream: 'press-1/v' },
		]);
		await until(() => started.values('press-1/v').includes(4));
		expect([started.events(), started.streams]).toEqual([
			['lot Lot A7 of press-1', 'lot Lot A8 of press-1'],
			['press-1/v'],
		]);
	});
	it('of a burst of samples are its features, with the speed of the shaft that stands beside it', async () => {
		const samples = Array.from({ length: 4096 }, (_, i) => 3 * Math.sin((2 * Math.PI * i) / 16));
		answers({ rpm: 1800, samples }, { rpm: null, samples: [1] }, { rpm: null, samples });
		const bearing = { balls: 8, ball: 1, pitch: 5, rpm: '$.rpm', envelope: [400, 499] };
		const burst = { rate: 1000, features: ['rms', 'crest'], bands: { all: [1, 500] }, bearing };
		const started = begin([{ path: '$', value: '$.samples', stream: 'spindle', unit: 'g', burst }]);
		await until(() => started.values('spindle/rms').length > 1);
		const rms = expect.closeTo(3 / Math.SQRT2, 6) as number;
		expect([started.values('spindle/rms').slice(0, 2), started.values('spindle/band-all')[0]]).toEqual([
			[rms, rms],
			rms,
		]);
		// Of the shaft nothing was said the second time.
		expect([started.values('spindle/bpfo').length, started.gaps('spindle/rms').length > 0]).toEqual([1, true]);
		expect(started.streams.slice(0, 3)).toEqual(['spindle/rms g', 'spindle/crest', 'spindle/band-all g']);
		expect(started.faults).toEqual(['$: 1 samples are no burst; it takes 16']);
	});
	it('that are missing, null or no number are gaps, and said', async () => {
		answers({ a: 1, b: 1, c: 1 }, { a: null, b: 'broken' }, { a: 2, b: 2, c: 2 });
		const started = begin(['a', 'b', 'c'].map((name) => ({ path: `$.${name}`, stream: name })));
		await until(() => started.values('c').includes(2));
		expect(['a', 'b', 'c'].map((key) => started.gaps(key)[0]?.reason)).toEqual([
			'no value',
			'"broken" is no number',
			'it is not in the answer',
		]);
		expect(started.faults).toEqual(['$.b: "broken" is no number', '$.c is not in the answer']);
	});
	it('that would be one stream are none, and said', async () => {
		answers({ list: [1, 2] });
		const started = begin([{ path: '$.list[*]', stream: 'a' }]);
		await until(() => started.faults.length > 0);
		expect([started.faults, started.points()]).toEqual([
			['$.list[*] finds 2 values: put {name} or {index} into "stream"'],
			[],
		]);
	});
	it('are no more than was allowed', async () => {
		answers({ list: [1, 2, 3] });
		const started = begin([{ path: '$.list[*]', stream: 'a/{index}' }], { maxStreams: 2 });
		await until(() => started.points('a/1').length > 0);
		expect(started.faults).toEqual(['$.list[*]: more than maxStreams (2) streams']);
	});
	it('are read from any document without an end of the collector', () => {
		const emitter = {
			cursor: () => undefined,
			notes: () => new Map(),
			stream: () => 0,
			emit: async () => {},
			fault: () => {},
		};
		const values = [{ path: '$..v', name: '$.n', value: '$.v', stream: 'a/{index}{name}' }];
		const config = httpPollSchema.parse({ url: 'http://x', values });
		const read = createReader({ config, tracks: createTracks(emitter), onFault: () => {} });
		fc.assert(fc.property(fc.jsonValue(), (document) => read(JSON.stringify({ v: document, more: document }), 1)));
		fc.assert(
			fc.property(fc.string(), (text) => {
				try {
					read(text, 1);
				} catch (error) {
					expect(String(error)).toMatch(/is no JSON/);
				}
			}),
		);
	});
});

describe('a server', () => {
	const value = { path: '$.v', stream: 'v' };
	const f = async (answer: WebAnswer, want: string, more: object = {}) => {
		web.answers = [answer];
		const started = begin([value], more);
		await until(() => started.faults.length > 0 && web.requests.length >= 2);
		expect([started.faults, started.points()]).toEqual([[`${web.url}: ${want}`], []]);
	};
	it('that refuses is said once, with what to do', () =>
		f({ status: 401 }, 'it answers 401; check "auth" and "headers"'));
	it('that points elsewhere is not followed', () =>
		f(
			{ status: 302, headers: { location: 'http://evil.example/' } },
			'it answers 302 and points to "http://evil.example/"; write the final address',
		));
	it('that says nothing is given up', () => f({ isSilent: true }, 'no answer within 50 ms', { timeout: '50ms' }));
	it('that sends no JSON is said', () => f({ body: '<html>' }, 'the answer is no JSON: "<html>"'));
	it('that sends too much is cut off', () =>
		f({ body: 'x'.repeat(1_100_000) }, 'the answer is longer than 1048576 bytes'));
	it('that was away leaves a gap', async () => {
		answers({ v: 1 });
		const started = begin([value]);
		await until(() => started.points('v').length >= 2);
		const { port } = web;
		await web.close();
		await until(() => started.faults.length > 0);
		web = await startWebServer([{ body: '{"v": 2}' }], { port });
		await until(() => started.values('v').includes(2));
		expect(started.faults).toEqual([`${web.url}: nothing listens there; is it running?`]);
		expect(started.gaps('v').map(({ reason }) => reason)).toEqual(['no answer: nothing listens there; is it running?']);
	});
	it('over https is trusted when the file of its CA is named, and not without', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'http-poll-'));
		const [ca, keyFile] = [join(folder, 'ca.pem'), join(folder, 'key.pem')];
		const how = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '9'];
		const names = ['-subj', '/CN=oven', '-addext', 'subjectAltName=IP:127.0.0.1'];
		execFileSync('openssl', [...how, ...names, '-out', ca, '-keyout', keyFile], { stdio: 'ignore' });
		const tls = { cert: readFileSync(ca), key: readFileSync(keyFile) };
		const secure = await startWebServer([{ body: '{"v": 7}' }], { tls });
		const stranger = begin([value], { url: secure.url });
		const friend = begin([value], { url: secure.url, tls: { ca } });
		await until(() => stranger.faults.length > 0 && friend.points('v').length > 0);
		expect(stranger.faults[0]).toMatch(/signed by nobody who is trusted here .*"tls.ca"$/);
		expect([stranger.points(), friend.faults, friend.values('v')[0]]).toEqual([[], [], 7]);
		for (const one of running.splice(0)) await one.stop();
		await secure.close();
		rmSync(folder, { recursive: true });
	});
	it('gets the keys that it wants, from files too, and nobody else does', async () => {
		answers({ v: 1 });
		const folder = mkdtempSync(join(tmpdir(), 'http-poll-'));
		writeFileSync(join(folder, 'key'), 'from-file\n');
		const auth = { username: 'u', password: 'pass-word' };
		const started = begin([value], { headers: { 'x-api-key': `file:${join(folder, 'key')}` }, auth });
		await until(() => started.points('v').length > 0);
		rmSync(folder, { recursive: true });
		const { headers } = web.requests[0] ?? {};
		expect([headers?.['x-api-key'], headers?.authorization]).toEqual(['from-file', `Basic ${btoa('u:pass-word')}`]);
		expect(JSON.stringify([started.faults, started.logged])).not.toMatch(/pass-word|from-file/);
	});
});

describe('the options', () => {
	const f = (values: object[], want: string[], more: object = {}) => {
		const parsed = httpPollSchema.safeParse({ url: 'http://x/', values, ...more });
		expect(
			parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
		).toEqual(want);
	};
	it('have paths of RFC 9535', () => {
		f([{ path: "$.a[?@.b > 1]['c d']", stream: 'a' }], []);
		f(
			[{ path: 'a.b', stream: 'a' }],
			[expect.stringMatching(/^values.0.path: write a path of RFC 9535/) as unknown as string],
		);
	});
	it('have braces that mean something', () => {
		f([{ path: '$', stream: 'a/{id}' }], ['values.0.stream: {id} is not known; there are {name} and {index}']);
		f([{ path: '$', stream: 'a/{name}' }], ['values.0.stream: {name} needs "name", the path to it']);
	});
	it('have no password in the address', () =>
		f([{ path: '$', stream: 'a' }], ['url: put user name and password under "auth", not into the address'], {
			url: 'http://u:p@x/',
		}));
});
