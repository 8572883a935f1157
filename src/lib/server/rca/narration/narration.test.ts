import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeScenario } from '#collectors/simulator/scenario/scenario.ts';
import type { NarrationProviderConfig } from '#contracts/config.ts';
import type { NarrationRecord, RcaRecords } from '#server/metadata/port-rca.ts';
import { GOOD, startFakeProvider, type FakeProvider, type Fault } from '#tests/fakes/provider.ts';
import { analyse } from '../analyse.ts';
import type { NarrationStep } from '../port.ts';
import type { NarrationQuestion } from '../rca.ts';
import { situationOf } from '../testing/from-scenario.ts';
import { faultOf } from './check.ts';
import { HOSTILE } from './testing/hostile.ts';
import { createNarrator, type NarratorOptions } from './narrator.ts';
import { countQuestions, createPanel, type PanelOptions } from './panel.ts';
import { clean, readPrompt } from './prompt.ts';
import { createProvider } from './providers.ts';

const scenario = (cause: 'material-change' | 'queueing') =>
	situationOf(makeScenario({ cause, seed: 4, size: 2, confounders: true, startMicros: 1_767_225_600_000_000 }))!;
const questionOf = (cause: 'material-change' | 'queueing'): NarrationQuestion => {
	const situation = scenario(cause);
	const violation = { ...situation.violation, state: 'open', cause: null, assignee: null } as const;
	return { about: { violation, stream: situation.stream }, ...analyse(situation) };
};
const question = questionOf('material-change');
const event = question.evidence.find(({ kind }) => kind === 'event')!;
const sentence = (more: object = {}) => ({
	text: 'A new batch came just before it began, and the level moved with it.',
	evidence: [event.id],
	cause: 'material-change',
	...more,
});

let fake: FakeProvider;
let clock = 1_767_300_000_000_000;
beforeAll(async () => void (fake = await startFakeProvider()));
afterAll(() => fake.close());
beforeEach(() => {
	fake.requests.length = 0;
	clock += 3_600_000_000;
});

/** In pieces of seven characters, as tokens come. */
function says(document: unknown, fault?: Fault): void {
	const text = typeof document === 'string' ? document : JSON.stringify(document);
	fake.script = { ...GOOD, tokens: text.match(/[^]{1,7}/g) ?? [], fault };
}

function recordsInMemory(): NarratorOptions['records'] & PanelOptions['records'] & { readonly all: NarrationRecord[] } {
	const all: NarrationRecord[] = [];
	const told: RcaRecords['narration'] = async (keys) =>
		all.findLast(({ key, outcome }) => outcome === 'told' && keys.includes(key));
	return {
		all,
		addNarration: async (record) => void all.push(record),
		narration: told,
		spentUsd: async (since) =>
			all.filter(({ atMicros }) => atMicros >= since).reduce((sum, { costUsd }) => sum + costUsd, 0),
	};
}

const AT: Readonly<Record<NarrationProviderConfig['provider'], string>> = { ollama: '', openai: '/v1', anthropic: '' };

function narratorOf(names: readonly NarrationProviderConfig['provider'][], more: Partial<PanelOptions> = {}) {
	const records = recordsInMemory();
	const panel = createPanel({
		providers: names.map((provider) =>
			createProvider({ provider, model: 'm', key: 'sk-canary', baseUrl: fake.url + AT[provider] }, () => ''),
		),
		dailyBudgetUsd: 5,
		records,
		prices: async () => ({ costOf: () => ({ usd: 0.01, version: 'test' }) }),
		now: () => clock,
		random: (bytes) => new Uint8Array(bytes).fill(7),
		log: pino({ level: 'silent' }),
		questions: countQuestions(new Registry()),
		deadlines: { firstMs: 700, idleMs: 700, totalMs: 10_000 },
		...more,
	});
	const log = pino({ level: 'silent' });
	const narrator = createNarrator({ panel, prompt: readPrompt(), records, now: () => clock, log });
	return { narrator, records, panel };
}

async function tell(narrator: ReturnType<typeof narratorOf>['narrator'], of = question): Promise<NarrationStep[]> {
	const steps: NarrationStep[] = [];
	for await (const step of narrator.tell(of, new AbortController().signal)) steps.push(step);
	return steps;
}

