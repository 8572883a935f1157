import { sse, type Dialect } from './dialect.ts';

const event = (type: string, more: object = {}) => sse({ type, ...more }, type);

export const anthropic: Dialect = {
	path: /\/v1\/messages$/,
	contentType: 'text/event-stream; charset=utf-8',
	head: (model) => [
		event('message_start', {
			message: {
				id: 'msg_fake',
				type: 'message',
				role: 'assistant',
				model,
				content: [],
				stop_reason: null,
				stop_sequence: null,
				// Anthropic's count at the beginning; the end's replaces it.
				usage: { input_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 },
			},
		}),
		event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
		event('ping'),
	],
	token: (text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
	tail: ({ input, cached, cacheWrite, output, reasoning }, finish) => [
		event('content_block_stop', { index: 0 }),
		event('message_delta', {
			delta: { stop_reason: finish === 'filtered' ? 'refusal' : 'end_turn', stop_sequence: null },
			usage: {
				input_tokens: input - cached - cacheWrite,
				cache_creation_input_tokens: cacheWrite,
				cache_read_input_tokens: cached,
				output_tokens: output,
				output_tokens_details: { thinking_tokens: reasoning },
			},
		}),
		event('message_stop'),
	],
	error: () => event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
	refusal: (status) =>
		JSON.stringify({ type: 'error', error: { type: 'rate_limit_error', message: `refused with ${status}` } }),
};
