import { createNews, type Dependence, type News } from '../shape/dependence.ts';
import { createColumns, type Stage } from './stage.ts';

/**
 * What a value brings that the ones before it did not say: residuals of AR(1), or the distance to an EWMA of the past.
 * After a reset AR(1) answers the scaled distance from the mean, the EWMA nothing (NaN) for one value.
 */
export function createResidual(capacity: number): Stage<Dependence> {
	const columns = createColumns(capacity, 1);
	const steps: News[] = [];
	return {
		set(slot, dependence) {
			steps[slot] = createNews(dependence);
			columns.clear(slot);
		},
		push(slot, value) {
			const step = steps[slot];
			if (step === undefined) return value;
			const state = columns.at(slot, 0);
			columns.put(slot, 0, step.state(state, value));
			return step.answer(state, value);
		},
		reset: (slot) => columns.clear(slot),
		grow: (to) => columns.grow(to),
		snapshot: (slot) => columns.snapshot(slot),
		restore: (slot, state) => columns.restore(slot, state),
	};
}