describe('a narration', () => {
	for (const provider of ['ollama', 'openai', 'anthropic'] as const)
		it(`by ${provider} is told sentence by sentence, checked, and kept with its prompt`, async () => {
			says({ sentences: [sentence(), sentence({ text: 'Compare with a piece of the batch before.' })] });
			const { narrator, records } = narratorOf([provider]);
			const steps = await tell(narrator);
			expect(steps.map(({ type }) => type)).toEqual(['sentence', 'sentence', 'told']);
			expect(steps.at(-1)).toEqual({
				type: 'told',
				narration: {
					text: 'A new batch came just before it began, and the level moved with it. Compare with a piece of the batch before.',
					model: `${provider}/m`,
					citations: [event.id],
				},
			});
			expect(records.all).toMatchObject([{ outcome: 'told', provider, prompt: readPrompt().version }]);
		});

	it('asks for structured output, each in its own way, and sends no key but in its header', async () => {
		says({ sentences: [sentence()] });
		for (const provider of ['ollama', 'openai', 'anthropic'] as const) await tell(narratorOf([provider]).narrator);
		const [ollama, openai, anthropic] = fake.requests.map(({ body }) => body);
		expect(ollama).toHaveProperty('format.properties.sentences');
		expect(openai).toHaveProperty('response_format.json_schema.strict', true);
		expect(anthropic).toHaveProperty('output_config.format.type', 'json_schema');
		expect(JSON.stringify(fake.requests.map(({ body }) => body))).not.toContain('sk-canary');
	});

	it('of the same evidence is told once', async () => {
		says({ sentences: [sentence()] });
		const { narrator } = narratorOf(['openai']);
		await Promise.all([tell(narrator), tell(narrator)]);
		expect((await tell(narrator)).map(({ type }) => type)).toEqual(['told']);
		expect(fake.requests).toHaveLength(1);
	});

	it('is never asked of the provider that the alarm is about, while another is there', async () => {
		says({ sentences: [sentence({ cause: 'queueing', evidence: ['E1'], text: 'It waits in the queue.' })] });
		const about = questionOf('queueing');
		const suspect = {
			...about,
			about: { ...about.about, stream: { ...about.about.stream, key: 'openai/gpt/ttft_ms' } },
		};
		await tell(narratorOf(['openai', 'anthropic']).narrator, suspect);
		expect(fake.requests.map(({ path }) => path)).toEqual(['/v1/messages']);
	});
});

describe('a provider that fails', () => {
	const cases: readonly (readonly [string, Fault])[] = [
		['is silent', { kind: 'silent' }],
		['stalls', { kind: 'stall', after: 3 }],
		['is cut off', { kind: 'truncate', after: 30 }],
		['resets', { kind: 'reset', after: 3 }],
		['is overloaded in the middle', { kind: 'error', after: 3 }],
		['sends garbage', { kind: 'garbage', after: 3 }],
		['refuses', { kind: 'status', status: 429 }],
		['filters', { kind: 'filtered' }],
	];
	for (const [what, fault] of cases)
		it(`and ${what} is followed by the next, and what it began is taken back`, async () => {
			const document = JSON.stringify({ sentences: [sentence(), sentence()] });
			const good = { ...GOOD, tokens: [document] };
			const bad = { ...GOOD, tokens: document.match(/[^]{1,7}/g) ?? [], fault };
			fake.script = ({ path }) => (path.endsWith('/messages') ? bad : good);
			const steps = await tell(narratorOf(['anthropic', 'openai']).narrator);
			expect(steps.at(-1)).toMatchObject({ type: 'told', narration: { model: 'openai/m' } });
			const sentences = steps.slice(steps.findLastIndex(({ type }) => type === 'none') + 1);
			expect(sentences.filter(({ type }) => type === 'sentence')).toHaveLength(2);
		});

	it('three times is not asked for a while', async () => {
		says('', { kind: 'status', status: 500 });
		const { narrator } = narratorOf(['openai']);
		for (let i = 0; i < 5; i++) expect(await tell(narrator)).toMatchObject([{ type: 'none' }]);
		expect(fake.requests).toHaveLength(3);
		clock += 61_000_000;
		says({ sentences: [sentence()] });
		expect((await tell(narrator)).at(-1)).toMatchObject({ type: 'told' });
	});
});

