import type { Baseline, Measured } from './baseline.ts';
import type { Figures } from './bench.ts';

/** Of one figure, old against new. */
export interface Compared {
	readonly bench: string;
	readonly figure: string;
	/** Medians of the runs. */
	readonly old: number;
	readonly new: number;
	/** new / old. */
	readonly ratio: number;
	/** How far from 1 a ratio may be by chance: what the runs of either side lie apart, as a share of their median. */
	readonly noise: number;
	readonly verdict: 'better' | 'worse' | 'same';
}

/** Two runs that happen to agree are no proof of more precision than this. */
const LEAST_NOISE = 0.05;
/** One run says nothing of its own spread. */
const NOISE_OF_ONE_RUN = 0.25;

/** @returns one entry for each figure that both have, of the benches whose workload is the same */
export function compare(old: Baseline, now: Baseline): readonly Compared[] {
	return Object.entries(now).flatMap(([bench, measured]) => {
		const before = old[bench];
		if (before === undefined || before.workload !== measured.workload) return [];
		return compareRuns(bench, before.runs, measured.runs);
	});
}

/** @returns in words, what cannot be compared or only with care */
export function caveats(old: Baseline, now: Baseline): readonly string[] {
	return Object.entries(now).flatMap(([bench, measured]) => {
		const before = old[bench];
		if (before === undefined) return [`${bench}: not in the baseline`];
		if (before.workload !== measured.workload) return [`${bench}: another workload than the baseline's`];
		return machineOf(before) === machineOf(measured)
			? []
			: [`${bench}: baseline of another machine (${machineOf(before)}; here ${machineOf(measured)})`];
	});
}

function machineOf({ machine }: Measured): string {
	return `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, Node ${machine.node}`;
}

function compareRuns(bench: string, before: readonly Figures[], after: readonly Figures[]): Compared[] {
	const oldValues = valuesOf(before);
	return [...valuesOf(after)].flatMap(([figure, values]) => {
		const old = oldValues.get(figure);
		return old === undefined ? [] : [compareFigure({ bench, figure }, old, values)];
	});
}

function compareFigure(
	names: Pick<Compared, 'bench' | 'figure'>,
	before: readonly number[],
	after: readonly number[],
): Compared {
	const [old, now] = [median(before), median(after)];
	const ratio = old === now ? 1 : now / old;
	const noise = Math.max(LEAST_NOISE, spread(before), spread(after));
	const better = names.figure.endsWith('PerSecond') ? ratio > 1 : ratio < 1;
	const verdict = Math.abs(ratio - 1) <= noise ? 'same' : better ? 'better' : 'worse';
	return { ...names, old, new: now, ratio, noise, verdict };
}

/** The values of each figure over the runs; nested figures by their path. */
function valuesOf(runs: readonly Figures[]): Map<string, number[]> {
	const values = new Map<string, number[]>();
	const walk = (figures: Figures, path: string): void => {
		for (const [name, value] of Object.entries(figures)) {
			if (typeof value !== 'number') walk(value, `${path}${name}.`);
			else values.set(path + name, [...(values.get(path + name) ?? []), value]);
		}
	};
	for (const run of runs) walk(run, '');
	return values;
}

function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return (
		((sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? NaN)) / 2
	);
}

function spread(values: readonly number[]): number {
	if (values.length < 2) return NOISE_OF_ONE_RUN;
	const middle = median(values);
	return middle === 0 ? 0 : (Math.max(...values) - Math.min(...values)) / Math.abs(middle);
}

/** A line per figure; what moved by more than the noise is marked. */
export function tableOf(compared: readonly Compared[]): string {
	const rows = compared.map((one) => [
		one.bench,
		one.figure,
		String(one.old),
		String(one.new),
		Number.isFinite(one.ratio) ? `${one.ratio.toFixed(2)}x` : 'from 0',
		`±${Math.round(one.noise * 100)} %`,
		one.verdict === 'same' ? '' : one.verdict,
	]);
	const lines = [['bench', 'figure', 'old', 'new', 'new/old', 'noise', ''], ...rows];
	const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
	return lines
		.map((line) => line.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
		.map((line) => line.trimEnd())
		.join('\n');
}
