import { createConstants, type SampleConstants } from './constants.ts';
import { pPrimeLimits, uPrimeLimits } from './laney.ts';
import { limitsAround, type ChartLimits, type LimitOptions } from './limits.ts';
import { rangeLimits } from './xbar-r.ts';
import { deviationLimits } from './xbar-s.ts';

/** Charts whose limits follow the size of each point. */
export const SIZED_CHARTS = ['p', 'u', 'p-prime', 'u-prime', 'xbar', 'r', 's'] as const;
export type SizedChart = (typeof SIZED_CHARTS)[number];

/** What the limits of such a chart follow from. */
export interface Sized {
	readonly centre: number;
	/** Of means, ranges and deviations sigma of one value; of shares and rates Laney's sigma z, 1 where counts vary as counts do. */
	readonly spread: number;
	readonly limitsSigma: number;
}

/**
 * Limits of a point that was made of `size` values (units, of shares and rates): one definition for what is judged and what is drawn.
 *
 * @param constants of ranges and deviations, kept by who asks often
 */
export function limitsAtSize(
	chart: SizedChart,
	size: number,
	{ centre, spread, limitsSigma }: Sized,
	constants: (size: number) => SampleConstants = createConstants(),
): ChartLimits {
	const options: LimitOptions = { limitsSigma };
	switch (chart) {
		case 'p':
		case 'p-prime':
			return pPrimeLimits({ centre, sigmaZ: spread, size }, options);
		case 'u':
		case 'u-prime':
			return uPrimeLimits({ centre, sigmaZ: spread, size }, options);
		case 'xbar':
			return limitsAround(centre, spread / Math.sqrt(size), options);
		case 'r':
			return rangeLimits({ sigma: spread, size }, options, constants);
		case 's':
			return deviationLimits({ sigma: spread, size }, options, constants);
	}
}
