import { createAnthropicReader } from './anthropic.ts';
import { fieldsOf } from './field.ts';
import { createGeminiReader } from './gemini.ts';
import { createOllamaReader } from './ollama.ts';
import { createOpenAiChatReader } from './openai-chat.ts';
import { createOpenAiResponsesReader } from './openai-responses.ts';
import type { WireEvent, WireReader } from './wire-event.ts';

/** A way in which providers are asked for an answer, as its path and its documents tell. */
export interface LlmApi {
	readonly name: 'openai-chat' | 'openai-responses' | 'anthropic' | 'ollama' | 'gemini';
	readonly path: RegExp;
	/** Of an answer that streams. */
	createReader(): WireReader;
	/** Of an answer that is one document. */
	whole(document: unknown): WireEvent[];
}

const APIS: readonly LlmApi[] = [
	{
		name: 'openai-chat',
		path: /\/chat\/completions$/,
		createReader: createOpenAiChatReader,
		whole: (document) => createOpenAiChatReader().take(document),
	},
	{
		name: 'openai-responses',
		path: /\/responses$/,
		createReader: createOpenAiResponsesReader,
		whole: wholeResponse,
	},
	{ name: 'anthropic', path: /\/v1\/messages$/, createReader: createAnthropicReader, whole: wholeMessage },
	{
		name: 'ollama',
		path: /\/api\/(?:chat|generate)$/,
		createReader: createOllamaReader,
		whole: (document) => createOllamaReader().take(document),
	},
	{
		name: 'gemini',
		path: /\/models\/[^/]+:(?:streamGenerateContent|generateContent)$/,
		createReader: createGeminiReader,
		whole: (document) => createGeminiReader().take(document),
	},
];

/** @returns undefined for what asks for no answer: lists of models, embeddings, files */
export function apiOfPath(path: string): LlmApi | undefined {
	return APIS.find((api) => api.path.test(path));
}

/** @returns the model where the path names it */
export function modelInPath(path: string): string | undefined {
	return /\/models\/([^/:]+):\w+$/.exec(path)?.[1];
}

function wholeResponse(document: unknown): WireEvent[] {
	const reader = createOpenAiResponsesReader();
	const { status } = fieldsOf(document);
	const type =
		status === 'failed' ? 'response.failed' : `response.${status === 'incomplete' ? 'incomplete' : 'completed'}`;
	return ['response.created', type].flatMap((one) => reader.take({ type: one, response: document }));
}

function wholeMessage(document: unknown): WireEvent[] {
	const reader = createAnthropicReader();
	const message = fieldsOf(document);
	if (message.type === 'error') return reader.take(document);
	return [
		{ type: 'message_start', message },
		{ type: 'message_delta', delta: { stop_reason: message.stop_reason }, usage: message.usage },
		{ type: 'message_stop' },
	].flatMap((event) => reader.take(event));
}
