import * as m from '#messages';
import { formatFixed } from './number.ts';

/** What a stretch of values looks like, and how it would be charted. */
export interface SourceAdvice {
	readonly kind: 'few' | 'steady' | 'state' | 'counter' | 'coarse' | 'alike' | 'plain';
	readonly text: string;
}

const FEWEST = 20;
const COARSE = 6;
/** Beyond this neighbours say the same, and limits from their differences are far too narrow. */
const ALIKE = 0.7;

/** @param values as they came, oldest first */
export function sourceAdvice(values: readonly number[]): SourceAdvice {
	const distinct = new Set(values);
	if (values.length < FEWEST)
		return { kind: 'few', text: m.sources_advice_few({ count: values.length, most: FEWEST }) };
	if (distinct.size === 1) return { kind: 'steady', text: m.sources_advice_steady() };
	if ([...distinct].every((v) => v === 0 || v === 1)) return { kind: 'state', text: m.sources_advice_state() };
	if (isCounter(values)) return { kind: 'counter', text: m.sources_advice_counter() };
	if (distinct.size < COARSE) return { kind: 'coarse', text: m.sources_advice_coarse({ count: distinct.size }) };
	const lag1 = autocorrelation(values);
	if (lag1 > ALIKE) return { kind: 'alike', text: m.sources_advice_alike({ lag: formatFixed(lag1, 2) }) };
	return { kind: 'plain', text: m.sources_advice_plain() };
}

/** Whole numbers that never fall, or fall once, back to the beginning. */
function isCounter(values: readonly number[]): boolean {
	let falls = 0;
	for (let i = 1; i < values.length; i++) if (values[i]! < values[i - 1]!) falls++;
	return falls <= 1 && values.every(Number.isInteger) && values.at(-1) !== values[0];
}

/** Of neighbours. */
function autocorrelation(values: readonly number[]): number {
	const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
	let [above, below] = [0, 0];
	values.forEach((v, i) => {
		below += (v - mean) ** 2;
		if (i > 0) above += (v - mean) * (values[i - 1]! - mean);
	});
	return below === 0 ? 0 : above / below;
}
