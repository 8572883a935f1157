import { GoogleGenAI } from '@google/genai';
import Anthropic from '@anthropic-ai/sdk';
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GOOD, startFakeProvider, type FakeProvider } from './provider.ts';

let fake: FakeProvider;
beforeAll(async () => (fake = await startFakeProvider()));
afterAll(() => fake.close());
beforeEach(() => {
	fake.script = GOOD;
});

const ANSWER = GOOD.tokens.join('');
const messages = [{ role: 'user' as const, content: 'count' }];
const openai = () => new OpenAI({ baseURL: `${fake.url}/v1`, apiKey: 'sk', maxRetries: 0 });
const anthropic = () => new Anthropic({ baseURL: fake.url, apiKey: 'sk', maxRetries: 0 });
const ollama = () => new Ollama({ host: fake.url });
const gemini = () => new GoogleGenAI({ apiKey: 'sk', httpOptions: { baseUrl: fake.url } });
const bedrock = () =>
	new BedrockRuntimeClient({
		endpoint: fake.url,
		region: 'us-east-1',
		maxAttempts: 1,
		credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
		requestHandler: new NodeHttpHandler(),
	});

/** What the official client of each provider makes of the fake's answer: its text, and the usage as it says it. */
const CLIENTS: Readonly<Record<string, () => Promise<{ text: string; usage: unknown }>>> = {
	async 'openai chat'() {
		let text = '';
		let usage: unknown;
		const options = { stream: true, stream_options: { include_usage: true } } as const;
		for await (const chunk of await openai().chat.completions.create({ model: 'm', messages, ...options })) {
			text += chunk.choices[0]?.delta.content ?? '';
			usage = chunk.usage ?? usage;
		}
		return { text, usage };
	},
	async 'openai responses'() {
		let text = '';
		let usage: unknown;
		for await (const event of await openai().responses.create({ model: 'm', input: 'count', stream: true })) {
			if (event.type === 'response.output_text.delta') text += event.delta;
			if (event.type === 'response.completed') usage = event.response.usage;
		}
		return { text, usage };
	},
	async anthropic() {
		const message = await anthropic().messages.stream({ model: 'm', max_tokens: 10, messages }).finalMessage();
		const [block] = message.content;
		return { text: block?.type === 'text' ? block.text : '', usage: message.usage };
	},
	async ollama() {
		let text = '';
		let usage: unknown;
		for await (const line of await ollama().chat({ model: 'm', messages, stream: true })) {
			text += line.message.content;
			usage = { prompt_eval_count: line.prompt_eval_count, eval_count: line.eval_count };
		}
		return { text, usage };
	},
	async gemini() {
		let text = '';
		let usage: unknown;
		for await (const chunk of await gemini().models.generateContentStream({ model: 'm', contents: 'count' })) {
			text += chunk.text ?? '';
			usage = chunk.usageMetadata ?? usage;
		}
		return { text, usage };
	},
	async bedrock() {
		let text = '';
		let usage: unknown;
		const command = new ConverseStreamCommand({
			modelId: 'm',
			messages: [{ role: 'user', content: [{ text: 'count' }] }],
		});
		const { stream = [] } = await bedrock().send(command);
		for await (const event of stream) {
			text += event.contentBlockDelta?.delta?.text ?? '';
			usage = event.metadata?.usage ?? usage;
		}
		return { text, usage };
	},
};

describe('the official clients understand the fakes', () => {
	const USAGE: Readonly<Record<string, object>> = {
		'openai chat': { prompt_tokens: 12, completion_tokens: 12, prompt_tokens_details: { cached_tokens: 3 } },
		'openai responses': { input_tokens: 12, output_tokens: 12, input_tokens_details: { cached_tokens: 3 } },
		anthropic: { input_tokens: 7, cache_read_input_tokens: 3, cache_creation_input_tokens: 2, output_tokens: 12 },
		ollama: { prompt_eval_count: 12, eval_count: 12 },
		gemini: { promptTokenCount: 12, candidatesTokenCount: 12, cachedContentTokenCount: 3 },
		bedrock: { inputTokens: 7, outputTokens: 12, cacheReadInputTokens: 3, cacheWriteInputTokens: 2 },
	};
	it.each(Object.keys(CLIENTS))('%s: a whole answer', async (name) => {
		const { text, usage } = await CLIENTS[name]!();
		expect(text).toBe(ANSWER);
		expect(usage).toMatchObject(USAGE[name]!);
	});
	it.each(Object.keys(CLIENTS))('%s: an error inside an answer', async (name) => {
		fake.script = { ...GOOD, fault: { kind: 'error', after: 2 } };
		if (name === 'openai responses') expect((await CLIENTS[name]!()).text).not.toBe(ANSWER);
		else await expect(CLIENTS[name]!()).rejects.toThrow(/overload|busy|unable/i);
	});
	it.each(Object.keys(CLIENTS))('%s: a refusal', async (name) => {
		fake.script = { ...GOOD, fault: { kind: 'status', status: 429 } };
		await expect(CLIENTS[name]!()).rejects.toThrow(/refused with 429/);
	});
	it.each(Object.keys(CLIENTS))('%s: a connection that is reset', async (name) => {
		fake.script = { ...GOOD, fault: { kind: 'reset', after: 2 } };
		await expect(CLIENTS[name]!()).rejects.toThrow();
	});
});
