import { sse, type Dialect, type FakeUsage } from './dialect.ts';

const response = { id: 'resp_fake', object: 'response', created_at: 1_760_000_000, model: 'fake-model-2026-01-01' };
const event = (type: string, more: object) => sse({ type, sequence_number: 0, ...more }, type);

export const openAiResponses: Dialect = {
	path: /\/responses$/,
	contentType: 'text/event-stream; charset=utf-8',
	head: () => [
		event('response.created', { response: { ...response, status: 'in_progress', output: [], usage: null } }),
		event('response.in_progress', { response: { ...response, status: 'in_progress', output: [], usage: null } }),
		event('response.output_item.added', {
			output_index: 0,
			item: { id: 'msg_fake', type: 'message', status: 'in_progress', role: 'assistant', content: [] },
		}),
	],
	token: (delta) =>
		event('response.output_text.delta', {
			item_id: 'msg_fake',
			output_index: 0,
			content_index: 0,
			delta,
			logprobs: [],
		}),
	tail: (usage, finish) =>
		finish === 'filtered'
			? [
					event('response.incomplete', {
						response: {
							...response,
							status: 'incomplete',
							incomplete_details: { reason: 'content_filter' },
							usage: usageOf(usage),
						},
					}),
				]
			: [event('response.completed', { response: { ...response, status: 'completed', usage: usageOf(usage) } })],
	error: () =>
		event('response.failed', {
			response: { ...response, status: 'failed', error: { code: 'server_overloaded', message: 'overloaded' } },
		}),
	refusal: (status) =>
		JSON.stringify({ error: { message: `refused with ${status}`, type: 'requests', param: null, code: null } }),
};

function usageOf({ input, cached, output, reasoning }: FakeUsage) {
	return {
		input_tokens: input,
		input_tokens_details: { cached_tokens: cached },
		output_tokens: output,
		output_tokens_details: { reasoning_tokens: reasoning },
		total_tokens: input + output,
	};
}
