import { describe, expect, it } from 'vitest';
import { chartsOf, plotsValues, type ChartedPlan } from './charted.ts';

describe('the charts of a plan', () => {
	const f = (plan: ChartedPlan, charts: readonly string[]) => expect(chartsOf(plan)).toEqual(charts);
	it('are individuals and their ranges unless it says otherwise', () => f({}, ['i', 'mr']));
	it('begin with the one that is read first', () => f({ chart: 'xbar-s' }, ['xbar', 's']));
	it('of a kind that nobody knows are none', () => f({ chart: 'toString' }, []));
});

describe('stored points are points of chart i', () => {
	const f = (plan: ChartedPlan, values: boolean) => expect(plotsValues(plan)).toBe(values);
	it('where each is plotted by itself', () => f({ chart: 'i-mr', subgroup: { size: 1 } }, true));
	it('not where it is a mean of five', () => f({ chart: 'i-mr', subgroup: { size: 5 } }, false));
	it('not where it is a mean of a minute', () => f({ chart: 'i-mr', subgroup: { window: 60_000 } }, false));
	it('not where it may be a score', () => f({ chart: 'auto', subgroup: { size: 1 } }, false));
});
