import { formatFixed } from './number.ts';

const DIGITS = 6;
const MOST_DECIMALS = 9;

/** A value as a display of the machine would show it: six digits, and none that say nothing. */
export function formatReading(v: number): string {
	if (v === 0 || !Number.isFinite(v)) return formatFixed(v, 0);
	const rounded = Number(v.toPrecision(DIGITS));
	const magnitude = Math.floor(Math.log10(Math.abs(rounded)));
	if (magnitude < -MOST_DECIMALS || magnitude > 15) return String(rounded);
	const text = rounded.toFixed(Math.max(0, Math.min(MOST_DECIMALS, DIGITS - 1 - magnitude)));
	const decimals = text.includes('.') ? text.replace(/0+$/, '').split('.')[1]!.length : 0;
	return formatFixed(rounded, decimals);
}
