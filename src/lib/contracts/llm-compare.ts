import type { Labels } from './stream.ts';

/** An interval for a difference of medians, and what it is made of. */
export interface ApiDifference {
	/** Second less first, in the streams' unit. */
	readonly median: number;
	readonly low: number;
	readonly high: number;
	readonly confidence: number;
	/** Pairs, or for two stretches of one stream the values of the smaller one. */
	readonly n: number;
	/** In words, with the names of both. */
	readonly sentence: string;
}

export interface ApiCompared {
	readonly stream: { readonly id: string; readonly key: string; readonly labels: Labels; readonly site: string };
	/** Values of good quality. */
	readonly n: number;
	/** Calls that ran into a deadline: their values are at least as large as they say, and count as larger than every other. */
	readonly censored: number;
	/** null where there is no value, or where a share is beyond what was seen of censored ones. */
	readonly mean: number | null;
	readonly min: number | null;
	readonly max: number | null;
	/** By the share: `0.5`. */
	readonly percentiles: Readonly<Record<string, number | null>>;
	/** Tukey's: whiskers end at the last value within one and a half boxes. */
	readonly box: {
		readonly low: number;
		readonly q1: number;
		readonly median: number;
		readonly q3: number;
		readonly high: number;
		readonly beyond: number;
	} | null;
	/** Share of values up to each of `ecdf.v`. */
	readonly ecdf: { readonly v: readonly number[]; readonly share: readonly number[] };
	/** Values in each of the group's bins; what is beyond the last one is in it. */
	readonly histogram: readonly number[];
	/** Share of the stretch without a violation; null where nothing was judged. */
	readonly inControl: number | null;
	readonly violations: number;
	readonly violationsPerDay: number;
	/** How its calls ended in that time, as far as they are kept one by one: by class of error, `good` for those without; empty where they are not. */
	readonly outcomes: Readonly<Record<string, number>>;
	/** Other versions that answered, each from when on, oldest first. */
	readonly versions: readonly { readonly at: string; readonly name: string; readonly calls: number }[];
	/** After less before: around the event that was asked for, else around the newest version within the stretch. */
	readonly change: (ApiDifference & { readonly at: string }) | null;
}

/** Streams of one characteristic, so of one unit. */
export interface ApiCompareGroup {
	/** The last segment of their keys: `ttft_ms`. */
	readonly name: string;
	readonly unit: string;
	/** Edges of the bins, one more than there are bins. */
	readonly bins: readonly number[];
	readonly streams: readonly ApiCompared[];
	/** Of the values of the same slots: what happens to the network here happens to both and drops out. */
	readonly pairs: readonly (ApiDifference & { readonly a: string; readonly b: string })[];
	readonly slotMs: number;
}

/** `GET /api/v1/compare`. */
export interface ApiCompare {
	readonly from: string;
	readonly to: string;
	readonly groups: readonly ApiCompareGroup[];
}
