import { autocorrelations, dependenceOf, news, type Dependence } from '../shape/dependence.ts';
import { seasonAt, seasonOf, type Season } from '../shape/season.ts';
import { describe, type Described } from '../shape/shape.ts';
import { finiteOnly } from '../statistics/moments.ts';
import { applyTransform, type Transform } from '../stages/transform.ts';

/** The whole model of a baseline: what repeats, what follows from the past, and how the rest is distributed. */
export interface Model {
	readonly scale: Transform;
	readonly season: Season | null;
	readonly residual: Dependence;
	readonly described: Described;
	/** What the shape describes: values, or what is new in them. */
	readonly rest: Float64Array;
}

/**
 * The scale with the better likelihood: as it is, or logarithms where all values are above zero. Independent values
 * without a pattern
 * need no logarithm beforehand: the shapes themselves cover it.
 *
 * @param values plotted points, oldest first, NaN = gap
 */
export function learnModel(values: Float64Array, intervalMs: number): Model {
	const plain = modelOn(values, { kind: 'none' }, intervalMs);
	if (plain.season === null && plain.residual.kind === 'none') return plain;
	if (!finiteOnly(values).every((v) => v > 0)) return plain;
	const logs = modelOn(values.map(Math.log), { kind: 'log' }, intervalMs);
	const jacobian = finiteOnly(values).reduce((sum, v) => sum + Math.log(v), 0);
	return 2 * (logs.described.logLikelihood - jacobian - plain.described.logLikelihood) > LOG_GAIN ? logs : plain;
}

/** In units of 2 ln L: strong evidence only turns a unit that people know into its logarithm. */
const LOG_GAIN = 6;

function modelOn(values: Float64Array, scale: Transform, intervalMs: number): Model {
	const season = seasonOf(values, intervalMs) ?? null;
	const level = season === null ? values : values.map((v, i) => v - seasonAt(season, i * intervalMs));
	const residual = dependenceOf(level);
	const rest = news(level, residual);
	const residuals = season !== null || residual.kind !== 'none' || scale.kind !== 'none';
	return { scale, season, residual, described: describe(finiteOnly(rest), { residuals }), rest };
}

/** @returns scores of the baseline itself, for what they still show */
export function scoresOf({ described, rest }: Model): Float64Array {
	return rest.map((v) => (v === v ? applyTransform({ kind: 'score', shape: described.shape }, v) : NaN));
}

const LAGS = 20;
/** Of a chi-square with 20 degrees of freedom: 1 %. */
const BEYOND_CHANCE = 37.6;

/**
 * How much more the EWMA of these scores varies than that of independent ones: 1, unless correlations are left that
 * are no chance
 * (Ljung & Box, Biometrika 65, 1978).
 */
export function inflationOf(scores: Float64Array, lambda: number): number {
	const count = finiteOnly(scores).length;
	const lags = Math.min(Math.max(LAGS, Math.ceil(2 / lambda)), Math.floor(count / 4));
	const r = autocorrelations(scores, lags);
	const q = r.slice(0, LAGS).reduce((sum, v, i) => sum + (v * v) / (count - i - 1), 0) * count * (count + 2);
	if (q < BEYOND_CHANCE) return 1;
	let factor = 1;
	r.forEach((v, i) => (factor += 2 * v * (1 - lambda) ** (i + 1)));
	return Math.max(1, factor);
}
