import type { CauseName } from '#contracts/cause.ts';
import type { Actor } from './port-acts.ts';

/** What somebody says about an analysis. One person says one thing about one violation: the last. */
export interface AnalysisFeedback {
	readonly violationId: string;
	readonly site: string;
	/** What such violations have in common, in the words of the analysis. */
	readonly signature: string;
	/** What the analysis named first. */
	readonly named: CauseName;
	readonly verdict: 'up' | 'down';
	/** What it really was; null = not said. */
	readonly cause: CauseName | null;
	readonly by: Actor;
}

/** How often a cause was right and wrong. */
export interface CauseCount {
	readonly cause: CauseName;
	readonly right: number;
	readonly wrong: number;
}

/** One question to a language model, whatever it came to. */
export interface NarrationRecord {
	/** Of evidence, prompt and model: an equal one is not asked again. */
	readonly key: string;
	readonly violationId: string;
	readonly provider: string;
	readonly model: string;
	/** Name and version of the prompt. */
	readonly prompt: string;
	readonly outcome: 'told' | 'refused' | 'failed';
	/** Why, where it was not told. */
	readonly reason: string | null;
	/** Null unless it was told. */
	readonly text: string | null;
	readonly citations: readonly string[];
	readonly costUsd: number;
	readonly atMicros: number;
}

export interface RcaRecords {
	/** With the row of the audit that says so. */
	addFeedback(feedback: AnalysisFeedback): Promise<void>;
	/** Of violations of the same signature on a site. */
	feedbackOn(site: string, signature: string): Promise<readonly CauseCount[]>;
	addNarration(record: NarrationRecord): Promise<void>;
	/** The newest told one of these keys. */
	narration(keys: readonly string[]): Promise<NarrationRecord | undefined>;
	/** What was spent since then. */
	spentUsd(sinceMicros: number): Promise<number>;
}
