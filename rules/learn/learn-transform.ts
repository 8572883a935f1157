import { fitBoxCox } from '../shape/fit.ts';
import { sampleOf } from '../shape/sample.ts';
import { describe } from '../shape/shape.ts';
import type { Transform } from '../stages/transform.ts';
import { finiteOnly } from '../statistics/moments.ts';

/**
 * A transform with its parameters: the power by maximum likelihood, or the distribution that a baseline speaks for.
 *
 * @param values what is not finite is missing
 * @returns undefined when values cannot be transformed so: zero or below for log and Box-Cox, fewer than three different ones
 */
export function learnTransform(
	kind: 'none' | 'log' | 'box-cox' | 'percentile',
	values: Float64Array,
): Transform | undefined {
	const there = finiteOnly(values);
	if (kind === 'none') return { kind };
	if (kind !== 'percentile' && !there.every((v) => v > 0)) return undefined;
	if (kind === 'log') return { kind };
	if (new Set(there).size < 3) return undefined;
	if (kind === 'percentile') return { kind: 'score', shape: describe(there).shape };
	const { shape } = fitBoxCox(sampleOf(there));
	return shape.family === 'box-cox' ? { kind, power: shape.power } : undefined;
}
