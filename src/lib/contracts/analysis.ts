import type { CauseName } from './cause.ts';

export const EVIDENCE_KINDS = [
	'data-quality',
	'baseline',
	'onset',
	'pattern',
	'size',
	'stream',
	'peer',
	'covariate',
	'version',
	'event',
	'similar',
	'passage',
	'system',
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** One thing that was looked at and found. */
export interface ApiEvidence {
	/** `E1`, `E2`, …: by weight, the heaviest first. */
	readonly id: string;
	readonly kind: EvidenceKind;
	/** What was measured, as `detail` says; null where there is no number. */
	readonly value: number | null;
	readonly window: { readonly from: string; readonly to: string };
	/** A sentence. */
	readonly detail: string;
	/** 0 to 1: how much it says about any cause. */
	readonly weight: number;
	/** How to look at it oneself: a request of this API. */
	readonly query: string;
	/** For a small chart: points of the stream that it is about, times in microseconds. */
	readonly series?: { readonly stream: string; readonly t: readonly number[]; readonly v: readonly number[] };
}

export interface ApiHypothesis {
	readonly cause: CauseName;
	/** 0 to 1: strength of the evidence among all causes, together 1. No probability: it is not calibrated. */
	readonly score: number;
	/** Ids of evidence. */
	readonly for: readonly string[];
	readonly against: readonly string[];
	readonly nextCheck: string;
}

export interface ApiNarration {
	readonly text: string;
	readonly model: string;
	/** Ids of evidence, in the order in which the text leans on them. */
	readonly citations: readonly string[];
}

export interface ApiAnalysis {
	readonly evidence: readonly ApiEvidence[];
	/** The likeliest first. */
	readonly hypotheses: readonly ApiHypothesis[];
	readonly narration: ApiNarration | null;
	/** Ids of violations. */
	readonly similar: readonly string[];
	readonly passages: readonly { readonly document: string; readonly text: string; readonly score: number }[];
}
