import { sse, type Dialect } from './dialect.ts';

const head = { modelVersion: 'fake-model-001', responseId: 'fake' };
const content = (text: string) => ({ content: { parts: [{ text }], role: 'model' }, index: 0 });

export const gemini: Dialect = {
	path: /:streamGenerateContent$/,
	contentType: 'text/event-stream',
	head: () => [],
	token: (text) => sse({ candidates: [content(text)], ...head }),
	tail: ({ input, cached, output, reasoning }, finish) => [
		sse({
			candidates: [{ ...content(''), finishReason: finish === 'filtered' ? 'SAFETY' : 'STOP' }],
			usageMetadata: {
				promptTokenCount: input,
				candidatesTokenCount: output - reasoning,
				thoughtsTokenCount: reasoning,
				cachedContentTokenCount: cached,
				totalTokenCount: input + output,
			},
			...head,
		}),
	],
	error: () =>
		sse({ error: { code: 503, message: 'The model is overloaded. Please try again later.', status: 'UNAVAILABLE' } }),
	refusal: (status) =>
		JSON.stringify({ error: { code: status, message: `refused with ${status}`, status: 'REFUSED' } }),
};
