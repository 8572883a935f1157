import type { RuleOptions } from '../bank/bank.ts';
import { DocumentError } from './fault.ts';
import type { D2 } from '../charts/moving-range.ts';
import { createReader, type Reader } from './reader.ts';
import { DEFAULT_RULES, namedRuleSet, ruleSetNames, SPREAD_RULES, type RuleSet } from '../sets/rule-sets.ts';

const ANALYSES = [
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
}

export interface Baseline {
	/** How many of a phase's first values limits are estimated from; undefined = all. */
	readonly points: number | undefined;
	/** Values that neither limits nor rules see. */
	readonly exclude: ReadonlySet<number>;
	/** Known instead of estimated: one for all, or one per value. */
	readonly centre: number | Float64Array | undefined;
	readonly sigma: number | Float64Array | undefined;
}

/** An analysis as asked for, checked. */
export interface Document {
	readonly chart: Analysis;
	/** NaN = missing. */
	readonly values: Float64Array;
	/** Where each phase starts; the first is 0. */
	readonly phases: readonly number[];
	readonly baseline: Baseline;
	readonly rules: RuleSet;
	readonly options: AnalyzeOptions;
}

const FIELDS = [
	'chart',
	'values',
	'phases',
	'baseline',
	'rules',
	'options',
	'subgroups',
	'summaries',
	'counts',
	'sizes',
];
const OPTIONS = [
	'missing',
	'rule8',
	'startup',
	'd2',
	'screenMovingRanges',
	'limitsSigma',
	'lambda',
	'target',
	'sigma',
	'asymptotic',
	'k',
	'h',
	'lsl',
	'usl',
	'confidence',
	'intervalMs',
	'falseAlarmsPerDay',
];

/** @throws DocumentError naming every field that is wrong */
export function parseDocument(input: unknown): Document {
	const reader = createReader();
	const raw = reader.object(input ?? null, '$', FIELDS);
	if (typeof input !== 'object' || input === null) throw new DocumentError(reader.faults());
	const chart = reader.oneOf(raw['chart'], '$.chart', ANALYSES) ?? 'i-mr';
	const values = readValues(reader, raw);
	const document: Document = {
		chart,
		values,
		phases: readPhases(reader, raw['phases'], values.length),
		baseline: readBaseline(reader, raw['baseline'], values.length),
		rules: readRules(reader, raw['rules']),
		options: readOptions(reader, raw['options']),
	};
	if (chart !== 'i-mr') throw new DocumentError([{ path: '$.chart', message: `${chart} is not there yet; i-mr is` }]);
	if (reader.faults().length > 0) throw new DocumentError(reader.faults());
	return document;
}

function readValues(reader: Reader, raw: Record<string, unknown>): Float64Array {
	for (const other of ['subgroups', 'summaries', 'counts', 'sizes'])
		if (raw[other] !== undefined) reader.fault(`$.${other}`, 'is not for this chart; i-mr takes values');
	if (raw['values'] === undefined) reader.fault('$.values', 'is missing');
	const values = reader.numbers(raw['values'], '$.values');
	if (values?.length === 0) reader.fault('$.values', 'is empty');
	return values ?? new Float64Array(0);
}

/** That the first phase starts at 0 may be left out. */
function readPhases(reader: Reader, value: unknown, count: number): number[] {
	const starts = reader.integers(value, '$.phases', { least: 0, below: Math.max(count, 1) }) ?? [];
	starts.forEach((start, i) => {
		if (i > 0 && start <= starts[i - 1]!) reader.fault(`$.phases[${i}]`, `must be over ${starts[i - 1]}, not ${start}`);
	});
	return starts[0] === 0 ? starts : [0, ...starts];
}

function readBaseline(reader: Reader, value: unknown, count: number): Baseline {
	const raw = reader.object(value, '$.baseline', ['points', 'exclude', 'centre', 'sigma']);
	const within = { least: 0, below: Math.max(count, 1) };
	return {
		points: reader.number(raw['points'], '$.baseline.points', { integer: true, least: 1 }),
		exclude: new Set(reader.integers(raw['exclude'], '$.baseline.exclude', within)),
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

function readRules(reader: Reader, value: unknown): RuleSet {
	if (value === undefined) return { location: DEFAULT_RULES, spread: SPREAD_RULES };
	const known = `a list of Nelson's rules 1 to 8 or one of ${ruleSetNames().join(', ')}`;
	if (typeof value === 'string') {
		const set = namedRuleSet(value);
		if (set === undefined) reader.fault('$.rules', `${JSON.stringify(value)} is not there; use ${known}`);
		return set ?? { location: [], spread: [] };
	}
	if (!Array.isArray(value)) reader.fault('$.rules', `must be ${known}`);
	const rules = Array.isArray(value) ? (reader.integers(value, '$.rules', { least: 1, below: 9 }) ?? []) : [];
	return rules.length === 0 ? { location: [], spread: [] } : { location: rules, spread: SPREAD_RULES };
}

function readOptions(reader: Reader, value: unknown): AnalyzeOptions {
	const raw = reader.object(value, '$.options', OPTIONS);
	const at = (name: string) => `$.options.${name}`;
	return {
		missing: reader.oneOf(raw['missing'], at('missing'), ['break', 'skip']) ?? 'break',
		rule8: reader.oneOf(raw['rule8'], at('rule8'), ['both-sides', 'either-side']) ?? 'both-sides',
		startup: reader.oneOf(raw['startup'], at('startup'), ['partial', 'full-window']) ?? 'partial',
		d2: reader.oneOf(raw['d2'], at('d2'), ['table', 'exact']) ?? 'table',
		screenMovingRanges: reader.flag(raw['screenMovingRanges'], at('screenMovingRanges')) ?? false,
		limitsSigma: reader.number(raw['limitsSigma'], at('limitsSigma'), { over: 0 }) ?? 3,
	};
}
