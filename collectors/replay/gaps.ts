/** A step of more than so many usual ones is a hole. */
const HOLE = 10;
/** Of so many steps the middle one is the usual one. */
const STEPS = 9;

/**
 * Lays the times of rows so close that no hole is left: one takes as long as a usual step, and rows without a value take no time.
 * Usual is the median of the newest steps, so that one hole does not make the next one look usual.
 *
 * @returns of a row its time on that clock; rows that go back in time go back there too
 */
export function createGapCloser(): (row: { readonly tMicros: number; readonly isEmpty: boolean }) => number {
	const steps: number[] = [];
	let newest: number | undefined;
	let closedMicros = 0;

	/** How much of the step to a row is left out. */
	function holeOf(step: number, isEmpty: boolean): number {
		if (isEmpty) return step;
		const usual = steps.toSorted((a, b) => a - b)[steps.length >> 1];
		if (usual !== undefined && step > HOLE * usual) return step - usual;
		steps.push(step);
		if (steps.length > STEPS) steps.shift();
		return 0;
	}

	return ({ tMicros, isEmpty }) => {
		const step = tMicros - (newest ?? tMicros);
		if (step > 0) closedMicros += holeOf(step, isEmpty);
		newest = Math.max(newest ?? tMicros, tMicros);
		return tMicros - closedMicros;
	};
}
