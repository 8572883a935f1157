import type { Access } from '../providers/access.ts';
import { createAnthropic } from '../providers/anthropic.ts';
import { createOllama } from '../providers/ollama.ts';
import { createOpenAiCompatible } from '../providers/openai-compatible.ts';
import { createOpenAi } from '../providers/openai.ts';
import type { Provider } from '../providers/provider.ts';

/** Every adapter, for what is promised of all of them. */
export const PROVIDERS: Readonly<Record<string, (access: Access) => Provider | Promise<Provider>>> = {
	'openai chat': (access) => createOpenAi({ ...access, baseUrl: `${access.baseUrl}/v1` }, 'chat'),
	'openai responses': (access) => createOpenAi({ ...access, baseUrl: `${access.baseUrl}/v1` }, 'responses'),
	anthropic: createAnthropic,
	ollama: createOllama,
	'openai-compatible': (access) => createOpenAiCompatible({ ...access, baseUrl: `${access.baseUrl}/v1/` }),
};
