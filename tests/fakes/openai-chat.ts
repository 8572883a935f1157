import { sse, type Dialect, type FakeUsage } from './dialect.ts';

const head = {
	id: 'chatcmpl-fake',
	object: 'chat.completion.chunk',
	created: 1_760_000_000,
	model: 'fake-model-2026-01-01',
};
const chunk = (choices: unknown[], more: object = {}) => sse({ ...head, choices, ...more });
const choice = (delta: object, finish: string | null = null) => ({
	index: 0,
	delta,
	logprobs: null,
	finish_reason: finish,
});

export const openAiChat: Dialect = {
	path: /\/chat\/completions$/,
	contentType: 'text/event-stream; charset=utf-8',
	head: () => [chunk([choice({ role: 'assistant', content: '', refusal: null })], { usage: null })],
	token: (content) => chunk([choice({ content })], { usage: null }),
	tail: (usage, finish) => [
		chunk([choice({}, finish === 'filtered' ? 'content_filter' : 'stop')], { usage: null }),
		chunk([], { usage: usageOf(usage) }),
		sse('[DONE]'),
	],
	error: () =>
		sse({
			error: { message: 'The engine is currently overloaded', type: 'server_overloaded', param: null, code: null },
		}),
	refusal: (status) =>
		JSON.stringify({ error: { message: `refused with ${status}`, type: 'requests', param: null, code: null } }),
};

function usageOf({ input, cached, output, reasoning }: FakeUsage) {
	return {
		prompt_tokens: input,
		completion_tokens: output,
		total_tokens: input + output,
		prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
		completion_tokens_details: { reasoning_tokens: reasoning, audio_tokens: 0 },
	};
}
