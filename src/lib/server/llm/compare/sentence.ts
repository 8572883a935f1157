import type { Interval } from './bootstrap.ts';

/** How a characteristic is spoken of, and which way is better for who waits or pays. */
const WORDS: Readonly<Record<string, { readonly what: string; readonly more: string; readonly less: string }>> = {
	ttft_ms: { what: 'first token', more: 'slower', less: 'faster' },
	ttfc_ms: { what: 'first event', more: 'slower', less: 'faster' },
	tpot_ms: { what: 'time per token', more: 'longer', less: 'shorter' },
	chunk_gap_p95_ms: { what: 'gap between chunks', more: 'longer', less: 'shorter' },
	output_tps: { what: 'output', more: 'faster', less: 'slower' },
	total_ms: { what: 'whole answer', more: 'slower', less: 'faster' },
	server_ms: { what: 'processing', more: 'slower', less: 'faster' },
	queue_ms: { what: 'queue', more: 'longer', less: 'shorter' },
	cost_usd: { what: 'call', more: 'dearer', less: 'cheaper' },
	cost_per_1k_usd: { what: '1,000 tokens', more: 'dearer', less: 'cheaper' },
};
const OTHER = { what: 'value', more: 'higher', less: 'lower' };

/** "B's first token is 180 ms slower than A's: 95 % confidence 140 to 230 ms, 412 slots." */
export function pairSentence(
	name: string,
	{ a, b, unit, n, interval }: { a: string; b: string; unit: string; n: number; interval: Interval },
): string {
	const { what, more, less } = wordsOf(name);
	const basis = `${rangeOf(interval, unit)}, ${n} slots`;
	if (interval.low <= 0 && interval.high >= 0)
		return `No difference between the ${what} of ${b} and ${a} can be told: ${basis}.`;
	const size = `${amount(Math.abs(interval.median))} ${unit}`.trim();
	return `${b}'s ${what} is ${size} ${interval.median > 0 ? more : less} than ${a}'s: ${basis}.`;
}

/** The same of one stream before and after something. */
export function changeSentence(
	name: string,
	{ what: event, unit, interval }: { what: string; unit: string; interval: Interval },
): string {
	const { what, more, less } = wordsOf(name);
	if (interval.low <= 0 && interval.high >= 0)
		return `Since ${event} no change of the ${what} can be told: ${rangeOf(interval, unit)}.`;
	const size = `${amount(Math.abs(interval.median))} ${unit}`.trim();
	return `Since ${event} the ${what} is ${size} ${interval.median > 0 ? more : less}: ${rangeOf(interval, unit)}.`;
}

function wordsOf(name: string) {
	return Object.hasOwn(WORDS, name) ? WORDS[name]! : OTHER;
}

/** As sizes where both ends are on one side, so that "faster" is not said with a minus. */
function rangeOf({ low, high }: Interval, unit: string): string {
	const [least, most] = high < 0 ? [-high, -low] : [low, high];
	return `95 % confidence ${amount(least)} to ${amount(most)} ${unit}`.trim();
}

/** Three digits. */
function amount(value: number): string {
	if (value === 0) return '0';
	const rounded = Number(value.toPrecision(3));
	return Math.abs(rounded) >= 1000 ? String(Math.round(value)) : String(rounded);
}
