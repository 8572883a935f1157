import type { LlmErrorClass } from '#contracts/llm.ts';

/** By the answer's status; undefined for one that is no refusal. 529 is Anthropic's for overloaded. */
export function classOfStatus(status: number): LlmErrorClass | undefined {
	if (status >= 200 && status < 300) return undefined;
	if (status === 429) return 'rate_limited';
	if (status === 503 || status === 529) return 'overloaded';
	if (status === 401 || status === 403) return 'auth';
	if (status === 408 || status >= 500) return 'server';
	return 'bad_request';
}

/** Words in the types and codes of errors inside an answer, of all providers; the first that fits. */
const WORDS: readonly (readonly [RegExp, LlmErrorClass])[] = [
	[/rate.?limit|throttl|quota|resource_exhausted|too.?many|\b429\b/i, 'rate_limited'],
	[/overload|unavailable|capacity|busy|\b(503|529)\b/i, 'overloaded'],
	[/auth|permission|forbidden|api.?key|access.?denied|\b(401|403)\b/i, 'auth'],
	[/content.?(filter|policy)|safety|guardrail|moderation/i, 'content_filter'],
	[/invalid|validation|not.?found|bad.?request|unsupported|context.?length|\b4\d\d\b/i, 'bad_request'],
];

/** By what the error inside an answer is called, or by its words where it has no name (Ollama). */
export function classOfError({ type, message }: { readonly type: string; readonly message: string }): LlmErrorClass {
	const text = type === '' ? message : type;
	return WORDS.find(([words]) => words.test(text))?.[1] ?? 'server';
}

/** Ends that say that the provider's filter cut the answer off. */
const FILTERED =
	/^(content_filter|content_filtered|guardrail_intervened|refusal|safety|recitation|blocklist|prohibited_content|spii)$/i;

export function classOfFinish(finish: string): LlmErrorClass | undefined {
	return FILTERED.test(finish) ? 'content_filter' : undefined;
}
