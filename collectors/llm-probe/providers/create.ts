import type { Target } from '../config.ts';
import type { Access } from './access.ts';
import type { Provider } from './provider.ts';

/** An adapter is loaded when a target wants it: the official clients are large, and most installations use one or two. */
export async function createProvider(target: Target): Promise<Provider> {
	const { provider, baseUrl, key, headers } = target;
	const access: Access = { baseUrl, key, headers };
	switch (provider) {
		case 'openai':
			return (await import('./openai.ts')).createOpenAi(access, target.api);
		case 'anthropic':
			return (await import('./anthropic.ts')).createAnthropic(access);
		case 'gemini':
			return (await import('./gemini.ts')).createGemini(access);
		case 'bedrock':
			return (await import('./bedrock.ts')).createBedrock(access, target.region ?? '');
		case 'http':
			return (await import('./http.ts')).createHttp(access, target.http!);
		case 'ollama':
			return (await import('./ollama.ts')).createOllama(access);
		case 'openai-compatible':
			return (await import('./openai-compatible.ts')).createOpenAiCompatible(access);
	}
}

/** Ids of the price list; undefined where the address has to say who it is. */
export const PRICE_PROVIDERS: Readonly<Record<Target['provider'], string | undefined>> = {
	openai: 'openai',
	anthropic: 'anthropic',
	gemini: 'google',
	bedrock: 'aws',
	http: undefined,
	ollama: undefined,
	'openai-compatible': undefined,
};
