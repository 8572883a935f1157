import type { Access } from '../providers/access.ts';
import { createAnthropic } from '../providers/anthropic.ts';
import { createBedrock } from '../providers/bedrock.ts';
import { createGemini } from '../providers/gemini.ts';
import { createHttp } from '../providers/http.ts';
import { httpSchema } from '../config.ts';
import { createOllama } from '../providers/ollama.ts';
import { createOpenAiCompatible } from '../providers/openai-compatible.ts';
import { createOpenAi } from '../providers/openai.ts';
import type { Provider } from '../providers/provider.ts';

/** Two ways to say in a configuration what the adapters of others have in code. */
const CHAT = httpSchema.parse({
	body: { model: '{model}', max_tokens: '{maxTokens}', messages: [{ role: 'user', content: 'Please: {prompt}' }] },
	token: 'choices.0.delta.content',
	end: 'choices.0.finish_reason',
	error: 'error.type',
	usage: {
		input: 'usage.prompt_tokens',
		output: 'usage.completion_tokens',
		cached: 'usage.prompt_tokens_details.cached_tokens',
		reasoning: 'usage.completion_tokens_details.reasoning_tokens',
	},
	done: '[DONE]',
});
const LINES = httpSchema.parse({
	body: { prompt: '{prompt}', limit: '{maxTokens}' },
	format: 'ndjson',
	token: 'message.content',
	end: 'done_reason',
	error: 'error',
	usage: { input: 'prompt_eval_count', output: 'eval_count' },
});

/** Every adapter, for what is promised of all of them. */
export const PROVIDERS: Readonly<Record<string, (access: Access) => Provider | Promise<Provider>>> = {
	'openai chat': (access) => createOpenAi({ ...access, baseUrl: `${access.baseUrl}/v1` }, 'chat'),
	'openai responses': (access) => createOpenAi({ ...access, baseUrl: `${access.baseUrl}/v1` }, 'responses'),
	anthropic: createAnthropic,
	ollama: createOllama,
	gemini: createGemini,
	bedrock: (access) => createBedrock(access, 'us-east-1'),
	'http (sse)': (access) => createHttp({ ...access, baseUrl: `${access.baseUrl}/v1/chat/completions` }, CHAT),
	'http (ndjson)': (access) => createHttp({ ...access, baseUrl: `${access.baseUrl}/api/chat` }, LINES),
	'openai-compatible': (access) => createOpenAiCompatible({ ...access, baseUrl: `${access.baseUrl}/v1/` }),
};
