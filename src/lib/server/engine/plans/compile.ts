import { tTransform, type Stage } from '#rules';
import type { Chart } from '#contracts/chart.ts';
import type { Plan } from '#contracts/plan.ts';
import type { Chain, ChainChart, Parameters, Varying } from './chain.ts';
import { createSumsJudging, type Judging } from '#server/engine/judging.ts';
import type { Judgings } from '#server/engine/judgings.ts';
import { MAX_CHARTS } from '#server/engine/ring.ts';
import { isCounted, type CountedChart } from '#server/engine/limits/rates.ts';
import type { Stages } from './stages.ts';

/** One stage of a chain, with what it reads of the parameters. */
type Link = Pick<Stage<never>, 'reset' | 'snapshot' | 'restore'> & {
	set(slot: number, parameters: Parameters): void;
};

type Made = Pick<Chain, 'group' | 'shared' | 'charts' | 'admits'> & { readonly links: readonly Link[] };

/** What a plan is judged by. Deciding is for `make`; here its stages become one. */
export function build(plan: Plan, stages: Stages, judgings: Judgings): Chain {
	const { links, ...made } = make(plan, stages, judgings);
	return {
		...made,
		set(slot, parameters) {
			for (const link of links) link.set(slot, parameters);
		},
		reset(slot) {
			for (const link of links) link.reset(slot);
		},
		snapshot: (slot) => links.map((link) => link.snapshot(slot)),
		restore(slot, state) {
			links.forEach((link, i) => link.restore(slot, state[i]!));
		},
	};
}

function linkOf<P>(stage: Stage<P>, pick: (parameters: Parameters) => P | undefined): Link {
	return {
		reset: stage.reset,
		snapshot: stage.snapshot,
		restore: stage.restore,
		set(slot, parameters) {
			const setting = pick(parameters);
			if (setting === undefined) stage.reset(slot);
			else stage.set(slot, setting);
		},
	};
}

function make(plan: Plan, stages: Stages, judgings: Judgings): Made {
	const single = 'size' in plan.subgroup && plan.subgroup.size === 1;
	if (isCounted(plan.chart)) return makeCounted(plan.chart, { stages, rules: judgings.of(plan), none: judgings.none });
	const group = single && plan.chart !== 'auto' ? undefined : plan.chart === 'c' ? stages.tally() : stages.subgroup();
	const links = group === undefined ? [] : [linkOf<never>(group, (of) => of.group as never)];
	const head = plan.transform === 'none' ? undefined : stages.transform();
	const shared = head && { group, shared: head, links: [...links, linkOf(head, (of) => of.transform)] };
	const before = shared ?? { group, shared: undefined, links };
	const rules = judgings.of(plan);
	const judgedBy = (judging: Judging) => (plan.rules === 'none' ? judgings.none : judging);
	switch (plan.chart) {
		case 'i-mr': {
			const range = stages.range();
			const early = plan.transform === 'none' || plan.transform === 'log';
			return {
				...before,
				charts: [valueChart('i', rules), { ...statisticChart('mr', range, judgedBy(judgings.nelson)), early }],
				links: [...before.links, linkOf(range, () => null)],
			};
		}
		case 'xbar-r':
		case 'xbar-s':
			return makeXbar(plan, before, { stages, judgings });
		case 'ewma': {
			const mean = stages.mean();
			const varying: Varying = { centre: () => undefined, sigma: (slot) => mean.sigma(slot) };
			return {
				...before,
				charts: [{ ...statisticChart('ewma', mean, judgedBy(judgings.own)), varying }, valueChart('i', judgings.none)],
				links: [...before.links, linkOf(mean, (of) => of.mean)],
			};
		}
		case 'cusum': {
			const sums = stages.sums();
			const judging = createSumsJudging(sums, (slot) => Math.floor(slot / MAX_CHARTS));
			return {
				...before,
				charts: [statisticChart('cusum', sums, judgedBy(judging)), valueChart('i', judgings.none)],
				links: [...before.links, linkOf(sums, (of) => of.sums)],
			};
		}
		case 'c':
		case 'g':
		case 't2':
			return { ...before, charts: [valueChart(plan.chart, rules)] };
		case 't':
			return { ...before, shared: { push: (_slot, time) => tTransform(time) }, charts: [valueChart('t', rules)] };
		case 'z-mr': {
			const [targets, range] = [stages.targets(), stages.range()];
			return {
				group: undefined,
				admits: (slot, _v, part) => targets.aim(slot, part),
				shared: targets,
				charts: [statisticChart('z', undefined, rules), statisticChart('mr', range, judgedBy(judgings.nelson))],
				links: [targets, linkOf(range, () => null)],
			};
		}
		case 'auto': {
			const [scores, slow, fast] = [stages.scores(), stages.slow(), stages.fast()];
			return {
				group,
				shared: scores,
				charts: [
					valueChart('i', judgedBy(judgings.nelson)),
					statisticChart('ewma', slow, judgedBy(judgings.own)),
					statisticChart('ewma-fast', fast, judgedBy(judgings.own)),
				],
				links: [
					...links,
					linkOf(scores, (of) => of.learnt),
					linkOf(slow, (of) => of.slow),
					linkOf(fast, (of) => of.fast),
				],
			};
		}
	}
}

