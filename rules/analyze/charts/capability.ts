import { capability } from '../../capability/capability.ts';
import { finiteOnly } from '../../statistics/moments.ts';
import { single, type Built } from '../build.ts';
import { buildImr } from './i-mr.ts';
import { buildXbar } from './xbar.ts';
import type { Document } from '../document.ts';
import { groupsOf } from './values.ts';

/** Ranges say less than deviations from here on; qcc draws the line there too. */
const RANGES_UP_TO = 25;

/** Capability has no chart of its own; what it rests on comes from the chart that the values would have. */
export function buildCapability(document: Document, left: ReadonlySet<number>): Built {
	const whole = { ...document, phases: [0] };
	const grouped = document.input.kind === 'subgroups';
	const ranges = grouped && groupsOf(document).size.every((size) => size <= RANGES_UP_TO);
	const chart = ranges ? 'xbar-r' : 'xbar-s';
	const built = grouped ? buildXbar({ ...whole, chart }, left) : buildImr(whole, left);
	const { options, baseline } = document;
	const known = baseline.sigma instanceof Float64Array ? single(baseline.sigma) : baseline.sigma;
	return {
		...built,
		plotted: [],
		capability: capability({
			...options,
			values: valuesLeft(whole, left),
			sigmaWithin: known ?? built.estimates.sigma ?? NaN,
			mean: baseline.centre instanceof Float64Array ? single(baseline.centre) : baseline.centre,
		}),
	};
}

function valuesLeft({ input, baseline, count }: Document, left: ReadonlySet<number>): Float64Array {
	const to = Math.min(count, baseline.points ?? Infinity);
	const kept = (_: unknown, i: number) => i < to && !left.has(i);
	if (input.kind === 'values') return finiteOnly(input.values.filter(kept));
	if (input.kind !== 'subgroups' || input.items === undefined) return new Float64Array(0);
	return finiteOnly(input.items.filter(kept).flatMap((group) => Array.from(group)));
}
