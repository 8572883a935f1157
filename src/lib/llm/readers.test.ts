import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnthropicReader } from './anthropic.ts';
import { createBedrockReader } from './bedrock.ts';
import { classOfError, classOfFinish, classOfStatus } from './error-class.ts';
import { createGeminiReader } from './gemini.ts';
import { createOllamaReader } from './ollama.ts';
import { createOpenAiChatReader } from './openai-chat.ts';
import { createOpenAiResponsesReader } from './openai-responses.ts';
import type { WireReader } from './wire-event.ts';

const READERS: Readonly<Record<string, () => WireReader>> = {
	'openai chat': createOpenAiChatReader,
	'openai responses': createOpenAiResponsesReader,
	anthropic: createAnthropicReader,
	ollama: createOllamaReader,
	gemini: createGeminiReader,
	bedrock: createBedrockReader,
};

/** Documents with the names that the readers look at, and anything in them. */
const NAMES =
	'type error message choices delta content finish_reason usage prompt_tokens completion_tokens x_groq response candidates parts text usageMetadata promptTokenCount done eval_count total_duration contentBlockDelta metadata metrics latencyMs stop_reason code'.split(
		' ',
	);
const TYPES = [
	'message_start',
	'content_block_delta',
	'message_delta',
	'response.completed',
	'response.output_text.delta',
	'error',
];
const { document } = fc.letrec<{ document: unknown }>((tie) => ({
	document: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		fc.oneof(fc.string(), fc.double(), fc.constant(null), fc.boolean(), fc.constantFrom(...TYPES)),
		fc.array(tie('document'), { maxLength: 3 }),
		fc.dictionary(fc.constantFrom(...NAMES), tie('document'), { maxKeys: 5 }),
	),
}));

describe.each(Object.entries(READERS))('the reader of %s', (_, create) => {
	it('takes any document, and makes no number that is none', () =>
		fc.assert(
			fc.property(fc.array(document, { maxLength: 5 }), (documents) => {
				const reader = create();
				for (const event of documents.flatMap((one) => reader.take(one)))
					for (const value of Object.values({ ...event, ...('usage' in event ? event.usage : {}) }))
						if (typeof value === 'number') expect(value >= 0 && Number.isFinite(value)).toBe(true);
			}),
		));
});

describe('events of servers that speak as OpenAI does', () => {
	const f = (chunk: unknown, expected: unknown[]) => expect(createOpenAiChatReader().take(chunk)).toEqual(expected);
	const delta = (one: object) => ({ choices: [{ index: 0, delta: one }] });
	const token = (of: string, text: string) => [{ kind: 'token', of, text }];
	it('reasoning of vLLM and DeepSeek', () => f(delta({ reasoning_content: 'hm' }), token('reasoning', 'hm')));
	it('reasoning of OpenRouter', () => f(delta({ reasoning: 'hm', content: '' }), token('reasoning', 'hm')));
	it('a call of a tool', () =>
		f(delta({ tool_calls: [{ function: { name: 'f', arguments: '{' } }] }), token('tool', 'f{')));
	it('usage and queue of Groq', () =>
		f(
			{ choices: [], x_groq: { usage: { prompt_tokens: 3, completion_tokens: 4, queue_time: 0.25, total_time: 0.5 } } },
			[
				{
					kind: 'usage',
					usage: { inputTokens: 3, outputTokens: 4, cachedTokens: null, cacheWriteTokens: null, reasoningTokens: null },
				},
				{ kind: 'server', totalMs: 500, queueMs: 250 },
			],
		));
	it('an error of OpenRouter, whose code is a number', () =>
		f({ error: { code: 429, message: 'Rate limited' }, choices: [] }, [
			{ kind: 'error', type: '429', message: 'Rate limited' },
		]));
});

describe('usage of Anthropic', () => {
	it('at the end replaces that of the beginning, and is not added to it', () => {
		const reader = createAnthropicReader();
		reader.take({
			type: 'message_start',
			message: { usage: { input_tokens: 5, cache_read_input_tokens: 2, output_tokens: 1 } },
		});
		const [event] = reader.take({ type: 'message_delta', delta: {}, usage: { output_tokens: 9, input_tokens: null } });
		expect(event).toMatchObject({ usage: { inputTokens: 7, outputTokens: 9, cachedTokens: 2 } });
	});
});

describe('classes of failures', () => {
	const f = (type: string, expected: string, message = '') => expect(classOfError({ type, message })).toBe(expected);
	it.each([
		['rate_limit_error', 'rate_limited'],
		['RESOURCE_EXHAUSTED', 'rate_limited'],
		['ThrottlingException', 'rate_limited'],
		['insufficient_quota', 'rate_limited'],
		['overloaded_error', 'overloaded'],
		['UNAVAILABLE', 'overloaded'],
		['serviceUnavailableException', 'overloaded'],
		['authentication_error', 'auth'],
		['AccessDeniedException', 'auth'],
		['invalid_request_error', 'bad_request'],
		['ValidationException', 'bad_request'],
		['context_length_exceeded', 'bad_request'],
		['content_policy_violation', 'content_filter'],
		['api_error', 'server'],
		['502', 'server'],
		['429', 'rate_limited'],
	])('%s is %s', f);
	it('go by the words where there is no name', () => f('', 'bad_request', 'model "x" not found'));
	it('of a status that says nothing is none', () => expect(classOfStatus(204)).toBeUndefined());
	it('of an end as it should be is none', () =>
		expect(['stop', 'length', 'end_turn', 'STOP', 'tool_use'].map(classOfFinish)).toEqual(Array(5).fill(undefined)));
});
