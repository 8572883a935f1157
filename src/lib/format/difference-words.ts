import type { ApiDifference } from '#contracts/llm-compare.ts';
import { shortNumber } from '#lib/format/compare-words.ts';
import * as m from '#messages';

interface Spoken {
	/** Inside a sentence. */
	readonly what: () => string;
	readonly more: () => string;
	readonly less: () => string;
}

const slow = { more: m.llm_slower, less: m.llm_faster };
const long = { more: m.llm_longer, less: m.llm_shorter };
const dear = { more: m.llm_dearer, less: m.llm_cheaper };

/** How a characteristic is spoken of, and which way is better for who waits or pays. */
const SPOKEN: Readonly<Record<string, Spoken>> = {
	ttft_ms: { what: m.llm_what_ttft_ms, ...slow },
	ttfc_ms: { what: m.llm_what_ttfc_ms, ...slow },
	tpot_ms: { what: m.llm_what_tpot_ms, ...long },
	chunk_gap_p95_ms: { what: m.llm_what_chunk_gap_p95_ms, ...long },
	output_tps: { what: m.llm_what_output_tps, more: m.llm_faster, less: m.llm_slower },
	total_ms: { what: m.llm_what_total_ms, ...slow },
	server_ms: { what: m.llm_what_server_ms, ...slow },
	queue_ms: { what: m.llm_what_queue_ms, ...long },
	cost_usd: { what: m.llm_what_cost_usd, ...dear },
	cost_per_1k_usd: { what: m.llm_what_cost_per_1k_usd, ...dear },
};
const OTHER: Spoken = { what: m.llm_what_other, more: m.llm_higher, less: m.llm_lower };

/** What is compared: its name as in `ttft_ms`, and its unit. */
export interface Measured {
	readonly name: string;
	readonly unit: string;
}

type Interval = Pick<ApiDifference, 'median' | 'low' | 'high' | 'confidence' | 'n'>;

/** @returns `b's first token is 158 ms faster than a's: 95 % confidence 130 to 166 ms, 17 slots.` */
export function pairWords(of: Measured, { a, b }: { readonly a: string; readonly b: string }, found: Interval): string {
	const words = wordsOf(of, found);
	if (!isTold(found)) return m.llm_pair_same({ a, b, ...words, n: found.n });
	return m.llm_pair({ a, b, ...words, n: found.n });
}

/** @returns `Since v2 the first token is 40 ms slower: 95 % confidence 30 to 55 ms.` */
export function changeWords(of: Measured, event: string, found: Interval): string {
	const words = wordsOf(of, found);
	return isTold(found) ? m.llm_change({ event, ...words }) : m.llm_change_none({ event, ...words });
}

/** An interval on both sides of nothing tells of no difference. */
const isTold = ({ low, high }: Interval) => low > 0 || high < 0;

function wordsOf({ name, unit }: Measured, { median, low, high, confidence }: Interval) {
	const { what, more, less } = (Object.hasOwn(SPOKEN, name) ? SPOKEN[name] : undefined) ?? OTHER;
	// As sizes where both ends are on one side, so that "faster" is not said with a minus.
	const [least, most] = high < 0 ? [-high, -low] : [low, high];
	const percent = Math.round(100 * confidence);
	return {
		what: what(),
		size: `${shortNumber(Math.abs(median))} ${unit}`.trim(),
		direction: median > 0 ? more() : less(),
		range: m.llm_confidence({ percent, low: shortNumber(least), high: `${shortNumber(most)} ${unit}`.trim() }),
	};
}
