import { betaCdf } from '../statistics/beta.ts';
import { gammaTails } from '../statistics/gamma.ts';
import type { ChartLimits } from './limits.ts';

/**
 * How often a count in control is beyond its limits by chance. Three sigmas of a count are not three sigmas of a normal
 * distribution: where few are expected in a sample, one or two too many are soon there.
 *
 * @param rate share of defectives, or defects per unit
 * @param units inspected for one point; whole for shares
 * @param lines in the unit of the rate
 * @returns probability at each point, exact: of a binomial distribution for shares, of Poisson's for rates
 */
export function falseSignalsOfCounts(
	kind: 'share' | 'rate',
	{ rate, units }: { readonly rate: number; readonly units: number },
	{ lcl, ucl }: Pick<ChartLimits, 'lcl' | 'ucl'>,
): number {
	const most = countsWithin(ucl, units);
	const least = -countsWithin(-lcl, units);
	if (kind === 'rate') {
		const above = gammaTails(rate * units, most + 1)[0];
		return above + (least > 0 ? gammaTails(rate * units, least)[1] : 0);
	}
	const above = most >= units ? 0 : betaCdf(rate, most + 1, units - most);
	return above + (least > 0 ? betaCdf(1 - rate, units - least + 1, least) : 0);
}

/** The largest whole count whose rate is not beyond the upper line, rounded as the judgement rounds it; below zero for one under a lower line. */
export function countsWithin(line: number, units: number): number {
	const near = Math.round(line * units);
	return near / units <= line ? near : near - 1;
}
