import { createCusum, type CusumState } from '../../charts/cusum.ts';
import { createEwma } from '../../charts/ewma.ts';
import { limitsAround } from '../../charts/limits.ts';
import { eachPoint, linesOf, orNull, phasesOf, type Built, type Rested } from '../build.ts';
import type { Document } from '../document.ts';
import type { ChartSignal } from '../signals.ts';
import { estimateSeries, seriesEstimates, type SeriesEstimate } from './i-mr.ts';
import { valuesOf } from './values.ts';

/** Target and sigma of single values at each point: given as options, else known, else estimated. */
interface Reference {
	readonly target: Float64Array;
	readonly sigma: Float64Array;
	readonly estimates: readonly SeriesEstimate[];
}

/** Exponentially weighted moving average. It begins anew at each phase and, unless skipped, after a missing value. */
export function buildEwma(document: Document, left: ReadonlySet<number>): Built {
	const { options, count } = document;
	const values = valuesOf(document);
	const reference = referenceOf(document, left);
	const ewma = createEwma(options);
	const statistic = new Float64Array(count).fill(NaN);
	const spread = new Float64Array(count).fill(NaN);
	eachStep(document, {
		restart: () => ewma.reset(),
		step: (i) => {
			const { value, sigma } = ewma.push(values[i]!, reference.target[i]!, reference.sigma[i]!);
			statistic[i] = value;
			spread[i] = sigma;
		},
	});
	return {
		plotted: [
			{
				name: 'ewma',
				rules: 'own',
				statistic,
				lines: linesOf(count, (i) => limitsAround(reference.target[i]!, spread[i]!, options)),
			},
		],
		estimates: estimatesOf(document, reference),
		rested: restedOf(document, reference),
	};
}

/** Tabular CUSUM; begins anew as the EWMA does, never because it signals. */
export function buildCusum(document: Document, left: ReadonlySet<number>): Built {
	const { options, count } = document;
	const values = valuesOf(document);
	const reference = referenceOf(document, left);
	const cusum = createCusum(options);
	const columns = { plus: Array<number | null>(count).fill(null), minus: Array<number | null>(count).fill(null) };
	const limit = reference.sigma.map((sigma) => options.h * sigma);
	const signals: ChartSignal[] = [];
	const [judged, out]: [number[], number[]] = [[], []];
	eachStep(document, {
		restart: () => cusum.reset(),
		step: (i) => {
			if (!Number.isFinite(values[i])) return;
			const state = cusum.push(values[i]!, reference.target[i]!, reference.sigma[i]!);
			columns.plus[i] = orNull(state.plus);
			columns.minus[i] = orNull(state.minus);
			judged.push(i);
			const found = signalsAt(state, limit[i]!, judged);
			if (found.length > 0) out.push(i);
			signals.push(...found);
		},
	});
	const silent = document.rules.location.length === 0;
	return {
		plotted: [],
		cusum: {
			chart: { ...columns, h: orNull(limit[count - 1]!), limit: Array.from(limit, orNull), out },
			signals: silent ? [] : signals,
		},
		estimates: estimatesOf(document, reference),
		rested: restedOf(document, reference),
	};
}

/**
 * The pattern begins where the sum was last 0: Page's estimate of when the shift began.
 *
 * @param judged indices of the points so far; what is missing or left out is not among them
 */
function signalsAt(
	{ plus, minus, sincePlus, sinceMinus }: CusumState,
	limit: number,
	judged: readonly number[],
): ChartSignal[] {
	const index = judged[judged.length - 1]!;
	const over = (sum: number, side: 'above' | 'below', since: number): ChartSignal[] =>
		sum > limit
			? [{ chart: 'cusum', index, rule: 1, side, span: [judged[judged.length - since] ?? index, index] }]
			: [];
	return [...over(plus, 'above', sincePlus), ...over(minus, 'below', sinceMinus)];
}

function eachStep(
	{ phases, baseline, count, options, input }: Document,
	{ restart, step }: { restart: () => void; step: (index: number) => void },
): void {
	const starts = new Set(phases);
	const values = input.kind === 'values' ? input.values : new Float64Array(0);
	for (let i = 0; i < count; i++) {
		if (starts.has(i)) restart();
		if (baseline.exclude.has(i)) continue;
		if (!Number.isFinite(values[i]) && options.missing !== 'skip') restart();
		step(i);
	}
}

function referenceOf(document: Document, left: ReadonlySet<number>): Reference {
	const { baseline, options } = document;
	const phases = phasesOf(document);
	const estimates = estimateSeries(document, valuesOf(document), left);
	return {
		target: eachPoint(document, options.target ?? baseline.centre, phases, (i) => estimates[i]!.mean),
		sigma: eachPoint(document, options.sigma ?? baseline.sigma, phases, (i) => estimates[i]!.sigma),
		estimates,
	};
}

function estimatesOf(document: Document, { estimates }: Reference) {
	const found = seriesEstimates(document, estimates);
	return document.options.sigma === undefined ? found : { ...found, sigma: document.options.sigma };
}

function restedOf(document: Document, { target, sigma, estimates }: Reference): Rested[] {
	const known = document.options.sigma !== undefined || document.baseline.sigma !== undefined;
	return phasesOf(document).map(({ from }, i) => ({
		from,
		values: estimates[i]!.baseline,
		centre: target[from]!,
		sigma: sigma[from]!,
		known,
		series: true,
		measured: { intervalMs: document.options.intervalMs },
	}));
}
