import type { RuleOptions } from '../bank/bank.ts';
import type { D2 } from '../charts/constants.ts';
import type { RuleSet } from '../sets/rule-sets.ts';
import { DocumentError } from './fault.ts';
import { readInput, type Input } from './input.ts';
import { readOptions } from './options.ts';
import { createReader, type Reader } from './reader.ts';
import { readRules } from './rules.ts';

export const ANALYSES = [
	'i-mr',
	'xbar-r',
	'xbar-s',
	'ewma',
	'cusum',
	'p',
	'np',
	'c',
	'u',
	'p-prime',
	'u-prime',
	'g',
	't',
	't2',
	'z-mr',
	'capability',
	'auto',
] as const;
export type Analysis = (typeof ANALYSES)[number];

export interface AnalyzeOptions extends RuleOptions {
	readonly d2: D2;
	readonly screenMovingRanges: boolean;
	readonly limitsSigma: number;
	readonly lambda: number;
	readonly target: number | undefined;
	readonly sigma: number | undefined;
	readonly asymptotic: boolean;
	readonly k: number;
	readonly h: number;
	readonly lsl: number | undefined;
	readonly usl: number | undefined;
	readonly confidence: number | undefined;
	readonly distribution: 'normal' | 'percentile';
	readonly intervalMs: number | undefined;
	readonly falseAlarmsPerDay: number | undefined;
}

export interface Baseline {
	/** How many of a phase's first points limits are estimated from; undefined = all. */
	readonly points: number | undefined;
	/** Points that neither limits nor rules see. */
	readonly exclude: ReadonlySet<number>;
	/** Points beyond their own limits leave the estimates, again and again until none is. */
	readonly revise: boolean;
	/** Known instead of estimated: one for all, or one per point. */
	readonly centre: number | Float64Array | undefined;
	readonly sigma: number | Float64Array | undefined;
}

/** An analysis as asked for, checked. */
export interface Document {
	readonly chart: Analysis;
	readonly input: Input;
	/** Points that are plotted. */
	readonly count: number;
	/** Where each phase starts; the first is 0. */
	readonly phases: readonly number[];
	readonly baseline: Baseline;
	readonly rules: RuleSet;
	readonly options: AnalyzeOptions;
}

const FIELDS = [
	'chart',
	'values',
	'subgroups',
	'summaries',
	'counts',
	'sizes',
	'parts',
	'phases',
	'baseline',
	'rules',
	'options',
];

/** @throws DocumentError naming every field that is wrong */
export function parseDocument(input: unknown): Document {
	const reader = createReader();
	const raw = reader.object(input ?? null, '$', FIELDS);
	if (typeof input !== 'object' || input === null) throw new DocumentError(reader.faults());
	const chart = reader.oneOf(raw['chart'], '$.chart', ANALYSES) ?? 'i-mr';
	const { count, ...found } = readInput(reader, raw, chart);
	const document: Document = {
		chart,
		input: found.input,
		count,
		phases: readPhases(reader, raw['phases'], count),
		baseline: readBaseline(reader, raw['baseline'], { count, chart }),
		rules: readRules(reader, raw['rules'], chart),
		options: readOptions(reader, raw['options'], chart),
	};
	if (reader.faults().length > 0) throw new DocumentError(reader.faults());
	return document;
}

/** That the first phase starts at 0 may be left out. */
function readPhases(reader: Reader, value: unknown, count: number): number[] {
	const starts = reader.integers(value, '$.phases', { least: 0, below: Math.max(count, 1) }) ?? [];
	starts.forEach((start, i) => {
		if (i > 0 && start <= starts[i - 1]!) reader.fault(`$.phases[${i}]`, `must be over ${starts[i - 1]}, not ${start}`);
	});
	return starts[0] === 0 ? starts : [0, ...starts];
}

/** What these charts estimate has no single centre or sigma that could be given. */
const ESTIMATED: Readonly<Partial<Record<Analysis, readonly string[]>>> = {
	t: ['sigma'],
	t2: ['centre', 'sigma'],
	auto: ['centre', 'sigma'],
};

function readBaseline(reader: Reader, value: unknown, { count, chart }: { count: number; chart: Analysis }): Baseline {
	const raw = reader.object(value, '$.baseline', ['points', 'exclude', 'revise', 'centre', 'sigma']);
	const within = { least: 0, below: Math.max(count, 1) };
	for (const name of ESTIMATED[chart] ?? [])
		if (raw[name] !== undefined) reader.fault(`$.baseline.${name}`, `cannot be given for a ${chart} chart`);
	return {
		points: reader.number(raw['points'], '$.baseline.points', { integer: true, least: 1 }),
		exclude: new Set(reader.integers(raw['exclude'], '$.baseline.exclude', within)),
		revise: reader.flag(raw['revise'], '$.baseline.revise') ?? false,
		centre: readKnown(reader, raw['centre'], { path: '$.baseline.centre', count }),
		sigma: readKnown(reader, raw['sigma'], { path: '$.baseline.sigma', count, least: 0 }),
	};
}

function readKnown(
	reader: Reader,
	value: unknown,
	{ path, count, least }: { path: string; count: number; least?: number },
): number | Float64Array | undefined {
	const bounds = least === undefined ? {} : { least };
	if (!Array.isArray(value)) return reader.number(value, path, bounds);
	if (value.length !== count) reader.fault(path, `has ${value.length} entries for ${count} values`);
	return reader.numbers(value, path, bounds);
}