function valueChart(chart: Chart, judging: Judging): ChainChart {
	return { chart, takes: 'value', statistic: undefined, plots: 'value', early: true, judging };
}

function statisticChart(chart: Chart, statistic: Pick<Stage<never>, 'push'> | undefined, judging: Judging): ChainChart {
	return { chart, takes: 'value', statistic, plots: 'statistic', early: false, judging };
}

/** Samples of counted units; what is plotted is a share or a rate, and its limits follow from the size of the sample. */
function makeCounted(
	chart: CountedChart,
	{ stages, rules, none }: { readonly stages: Stages; readonly rules: Judging; readonly none: Judging },
): Made {
	const [tally, rates] = [stages.tally(), stages.rates()];
	const { closed } = tally;
	const unitsOf = (slot: number) => closed.size * rates.units(slot);
	const made = {
		group: tally,
		admits: rates.isCount,
		shared: undefined,
		links: [linkOf<never>(tally, (of) => of.group as never), rates],
	};
	if (chart === 'np') return { ...made, charts: [valueChart('np', rules)] };
	const share = { push: (slot: number, count: number) => count / unitsOf(slot) };
	const varying: Varying = {
		centre: () => undefined,
		sigma: (slot) => rates.limits(slot, chart, unitsOf(slot))?.sigma,
	};
	const size = { push: unitsOf };
	return {
		...made,
		charts: [
			{ ...statisticChart(chart, share, rules), early: true, varying },
			{ ...statisticChart('size', size, none), takes: 'size', early: true },
		],
	};
}

/** Where groups are of one size all limits are those of their charts; windows have as many values as came. */
function makeXbar(
	plan: Plan,
	before: Omit<Made, 'charts'>,
	{ stages, judgings }: { readonly stages: Stages; readonly judgings: Judgings },
): Made {
	const { closed } = stages.subgroup();
	const spread = stages.spread();
	const ranges = plan.chart === 'xbar-r';
	const mean = valueChart('xbar', judgings.of(plan));
	const spreads = plan.rules === 'none' ? judgings.none : judgings.nelson;
	const second = statisticChart(ranges ? 'r' : 's', undefined, spreads);
	const other: ChainChart = { ...second, takes: ranges ? 'range' : 'sd', early: true };
	if ('size' in plan.subgroup) return { ...before, charts: [mean, other] };
	const ofMean: Varying = { centre: () => undefined, sigma: (slot) => spread.ofMean(slot, closed.size) };
	const ofSpread = ranges ? spread.ofRange : spread.ofDeviation;
	const varying: Varying = {
		centre: (slot) => ofSpread(slot, closed.size).centre,
		sigma: (slot) => ofSpread(slot, closed.size).sigma,
	};
	return {
		...before,
		charts: [
			{ ...mean, varying: ofMean },
			{ ...other, varying },
			{ ...statisticChart('size', undefined, judgings.none), takes: 'size', early: true },
		],
		links: [...before.links, spread],
	};
}