describe('the daily budget', () => {
	it('keeps from asking what costs, and a day later no more', async () => {
		says({ sentences: [sentence({ cause: 'gremlins' })] });
		const { narrator, records } = narratorOf(['openai'], { dailyBudgetUsd: 0.025 });
		for (let i = 0; i < 4; i++) await tell(narrator);
		expect(records.all).toHaveLength(2);
		expect(await tell(narrator)).toEqual([{ type: 'none', reason: 'the daily budget of 0.025 USD is spent' }]);
		clock += 86_400_000_000;
		await tell(narrator);
		expect(records.all).toHaveLength(3);
	});
	it('lets models of the operator’s own machines go on', async () => {
		says({ sentences: [sentence()] });
		const own = createProvider({ provider: 'ollama', model: 'm', baseUrl: fake.url }, () => '');
		const { narrator } = narratorOf([], { providers: [own], dailyBudgetUsd: 0 });
		expect((await tell(narrator)).at(-1)).toMatchObject({ type: 'told' });
	});
});

describe('what a model says is not shown', () => {
	const fence = 'data-07';
	const f = (more: object, index = 1) => faultOf(sentence(more), { index, fence, of: question });
	it('unless it is', () => expect([f({}), f({}, 0)]).toEqual([undefined, undefined]));
	it('when it cites nothing', () => expect(f({ evidence: [] })).toMatch(/shape/));
	it('when it cites what is not there', () => expect(f({ evidence: ['E99'] })).toMatch(/does not exist/));
	it('when it names a cause that was not found', () => expect(f({ cause: 'queueing' })).toMatch(/not found/));
	it('when it names one in its words', () => expect(f({ text: 'It is a cold start.' })).toMatch(/not found/));
	it('when its first sentence is about another', () =>
		expect(f({ cause: question.hypotheses[1]!.cause }, 0)).toMatch(/first/));
	it('when it has a number of its own', () => expect(f({ text: 'It rose by 417 bar.' })).toMatch(/number/));
	it('when it has one in words', () => expect(f({ text: 'It rose forty times.' })).toMatch(/number/));
	it('when it mentions evidence that it does not cite', () => expect(f({ text: 'See E77.' })).toMatch(/mentions/));
	it('when it has markup', () => expect(f({ text: 'See <b>this</b>.' })).toMatch(/markup/));
	it('when it has a link', () => expect(f({ text: 'Go to evil.example now.' })).toMatch(/address/));
	it('when it has an address', () => expect(f({ text: 'Call https://x/y.' })).toMatch(/address/));
	it('when it has characters that nobody sees', () => expect(f({ text: 'It\u202e moved.' })).toMatch(/invisible/));
	it('when it repeats the fence', () => expect(f({ text: `The line ${fence}.` })).toMatch(/fence/));
	it('when it has more than was asked for', () => expect(f({ note: 'x' })).toMatch(/shape/));
	it('with the numbers of its evidence, rounded, it is', () => {
		const number = /(\d+\.\d+) s/.exec(event.detail)?.[1];
		expect(f({ text: `A batch came ${number ?? ''} s before.` })).toBeUndefined();
		expect(f({ text: `A batch came ${Math.round(Number(number))} s before.` })).toBeUndefined();
	});
});

describe('what strangers wrote', () => {
	const poisoned = (text: string): NarrationQuestion => {
		const situation = scenario('material-change');
		const { events, companions, stream } = situation;
		const names = companions.map((one, i) =>
			i === 0 ? { ...one, stream: { ...one.stream, key: `press-1/${text.slice(0, 150)}` } } : one,
		);
		const analysed = analyse({
			...situation,
			companions: names,
			events: events.map((one) => ({ ...one, title: text })),
			passages: [{ document: text, text, score: 1 }],
		});
		return { about: { ...question.about, stream }, ...analysed };
	};
	it('changes no cause', () => {
		for (const text of HOSTILE) expect(poisoned(text).hypotheses[0]?.cause).toBe('material-change');
	});
	it('stands between the fences as data and nowhere else, without what nobody sees', () => {
		for (const text of HOSTILE) {
			const { system, user } = readPrompt().fill(poisoned(text), 'data-x');
			expect(system).toBe(readPrompt().fill(question, 'data-x').system);
			expect(user).toMatch(/^data-x\n\{.*\}\ndata-x$/);
			expect(JSON.parse(user.split('\n')[1]!)).toHaveProperty('alarm');
		}
		expect(clean('a\u202e\u0000b')).toBe('a b');
	});
	it('is not shown where a model obeys it, and the key stays where it is', async () => {
		for (const text of HOSTILE) {
			const of = poisoned(text);
			const cited = of.evidence[0]!.id;
			says({ sentences: [{ text: text.slice(0, 390), evidence: [cited], cause: 'material-change' }] });
			const { narrator, records } = narratorOf(['openai']);
			expect(await tell(narrator, of)).toMatchObject([{ type: 'none' }]);
			expect(JSON.stringify(records.all)).not.toContain('sk-canary');
		}
	});
});
