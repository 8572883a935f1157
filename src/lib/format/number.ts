import * as m from '#messages';
import { getLocale } from '#messages/generated/runtime.js';
import { manner } from './manner.ts';

const MINUS = '\u2212';
const THIN = '\u202f';
const MOST_DECIMALS = 9;

/** Writes values of one stream: always as many decimals, so that columns of them stand still. */
export type NumberFormat = (value: number) => string;

/**
 * As many decimals as the spread is worth: two significant digits of sigma.
 *
 * @param sigma of the stream, in its unit; undefined while none is known: then four significant digits of each value
 */
export function numberFormat(sigma: number | undefined): NumberFormat {
	if (sigma === undefined || !(sigma > 0) || !Number.isFinite(sigma)) return formatLoose;
	const decimals = Math.min(MOST_DECIMALS, Math.max(0, 1 - Math.floor(Math.log10(sigma))));
	return (value) => formatFixed(value, decimals);
}

function formatLoose(value: number): string {
	if (value === 0 || !Number.isFinite(value)) return formatFixed(value, 0);
	const decimals = Math.min(MOST_DECIMALS, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value)))));
	return formatFixed(value, decimals);
}

/** @returns an en dash for what is no number */
export function formatFixed(value: number, decimals: number): string {
	if (!Number.isFinite(value)) return '–';
	const size = Math.abs(value);
	if (size >= 1e9 || (size > 0 && size < 1e-6)) return exponential(value);
	const text = size.toFixed(decimals);
	const sign = value < 0 && Number(text) !== 0 ? MINUS : '';
	return sign + grouped(text);
}

/** @returns evenly spaced values with as many decimals as their distance needs, and no more */
export function axisLabels(ticks: readonly number[]): string[] {
	const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0));
	let decimals = 0;
	while (decimals < MOST_DECIMALS && Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) > 1e-6)
		decimals++;
	return ticks.map((tick) => formatFixed(tick, decimals));
}

/** Thin spaces between thousands, from five digits on. */
function grouped(text: string): string {
	const [whole = '', fraction] = text.split('.');
	const parts = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, THIN) : whole;
	return fraction === undefined ? parts : `${parts}${decimalMark()}${fraction}`;
}

/** @returns what stands between whole and fraction: as its reader chose, else in the language of the page */
export function decimalMark(): string {
	const { decimals } = manner();
	if (decimals !== 'language') return decimals === 'comma' ? ',' : '.';
	return getLocale() === 'de' ? ',' : '.';
}

/** @param text as JavaScript writes a number, like `-2.5` */
export function localNumber(text: string): string {
	return text.replace('.', decimalMark()).replace('-', MINUS);
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function exponential(value: number): string {
	const [mantissa = '', exponent = '0'] = Math.abs(value).toExponential(2).split('e');
	const power = [...String(Math.abs(Number(exponent)))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
	return `${value < 0 ? MINUS : ''}${localNumber(mantissa)}×10${Number(exponent) < 0 ? '⁻' : ''}${power}`;
}

/** @returns the distance from the centre line, like `+2.4 σ`; empty when sigma is none */
export function formatDeviation(value: number, centre: number, sigma: number): string {
	const deviation = (value - centre) / sigma;
	if (!Number.isFinite(deviation)) return '';
	const size = Math.abs(deviation);
	const text = size >= 100 ? size.toFixed(0) : size.toFixed(1);
	return `${Number(text) === 0 ? '±' : deviation < 0 ? MINUS : '+'}${localNumber(text)} σ`;
}

const NOUNS = {
	point: m.format_count_point,
	'new-point': m.format_count_new_point,
	value: m.format_count_value,
	'judged-value': m.format_count_judged_value,
	violation: m.format_count_violation,
	stream: m.format_count_stream,
	time: m.format_count_time,
	part: m.format_count_part,
	record: m.format_count_record,
	fault: m.format_count_fault,
	message: m.format_count_message,
	tile: m.format_count_tile,
	bucket: m.format_count_bucket,
} as const;
export type Noun = keyof typeof NOUNS;

/** @returns a count with its noun, like `1 point`, `12 points` */
export function formatCount(count: number, noun: Noun): string {
	return NOUNS[noun]({ count, n: formatWhole(count) });
}

/** @returns a whole number, with thin spaces between thousands from five digits on */
export function formatWhole(count: number): string {
	return grouped(String(count));
}
