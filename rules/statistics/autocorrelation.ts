import { finiteOnly, mean } from './moments.ts';

/**
 * Lag-1 autocorrelation: sum (x[i] - m)(x[i-1] - m) / sum (x[i] - m)^2 (Box & Jenkins), over neighbours that are both there,
 * scaled to the number of pairs so that gaps do not make it smaller.
 *
 * @param values oldest first; NaN = missing or set aside
 * @returns undefined with fewer than three pairs or without any variation
 */
export function lag1(values: Float64Array): number | undefined {
	const there = finiteOnly(values);
	const centre = mean(there);
	let products = 0;
	let pairs = 0;
	for (let i = 1; i < values.length; i++) {
		const product = (values[i]! - centre) * (values[i - 1]! - centre);
		if (!Number.isFinite(product)) continue;
		products += product;
		pairs++;
	}
	const squares = there.reduce((sum, v) => sum + (v - centre) ** 2, 0);
	if (pairs < 3 || !(squares > 0)) return undefined;
	return ((products / squares) * (there.length - 1)) / pairs;
}
