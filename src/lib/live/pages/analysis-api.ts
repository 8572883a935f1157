import type { ApiAnalysis, ApiNarration } from '#contracts/analysis.ts';
import { ApiError, problemOf } from '#lib/live/api.ts';
import { eventsOf } from '#lib/live/server-events.ts';
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
			if (response.body) yield* eventsOf<NarrationEvent>(response.body);
		},
		async feedback(violation, said) {
			const headers = { 'content-type': 'application/json' };
			await call(`/violations/${of(violation)}/feedback`, { method: 'POST', headers, body: JSON.stringify(said) });
		},
	};
}
