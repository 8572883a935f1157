import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyFault, labelsFault } from '#contracts/stream.ts';
import { GOOD, startFakeProvider, type FakeProvider } from '#tests/fakes/provider.ts';
import { until } from '#tests/support/until.ts';
import { systemClock } from '../kit/clock.ts';
import { record } from '../kit/testing/collect-all.ts';
import { llmProbe } from './index.ts';

let fake: FakeProvider;
beforeAll(async () => (fake = await startFakeProvider({ ...GOOD, firstTokenAfterMs: 2, gapMs: 1 })));
afterAll(() => fake.close());

const context = () => ({
	name: 'probe',
	log: pino({ level: 'silent' }),
	clock: systemClock(),
	random: () => 0.01,
	folder: '',
	onReached() {},
});
const target = (more: object = {}) => ({ provider: 'ollama', model: 'm', baseUrl: fake.url, ...more });

describe('the collector', () => {
	it('measures every target and itself, and leaves nothing open', async () => {
		const collector = llmProbe.create({ every: '1s', targets: [target()] }, context());
		const { streams, points, faults } = await record(collector, {
			enough: ({ streams }) => ['ollama/m/total_ms', 'control/loopback/total_ms'].every((key) => has(streams, key)),
		});
		expect(faults).toEqual([]);
		for (const stream of streams) {
			const [key = '', labels = ''] = stream.split(' ');
			expect([keyFault(key), labelsFault(JSON.parse(labels))]).toEqual([undefined, undefined]);
		}
		expect(points().every(({ v }) => Number.isFinite(v))).toBe(true);
		await until(() => fake.open() === 0);
	});
	it('keeps connections when it is told to, and says which calls had a new one', async () => {
		const config = {
			every: '1s',
			connections: 'reused',
			control: false,
			targets: [target({ provider: 'openai-compatible', baseUrl: `${fake.url}/v1` })],
		};
		const { streams } = await record(llmProbe.create(config, context()), {
			enough: (so) => so.streams.some((stream) => stream.includes('"reused"')),
		});
		expect(
			streams.filter((stream) => stream.includes('/ttft_ms')).map((stream) => /"(new|reused)"/.exec(stream)?.[1]),
		).toEqual(['new', 'reused']);
		// A connection that was open was not opened.
		expect(streams.filter((stream) => stream.includes('/connect_ms'))).toHaveLength(1);
	});
	it('ends while calls are under way, and nobody has failed', async () => {
		const silent = await startFakeProvider({ ...GOOD, fault: { kind: 'silent' } });
		const stop = new AbortController();
		const emitted: unknown[] = [];
		const config = { every: '1s', control: false, targets: [target({ baseUrl: silent.url })] };
		const done = llmProbe.create(config, context()).start(
			{
				cursor: () => undefined,
				notes: () => new Map(),
				stream: () => 0,
				emit: async (emission) => void emitted.push(emission),
				fault: (message) => void emitted.push(message),
			},
			stop.signal,
		);
		await until(() => silent.requests.length > 0);
		stop.abort();
		await done;
		expect(emitted).toEqual([]);
		await silent.close();
	});
});

const has = (streams: readonly string[], key: string) => streams.some((stream) => stream.startsWith(`${key} `));

describe('a configuration', () => {
	const faults = (config: object) =>
		llmProbe.schema.safeParse(config).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
	const f = (more: object, expected: string[], top: object = {}) =>
		expect(faults({ targets: [target(more)], ...top })).toEqual(expected);
	it('names a prompt class that there is', () =>
		f({ prompt: 'tiny' }, [
			'targets.0.prompt: there is no prompt class "tiny"; there are short, short-cached, medium, medium-cached, long, long-cached',
		]));
	it('says where an openai-compatible server is', () =>
		f({ provider: 'openai-compatible', baseUrl: undefined }, ['targets.0.baseUrl: say where it is: https://host/v1']));
	it('says which region of bedrock', () =>
		f({ provider: 'bedrock' }, ['targets.0.region: say which one is asked: us-east-1']));
	it('has no key in an address', () =>
		f({ baseUrl: 'https://me:secret@host/' }, [
			'targets.0.baseUrl: write an address like https://host/v1, without user and password',
		]));
	it('does not name the same streams twice', () =>
		expect(faults({ targets: [target(), target({ baseUrl: 'http://b' })] })).toEqual([
			'targets.1.model: has the same streams as targets[0]: tell them apart by name, deployment, region or environment',
		]));
	it('says of an API of its own how an answer ends', () =>
		f({ provider: 'http', http: { body: {}, token: 'text' } }, [
			'targets.0.http.end: say how an answer ends, with "end" or "done": without that one that was cut off would look good',
		]));
	it('has http for http only', () =>
		f({ http: { body: {}, token: 'text', end: 'x' } }, ['targets.0.http: belongs to provider: http']));
	it('has patterns that are some', () =>
		f(
			{},
			['prompts.p.checks.0.regex: is no regular expression: Invalid regular expression: /(/u: Unterminated group'],
			{
				prompts: { p: { text: 'x', checks: [{ regex: '(' }] } },
			},
		));
	it('has a model whose streams can be named', () =>
		f({ model: 'a//b' }, [
			'targets.0.model: its streams cannot be named: stream "ollama/a//b/ttft_ms" has an empty segment',
		]));
});
