import { adviseOn } from './advice.ts';
import type { Answer, Charts } from './answer.ts';
import { chartOf, type Build, type Built, type Plotted } from './build.ts';
import { analyzeAuto } from './charts/auto.ts';
import { buildCapability } from './charts/capability.ts';
import { buildCounted } from './charts/counted.ts';
import { buildImr } from './charts/i-mr.ts';
import { buildCusum, buildEwma } from './charts/memory.ts';
import { buildG, buildT } from './charts/rare.ts';
import { buildT2 } from './charts/t2.ts';
import { buildXbar } from './charts/xbar.ts';
import { buildZmr } from './charts/z-mr.ts';
import { parseDocument, type Analysis, type Document } from './document.ts';
import { revise } from './revise.ts';
import { judgeSeries, type ChartSignal } from './signals.ts';

const BUILDS: Readonly<Record<Exclude<Analysis, 'auto'>, Build>> = {
	'i-mr': buildImr,
	'xbar-r': buildXbar,
	'xbar-s': buildXbar,
	ewma: buildEwma,
	cusum: buildCusum,
	p: buildCounted,
	np: buildCounted,
	c: buildCounted,
	u: buildCounted,
	'p-prime': buildCounted,
	'u-prime': buildCounted,
	g: buildG,
	t: buildT,
	t2: buildT2,
	'z-mr': buildZmr,
	capability: buildCapability,
};

/**
 * One SPC analysis: the document of `sigmascope analyze` in, its answer out. Pure; same rules as live streams.
 *
 * @param input the parsed JSON document, of unknown shape
 * @throws DocumentError with the path of everything that is wrong with it
 */
export function analyze(input: unknown): Answer {
	const document = parseDocument(input);
	if (document.chart === 'auto') return analyzeAuto(document);
	const build = BUILDS[document.chart];
	const { revise: asked, exclude } = document.baseline;
	const { built, excluded } = asked
		? revise(document, build)
		: { built: build(document, exclude), excluded: undefined };
	return {
		charts: chartsOf(built),
		signals: [...built.plotted.flatMap((chart) => judge(document, chart)), ...(built.cusum?.signals ?? [])],
		estimates: built.estimates,
		...(built.capability ? { capability: built.capability } : {}),
		...(excluded ? { excluded } : {}),
		advice: adviseOn(built),
	};
}

function chartsOf({ plotted, cusum }: Built): Charts {
	const charts = Object.fromEntries(plotted.map((chart) => [chart.name, chartOf(chart)]));
	return cusum ? { ...charts, cusum: cusum.chart } : charts;
}

function judge({ phases, baseline, rules, options }: Document, { name, ...chart }: Plotted): ChartSignal[] {
	const { statistic, centre, sigma } = chart.judged ?? { statistic: chart.statistic, ...chart.lines };
	const own = rules.location.length > 0 ? [1] : [];
	const judging = { location: rules.location, spread: rules.spread, own }[chart.rules];
	const series = {
		...{ chart: name, statistic, centre, sigma, phases, exclude: baseline.exclude, rules: judging },
		written: chart.rules === 'location' ? rules.written : undefined,
	};
	return judgeSeries(series, options);
}
