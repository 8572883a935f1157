import type Anthropic from '@anthropic-ai/sdk';
import type { Stream } from '@anthropic-ai/sdk/streaming';
import type { NarrationProviderConfig } from '#contracts/config.ts';
import { createSecret, type Secret } from '#contracts/secret.ts';
import { createAnthropicReader } from '#lib/llm/anthropic.ts';
import { createOllamaReader } from '#lib/llm/ollama.ts';
import { createOpenAiChatReader } from '#lib/llm/openai-chat.ts';
import type { WireEvent } from '#lib/llm/wire-event.ts';

export interface Question {
	readonly system: string;
	readonly user: string;
	/** JSON Schema of the answer. */
	readonly schema: object;
	readonly maxTokens: number;
	readonly signal: AbortSignal;
}

/**
 * A language model that may be asked. Its client is loaded when it first is: together they were a fifth of all modules
 * at every start of the hub.
 */
export interface Provider {
	readonly provider: string;
	readonly model: string;
	/** It runs on the operator's own machines, and costs nothing that is billed. */
	readonly isFree: boolean;
	stream(question: Question): AsyncIterable<WireEvent>;
}

const NAME = 'analysis';
/** Deadlines are ours, and so is trying again. */
const NO_TIMEOUT = 2 ** 31 - 1;

export function createProvider(config: NarrationProviderConfig, readFile: (path: string) => string): Provider {
	const key = config.key === undefined ? undefined : createSecret(config.key, readFile);
	const { provider, model, baseUrl } = config;
	const about = { provider, model, isFree: provider === 'ollama' && key === undefined };
	switch (provider) {
		case 'ollama':
			return { ...about, stream: (question) => askOllama({ model, baseUrl, key }, question) };
		case 'openai':
			return { ...about, stream: (question) => askOpenAi({ model, baseUrl, key }, question) };
		case 'anthropic':
			return { ...about, stream: (question) => askAnthropic({ model, baseUrl, key }, question) };
	}
}

interface Access {
	readonly model: string;
	readonly baseUrl: string | undefined;
	readonly key: Secret | undefined;
}

async function* askOllama({ model, baseUrl, key }: Access, question: Question): AsyncIterable<WireEvent> {
	const secret = key?.reveal();
	const { Ollama } = await import('ollama');
	const client = new Ollama({
		host: baseUrl ?? 'http://127.0.0.1:11434',
		headers: secret === undefined ? {} : { Authorization: `Bearer ${secret}` },
		fetch: (input, init) => fetch(input, { ...init, signal: question.signal }),
	});
	const reader = createOllamaReader();
	const answer = await client.chat({
		model,
		messages: messagesOf(question),
		format: question.schema,
		stream: true,
		options: { num_predict: question.maxTokens, temperature: 0 },
	});
	for await (const line of answer) yield* reader.take(line);
}

async function* askOpenAi({ model, baseUrl, key }: Access, question: Question): AsyncIterable<WireEvent> {
	const { OpenAI } = await import('openai');
	const client = new OpenAI({
		baseURL: baseUrl ?? 'https://api.openai.com/v1',
		apiKey: key?.reveal() ?? 'none',
		organization: null,
		project: null,
		maxRetries: 0,
		timeout: NO_TIMEOUT,
		logLevel: 'off',
	});
	const reader = createOpenAiChatReader();
	const answer = await client.chat.completions.create(
		{
			model,
			messages: messagesOf(question),
			max_completion_tokens: question.maxTokens,
			response_format: {
				type: 'json_schema',
				json_schema: { name: NAME, schema: { ...question.schema }, strict: true },
			},
			stream: true,
			stream_options: { include_usage: true },
		},
		{ signal: question.signal },
	);
	for await (const chunk of answer) yield* reader.take(chunk);
}

async function* askAnthropic({ model, baseUrl, key }: Access, question: Question): AsyncIterable<WireEvent> {
	const { Anthropic: Client } = await import('@anthropic-ai/sdk');
	const client = new Client({
		baseURL: baseUrl ?? 'https://api.anthropic.com',
		apiKey: key?.reveal() ?? 'none',
		authToken: null,
		maxRetries: 0,
		timeout: NO_TIMEOUT,
		logLevel: 'off',
		openTelemetry: false,
	});
	const reader = createAnthropicReader();
	const body: Anthropic.MessageCreateParamsStreaming = {
		model,
		max_tokens: question.maxTokens,
		system: question.system,
		messages: [{ role: 'user', content: question.user }],
		output_config: { format: { type: 'json_schema', schema: { ...question.schema } } },
		stream: true,
	};
	// Not `messages.create`: that one writes to the console, at each call, that a model is deprecated.
	const answer = await client.post<Stream<Anthropic.RawMessageStreamEvent>>('/v1/messages', {
		body,
		stream: true,
		signal: question.signal,
	});
	for await (const event of answer) yield* reader.take(event);
}

function messagesOf({ system, user }: Question) {
	return [
		{ role: 'system' as const, content: system },
		{ role: 'user' as const, content: user },
	];
}
