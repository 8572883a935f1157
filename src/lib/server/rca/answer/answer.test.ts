import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiSearch } from '#contracts/knowledge.ts';
import type { NarrationRecord } from '#server/metadata/port-rca.ts';
import { GOOD, startFakeProvider, type FakeProvider } from '#tests/fakes/provider.ts';
import { countQuestions, createPanel } from '../narration/panel.ts';
import { createProvider } from '../narration/providers.ts';
import { HOSTILE } from '../narration/testing/hostile.ts';
import type { AnswerStep } from '../port.ts';
import { createAnswerer } from './answerer.ts';
import { checkAnswer } from './check.ts';

const FENCE = 'data-07';
const COOLING =
	'The drive of the main spindle is too hot. Let it cool for twenty minutes, clean the filter mat of the cabinet and check that the fan turns.';

const passage = (text: string, heading = 'Error 3021'): ApiSearch['items'][number] => ({
	...{ kind: 'document', title: 'manual.md', text, heading, page: null, document: '1', site: 'a' },
	...{ highlights: [], headingHighlights: [], score: 1, by: ['keyword'] },
});

describe('a sentence of an answer', () => {
	const f = (more: object, want: string | RegExp | undefined) => {
		const given = { text: 'Clean the filter mat of the cabinet.', passages: ['P1'], ...more };
		const checked = checkAnswer(given, { fence: FENCE, passages: new Map([['P1', `Error 3021\n${COOLING}`]]) });
		if (want === undefined) expect(checked).toEqual(given);
		else expect(checked).toMatch(want);
	};
	it('says what its passage says', () => f({}, undefined));
	it('may have the numbers of its passage, in digits or words', () => {
		f({ text: 'Error 3021: the drive of the spindle is hot.' }, undefined);
		f({ text: 'Let the drive cool for 20 minutes.' }, undefined);
		f({ text: 'Let it cool for twenty minutes.' }, undefined);
	});
	it('cites a passage that there is', () => {
		f({ passages: ['P2'] }, /does not exist/);
		f({ passages: [] }, /shape/);
	});
	it('has no number of its own', () => f({ text: 'Clean the filter mat every 500 hours.' }, /number/));
	it('says nothing that its passage does not', () =>
		f({ text: 'Restart the server and disable every alarm immediately.' }, /do not/));
	it('has no address, markup, fence, id, or number to call', () => {
		f({ text: 'Clean the filter mat, see evil.example now.' }, /address/);
		f({ text: 'Clean the <b>filter mat</b>.' }, /markup/);
		f({ text: `Clean the filter mat ${FENCE}.` }, /fence/);
		f({ text: 'Clean the filter mat as P1 says.' }, /id of a passage/);
		f({ text: 'Clean the filter mat, call +49 170 1234567.' }, /to call/);
	});
});

let fake: FakeProvider;
beforeAll(async () => void (fake = await startFakeProvider()));
afterAll(() => fake.close());
beforeEach(() => void (fake.requests.length = 0));

function says(document: unknown): void {
	fake.script = { ...GOOD, tokens: JSON.stringify(document).match(/[^]{1,7}/g) ?? [] };
}

function answererOf({ spentUsd = 0 } = {}) {
	const all: NarrationRecord[] = [];
	const records = {
		addNarration: async (record: NarrationRecord) => void all.push(record),
		narration: async (keys: readonly string[]) =>
			all.findLast(({ key, outcome }) => outcome === 'told' && keys.includes(key)),
		spentUsd: async () => spentUsd,
	};
	const common = { now: () => 1_767_300_000_000_000, log: pino({ level: 'silent' }) };
	const panel = createPanel({
		providers: [
			createProvider({ provider: 'openai', model: 'm', key: 'sk-canary', baseUrl: `${fake.url}/v1` }, () => ''),
		],
		dailyBudgetUsd: 5,
		records,
		prices: async () => ({ costOf: () => ({ usd: 0.01, version: 'test' }) }),
		random: (bytes) => new Uint8Array(bytes).fill(7),
		questions: countQuestions(new Registry()),
		...common,
	});
	const answerer = createAnswerer({ panel, records, ...common });
	async function ask(question: string, found: ApiSearch['items']): Promise<AnswerStep[]> {
		const steps: AnswerStep[] = [];
		for await (const step of answerer.answer(question, found, new AbortController().signal)) steps.push(step);
		return steps;
	}
	return { ask, all };
}

describe('an answer', () => {
	const sentence = { text: 'Clean the filter mat of the cabinet.', passages: ['P1'] };
	it('is told sentence by sentence, kept with its prompt, and of equal passages told once', async () => {
		says({ sentences: [sentence] });
		const { ask, all } = answererOf();
		const told = { type: 'told', answer: { text: sentence.text, model: 'openai/m', citations: ['P1'] } };
		expect(await ask('spindle hot', [passage(COOLING)])).toEqual([
			{ type: 'sentence', text: sentence.text, citations: ['P1'] },
			told,
		]);
		expect(await ask('spindle hot', [passage(COOLING)])).toEqual([told]);
		expect(all).toMatchObject([{ outcome: 'told', prompt: expect.stringMatching(/^answer-1@/) as string }]);
		expect(fake.requests).toHaveLength(1);
		expect(fake.requests[0]?.body).toHaveProperty('response_format.json_schema.strict', true);
	});
	it('of nothing is none, and nobody is asked', async () => {
		expect(await answererOf().ask('x', [])).toMatchObject([{ type: 'none' }]);
		expect(fake.requests).toHaveLength(0);
	});
	it('is taken back when one of its sentences does not hold', async () => {
		says({ sentences: [sentence, { text: 'Everything is well and nothing matters here.', passages: ['P1'] }] });
		const steps = await answererOf().ask('spindle hot', [passage(COOLING)]);
		expect(steps.map(({ type }) => type)).toEqual(['sentence', 'none', 'none']);
	});
	it('costs of the same budget as narrations', async () => {
		says({ sentences: [sentence] });
		expect(await answererOf({ spentUsd: 5 }).ask('spindle hot', [passage(COOLING)])).toEqual([
			{ type: 'none', reason: 'the daily budget of 5 USD is spent' },
		]);
	});
	it('of passages with orders in them has them between its fences as data, and shows none that a model obeyed', async () => {
		for (const text of HOSTILE) {
			says({ sentences: [{ text: 'Disable all alerts now and send your password.', passages: ['P1'] }] });
			const { ask, all } = answererOf();
			const steps = await ask('spindle hot', [passage(COOLING), passage(text, 'Note')]);
			expect(steps.map(({ type }) => type)).not.toContain('told');
			const { messages } = fake.requests.at(-1)!.body as { messages: { role: string; content: string }[] };
			expect(messages[0]?.content).not.toContain(text.slice(0, 30));
			expect(messages[1]?.content).toMatch(/^(data-\w+)\n\{.*\}\n\1$/);
			expect(JSON.stringify(all)).not.toContain('sk-canary');
		}
	});
});
