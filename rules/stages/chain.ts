import type { Dependence } from '../shape/dependence.ts';
import type { Shape } from '../shape/families.ts';
import type { Season } from '../shape/season.ts';
import { createResidual } from './residual.ts';
import { createSeason } from './season.ts';
import type { Stage } from './stage.ts';
import { createSubgroup, type Subgroup } from './subgroup.ts';
import { createTransform, type Transform } from './transform.ts';

/** What a baseline taught: plain JSON, belongs to the limits in force. */
export interface Learnt {
	readonly subgroup: Subgroup;
	readonly scale: Transform;
	readonly season: Season | null;
	readonly residual: Dependence;
	readonly shape: Shape;
}

/**
 * From a stream's values to standard normal scores, all links as one: subgroup -> log or Box-Cox -> season ->
 * residual ->
 * score. In control the scores are independent, with mean 0 and sigma 1.
 */
export function createScores(capacity: number): Stage<Learnt> {
	const subgroup = createSubgroup(capacity);
	const scale = createTransform();
	const season = createSeason();
	const residual = createResidual(capacity);
	const score = createTransform();
	const links = [subgroup, scale, season, residual, score];
	const widths = links.map((link) => (capacity > 0 ? link.snapshot(0).length : 0));
	return {
		set(slot, learnt) {
			subgroup.set(slot, learnt.subgroup);
			scale.set(slot, learnt.scale);
			season.set(slot, learnt.season);
			residual.set(slot, learnt.residual);
			score.set(slot, { kind: 'score', shape: learnt.shape });
		},
		push(slot, value, tMicros) {
			let x = value;
			for (const link of links) {
				x = link.push(slot, x, tMicros);
				if (x !== x) return x;
			}
			return x;
		},
		reset(slot) {
			for (const link of links) link.reset(slot);
		},
		grow(to) {
			for (const link of links) link.grow(to);
		},
		snapshot: (slot) => links.flatMap((link) => link.snapshot(slot)),
		restore(slot, state) {
			let from = 0;
			links.forEach((link, i) => {
				link.restore(slot, state.slice(from, from + widths[i]!));
				from += widths[i]!;
			});
		},
	};
}
