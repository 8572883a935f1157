import type { ApiAnalysis, ApiNarration } from '#contracts/analysis.ts';
import { ApiError, problemOf } from '#lib/live/api.ts';
import * as m from '#messages';

/** As the server sends it while a narration is told. */
export type NarrationEvent =
	| { readonly type: 'sentence'; readonly text: string; readonly citations: readonly string[] }
	| { readonly type: 'told'; readonly narration: ApiNarration }
	| { readonly type: 'none'; readonly reason: string };

/** Why a violation may have come about. Every method rejects with ApiError. */
export interface AnalysisApi {
	analysis(violation: string, signal: AbortSignal): Promise<ApiAnalysis>;
	/** Sentence by sentence. */
	narration(violation: string, signal: AbortSignal): AsyncIterable<NarrationEvent>;
	feedback(violation: string, said: { readonly verdict: 'up' | 'down'; readonly cause: string }): Promise<void>;
}

export function createAnalysisApi(fetcher: typeof fetch): AnalysisApi {
	async function call(path: string, init: RequestInit): Promise<Response> {
		const response = await fetcher(`/api/v1${path}`, init).catch(() => {
			throw new ApiError(0, m.ui_no_answer());
		});
		if (!response.ok) throw await problemOf(response);
		return response;
	}
	const of = (id: string) => encodeURIComponent(id);
	return {
		analysis: async (violation, signal) =>
			(await call(`/violations/${of(violation)}/analysis`, { signal })).json() as Promise<ApiAnalysis>,
		async *narration(violation, signal) {
			const response = await call(`/analysis/narration?violation=${of(violation)}`, { method: 'POST', signal });
			if (response.body) yield* eventsOf(response.body);
		},
		async feedback(violation, said) {
			const headers = { 'content-type': 'application/json' };
			await call(`/violations/${of(violation)}/feedback`, { method: 'POST', headers, body: JSON.stringify(said) });
		},
	};
}

/** Server-sent events as our own server frames them: a name, a line of data, an empty line. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncIterable<NarrationEvent> {
	const decoder = new TextDecoder();
	const reader = body.getReader();
	let text = '';
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return;
		text += decoder.decode(value, { stream: true });
		const frames = text.split('\n\n');
		text = frames.pop() ?? '';
		for (const frame of frames) {
			const [, type, data] = /^event: (\w+)\ndata: (.*)$/.exec(frame) ?? [];
			if (type && data) yield { type, ...(JSON.parse(data) as object) } as NarrationEvent;
		}
	}
}
