import type { Subgroups } from '../../charts/subgroups.ts';
import type { Document } from '../document.ts';

/** The readers give every chart the input that it takes; another one is a fault of ours. */
export function valuesOf({ input, chart }: Document): Float64Array {
	if (input.kind !== 'values') throw new TypeError(`${chart} wants values, not ${input.kind}`);
	return input.values;
}

export function groupsOf({ input, chart }: Document): Subgroups {
	if (input.kind !== 'subgroups') throw new TypeError(`${chart} wants subgroups, not ${input.kind}`);
	return input.groups;
}

export function countsOf({ input, chart }: Document): { counts: Float64Array; sizes: Float64Array } {
	if (input.kind !== 'counts') throw new TypeError(`${chart} wants counts, not ${input.kind}`);
	return input;
}
