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
