import { createT2, estimateLocation, meanVector, t2Quantile } from '../../charts/t2.ts';
import { normalTail } from '../../statistics/normal.ts';
import { phasesOf, type Built, type Lines, type Phase, type Rested } from '../build.ts';
import type { Document } from '../document.ts';

/**
 * Hotelling's T2: phase I limits on the points of the baseline, phase II limits after it. One upper limit; the centre is
 * the median in control.
 */
export function buildT2(document: Document, left: ReadonlySet<number>): Built {
	const { count } = document;
	const column = () => new Float64Array(count).fill(NaN);
	const lines: Lines = { centre: column(), sigma: column(), lcl: column(), ucl: column() };
	const statistic = column();
	const rested = phasesOf(document).map((phase) => drawPhase(document, { statistic, lines, phase, left }));
	const width = document.options.limitsSigma;
	return {
		plotted: [
			{
				name: 't2',
				rules: 'spread',
				statistic,
				lines,
				// Rule 1 looks for what is beyond centre + width * sigma: this sigma puts that on the limit.
				judged: { statistic, centre: lines.centre, sigma: lines.ucl.map((ucl, i) => (ucl - lines.centre[i]!) / width) },
			},
		],
		estimates: { mean: null, sigma: null },
		rested,
	};
}

function drawPhase(
	{ input, options }: Document,
	{ statistic, lines, phase, left }: { statistic: Float64Array; lines: Lines; phase: Phase; left: ReadonlySet<number> },
): Rested {
	const { samples, size } = input.kind === 'vectors' ? input : { samples: [], size: 0 };
	const complete = (i: number) => samples[i]!.every((item) => item.every((value) => Number.isFinite(value)));
	const used = samples
		.slice(phase.from, phase.baselineTo)
		.filter((_, i) => complete(phase.from + i) && !left.has(phase.from + i));
	const variables = samples[0]?.[0]?.length ?? 0;
	const t2 = used.length === 0 ? undefined : createT2(estimateLocation(used), size);
	const baseline = { samples: used.length, size, variables };
	// Both tails of a Shewhart chart's limits of that width: 0.27 % for three sigma.
	const p = options.confidence ?? 1 - 2 * normalTail(options.limitsSigma);
	for (const step of [1, 2] as const) {
		const [from, to] = step === 1 ? [phase.from, phase.baselineTo] : [phase.baselineTo, phase.to];
		lines.ucl.fill(t2 ? t2Quantile(p, baseline, step) : NaN, from, to);
		lines.centre.fill(t2 ? t2Quantile(0.5, baseline, step) : NaN, from, to);
		lines.lcl.fill(0, from, to);
	}
	for (let i = phase.from; i < phase.to; i++) if (t2 && complete(i)) statistic[i] = t2(meanVector(samples[i]!));
	const values = statistic.slice(phase.from, phase.baselineTo);
	return { from: phase.from, values, centre: 0, sigma: t2 ? Infinity : 0, known: false, series: false };
}
