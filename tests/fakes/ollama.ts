import { ndjson, type Dialect } from './dialect.ts';

const head = { model: 'fake-model', created_at: '2026-01-01T00:00:00.000000Z' };
const MS = 1_000_000;

/** Ollama has no first event before the first token, no cache to count and no filter. */
export const ollama: Dialect = {
	path: /\/api\/chat$/,
	contentType: 'application/x-ndjson',
	head: () => [],
	token: (content) => ndjson({ ...head, message: { role: 'assistant', content }, done: false }),
	tail: ({ input, output }, finish) => [
		ndjson({
			...head,
			message: { role: 'assistant', content: '' },
			done: true,
			done_reason: finish === 'filtered' ? 'content_filter' : 'stop',
			total_duration: 120 * MS,
			load_duration: 7 * MS,
			prompt_eval_count: input,
			prompt_eval_duration: 13 * MS,
			eval_count: output,
			eval_duration: 90 * MS,
		}),
	],
	error: () => ndjson({ error: 'server busy, please try again. maximum pending requests exceeded' }),
	refusal: (status) => JSON.stringify({ error: `refused with ${status}` }),
};
