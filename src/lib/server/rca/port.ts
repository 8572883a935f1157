import type { ApiAnalysis, ApiNarration } from '#contracts/analysis.ts';
import type { CauseName } from '#contracts/cause.ts';
import type { ApiAnswer, ApiSearch } from '#contracts/knowledge.ts';
import type { Sites } from '#contracts/rights.ts';
import type { Stream } from '#contracts/stream.ts';
import type { Violation } from '#contracts/violation.ts';
import type { Actor } from '../metadata/port-acts.ts';

export interface AboutViolation {
	readonly violation: Violation;
	readonly stream: Stream;
}

/** What a narration comes to while it is told. */
export type NarrationStep =
	/** A sentence that has passed every check. */
	| { readonly type: 'sentence'; readonly text: string; readonly citations: readonly string[] }
	| { readonly type: 'told'; readonly narration: ApiNarration }
	/** What was told so far does not hold: the analysis stands by itself. */
	| { readonly type: 'none'; readonly reason: string };

/** What an answer comes to while it is told. */
export type AnswerStep =
	/** What it is answered from: `P1` is the first of them. */
	| { readonly type: 'passages'; readonly items: ApiSearch['items'] }
	| { readonly type: 'sentence'; readonly text: string; readonly citations: readonly string[] }
	| { readonly type: 'told'; readonly answer: ApiAnswer }
	/** What was told so far does not hold: what was found stands by itself. */
	| { readonly type: 'none'; readonly reason: string };

/** Why a violation may have come about. */
export interface Rca {
	/** Has a language model answer a question from documents and logs of these sites, each sentence checked against what it cites. */
	answer(question: { readonly sites: Sites; readonly text: string }, signal: AbortSignal): AsyncIterable<AnswerStep>;
	/** Evidence and ranked causes; with a narration only if one has been told of this evidence before. */
	analysis(about: AboutViolation): Promise<ApiAnalysis>;
	/** Has a language model put it into words, sentence by sentence; says why not where none does. Ends when `signal` aborts. */
	narrate(about: AboutViolation, signal: AbortSignal): AsyncIterable<NarrationStep>;
	/** Whether any language model is configured. */
	readonly narrates: () => boolean;
	feedback(
		about: AboutViolation,
		said: { readonly verdict: 'up' | 'down'; readonly cause: CauseName | null; readonly by: Actor },
	): Promise<void>;
}
