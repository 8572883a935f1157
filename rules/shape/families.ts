import { studentTail } from '../statistics/beta.ts';
import { normalCdf, normalQuantile, normalScore } from '../statistics/normal.ts';
import { gammaTails } from '../statistics/gamma.ts';

/** A fitted distribution; plain JSON, all that its normal score needs. */
export type Shape =
	| { readonly family: 'normal'; readonly mean: number; readonly sigma: number }
	/** Normal after ln(x). */
	| { readonly family: 'log-normal'; readonly mean: number; readonly sigma: number }
	/** Normal after (x^power - 1) / power. */
	| { readonly family: 'box-cox'; readonly power: number; readonly mean: number; readonly sigma: number }
	| { readonly family: 'gamma'; readonly shape: number; readonly scale: number }
	| { readonly family: 'weibull'; readonly shape: number; readonly scale: number }
	| { readonly family: 'student'; readonly location: number; readonly scale: number; readonly degrees: number }
	/** z = sinh(tail * asinh((x - location) / scale) - skew) is standard normal (Jones & Pewsey, Biometrika 96, 2009). */
	| {
			readonly family: 'sinh-arcsinh';
			readonly location: number;
			readonly scale: number;
			readonly skew: number;
			readonly tail: number;
	  }
	| {
			readonly family: 'two-normal';
			readonly weight: number;
			readonly means: readonly [number, number];
			readonly sigmas: readonly [number, number];
	  };

/** Where a score ends: no baseline can say how much rarer than one in 10^15 something is. */
export const FARTHEST = 8;

/**
 * The standard normal value with the same chance below it as x has under the shape. Increasing in x; a value that the
 * shape cannot produce (below zero for a latency) gets the farthest score, never NaN.
 */
export function scoreOf(shape: Shape, x: number): number {
	const z = rawScore(shape, x);
	return z > FARTHEST ? FARTHEST : z < -FARTHEST ? -FARTHEST : z;
}

function rawScore(shape: Shape, x: number): number {
	switch (shape.family) {
		case 'normal':
			return (x - shape.mean) / shape.sigma;
		case 'log-normal':
			return x > 0 ? (Math.log(x) - shape.mean) / shape.sigma : -Infinity;
		case 'box-cox':
			return x > 0 ? (boxCox(x, shape.power) - shape.mean) / shape.sigma : -Infinity;
		case 'gamma': {
			const [below, above] = gammaTails(x / shape.scale, shape.shape);
			return normalScore(below, above);
		}
		case 'weibull': {
			const hazard = x > 0 ? (x / shape.scale) ** shape.shape : 0;
			return normalScore(-Math.expm1(-hazard), Math.exp(-hazard));
		}
		case 'student': {
			const t = (x - shape.location) / shape.scale;
			const z = -normalQuantile(studentTail(Math.abs(t), shape.degrees));
			return t < 0 ? -z : z;
		}
		case 'sinh-arcsinh':
			return Math.sinh(shape.tail * Math.asinh((x - shape.location) / shape.scale) - shape.skew);
		case 'two-normal': {
			const { weight, means, sigmas } = shape;
			const a = (x - means[0]) / sigmas[0];
			const b = (x - means[1]) / sigmas[1];
			const below = weight * normalCdf(a) + (1 - weight) * normalCdf(b);
			return below < 0.5
				? normalQuantile(below)
				: -normalQuantile(weight * normalCdf(-a) + (1 - weight) * normalCdf(-b));
		}
	}
}

export function boxCox(x: number, power: number): number {
	return power === 0 ? Math.log(x) : (x ** power - 1) / power;
}

/** How many numbers of a family come from the baseline; each makes the tails less certain. */
export function parametersOf(shape: Shape): number {
	switch (shape.family) {
		case 'normal':
		case 'log-normal':
		case 'gamma':
		case 'weibull':
			return 2;
		case 'box-cox':
		case 'student':
			return 3;
		case 'sinh-arcsinh':
			return shape.skew === 0 ? 3 : 4;
		case 'two-normal':
			return 5;
	}
}
