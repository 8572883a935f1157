import type { Severity } from '#contracts/violation.ts';
import type { Language } from '#contracts/language.ts';
import type { Standing } from '#lib/format/freshness.ts';

/** What a browser keeps of what somebody saw last, for when nobody answers: the overview and the open violations. */
export interface LastState {
	readonly version: 1;
	/** Whose it is (`person:7`); shown to nobody after that one has signed out. */
	readonly who: string;
	/** This machine's clock when all of it was so. */
	readonly savedMs: number;
	readonly language: Language;
	readonly theme: string;
	readonly streams: readonly LastStream[];
	readonly violations: readonly LastViolation[];
	/** How many there were, where not all are kept. */
	readonly of: { readonly streams: number; readonly violations: number };
}

export interface LastStream {
	readonly key: string;
	readonly site: string;
	readonly standing: Standing;
	/** With its unit, as it was written; empty without a point. */
	readonly value: string;
	/** When it was measured. */
	readonly tMs: number | null;
}

export interface LastViolation {
	readonly key: string;
	readonly site: string;
	/** Mark and words of its rule. */
	readonly code: string;
	readonly words: string;
	readonly severity: Severity;
	readonly state: string;
	readonly firstMs: number;
}

/** More than a phone shows in a minute of scrolling nobody looks for there. */
const MOST_STREAMS = 300;
const MOST_VIOLATIONS = 100;
/** Older than this it is no help, and may be of somebody who has gone. */
export const KEPT_MS = 7 * 24 * 3_600_000;
const ORDER: readonly Standing[] = [
	'violating',
	'no-data',
	'stale',
	'bad-quality',
	'not-judged',
	'learning',
	'in-control',
];

/** The worst first, and no more of them than are worth keeping. */
export function cutToKeep(
	streams: readonly LastStream[],
	violations: readonly LastViolation[],
): Pick<LastState, 'streams' | 'violations' | 'of'> {
	const rank = ({ standing }: LastStream) => ORDER.indexOf(standing);
	return {
		streams: streams.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_STREAMS),
		violations: violations.slice(0, MOST_VIOLATIONS),
		of: { streams: streams.length, violations: violations.length },
	};
}

/** @returns undefined for what an older or newer page has kept, and for what is too old */
export function readLastState(text: string, nowMs: number): LastState | undefined {
	try {
		const state = JSON.parse(text) as LastState;
		return state.version === 1 && nowMs - state.savedMs < KEPT_MS ? state : undefined;
	} catch {
		return undefined;
	}
}
