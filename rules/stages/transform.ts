import { boxCox, scoreOf, type Shape } from '../shape/families.ts';
import type { Stage } from './stage.ts';

/** A change of scale, value by value; the order of values stays. */
export type Transform =
	| { readonly kind: 'none' }
	| { readonly kind: 'log' }
	| { readonly kind: 'box-cox'; readonly power: number }
	/** The standard normal value with the same chance below it under a fitted distribution. */
	| { readonly kind: 'score'; readonly shape: Shape };

/** What log and Box-Cox answer to zero and below: farther than any limit, and finite. */
const BELOW_ALL = -1e6;

export function applyTransform(transform: Transform, value: number): number {
	switch (transform.kind) {
		case 'none':
			return value;
		case 'log':
			return value > 0 ? Math.log(value) : BELOW_ALL;
		case 'box-cox':
			return value > 0 ? boxCox(value, transform.power) : BELOW_ALL;
		case 'score':
			return scoreOf(transform.shape, value);
	}
}

/**
 * The value that a transform turns into this one: limits on the transformed scale, carried back to the unit.
 *
 * @returns 0 for what lies below all that a power could give
 */
export function revertTransform(transform: Transform, transformed: number): number {
	switch (transform.kind) {
		case 'none':
			return transformed;
		case 'log':
			return Math.exp(transformed);
		case 'box-cox': {
			if (transform.power === 0) return Math.exp(transformed);
			return Math.max(0, transform.power * transformed + 1) ** (1 / transform.power);
		}
		case 'score':
			return valueOf(transform.shape, transformed);
	}
}

/** Scores grow with the value and may be flat where a shape ends: halving finds the edge of it. */
function valueOf(shape: Shape, score: number): number {
	let [low, high] = [-1, 1];
	while (scoreOf(shape, low) >= score && low > -FAR) low *= 2;
	while (scoreOf(shape, high) < score && high < FAR) high *= 2;
	for (let i = 0; i < HALVINGS; i++) {
		const middle = (low + high) / 2;
		if (middle === low || middle === high) break;
		if (scoreOf(shape, middle) < score) low = middle;
		else high = middle;
	}
	return high;
}

const FAR = 1e300;
const HALVINGS = 1200;

/** Remembers nothing, so that a reset changes nothing. */
export function createTransform(): Stage<Transform> {
	const transforms: Transform[] = [];
	return {
		set(slot, transform) {
			transforms[slot] = transform;
		},
		push: (slot, value) => applyTransform(transforms[slot] ?? { kind: 'none' }, value),
		reset() {},
		grow() {},
		snapshot: () => [],
		restore() {},
	};
}
