import type { AnalyzeOptions, Analysis } from './document.ts';
import type { Reader } from './reader.ts';

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
	'distribution',
	'intervalMs',
	'falseAlarmsPerDay',
];

/** Options of other charts are allowed and without effect: a document can be tried on several charts as it stands. */
export function readOptions(reader: Reader, value: unknown, chart: Analysis): AnalyzeOptions {
	const raw = reader.object(value, '$.options', OPTIONS);
	const at = (name: string) => `$.options.${name}`;
	const number = (name: string, bounds = {}) => reader.number(raw[name], at(name), bounds);
	const flag = (name: string) => reader.flag(raw[name], at(name)) ?? false;
	const options: AnalyzeOptions = {
		missing: reader.oneOf(raw['missing'], at('missing'), ['break', 'skip']) ?? 'break',
		rule8: reader.oneOf(raw['rule8'], at('rule8'), ['both-sides', 'either-side']) ?? 'both-sides',
		startup: reader.oneOf(raw['startup'], at('startup'), ['partial', 'full-window']) ?? 'partial',
		d2: reader.oneOf(raw['d2'], at('d2'), ['table', 'exact']) ?? 'table',
		screenMovingRanges: flag('screenMovingRanges'),
		limitsSigma: number('limitsSigma', { over: 0 }) ?? 3,
		lambda: number('lambda', { over: 0, most: 1 }) ?? 0.2,
		target: number('target'),
		sigma: number('sigma', { over: 0 }),
		asymptotic: flag('asymptotic'),
		k: number('k', { least: 0 }) ?? 0.5,
		h: number('h', { over: 0 }) ?? 5,
		lsl: number('lsl'),
		usl: number('usl'),
		confidence: number('confidence', { over: 0, below: 1 }),
		distribution: reader.oneOf(raw['distribution'], at('distribution'), ['normal', 'percentile']) ?? 'normal',
		intervalMs: number('intervalMs', { over: 0 }),
		falseAlarmsPerDay: number('falseAlarmsPerDay', { over: 0 }),
	};
	if (chart === 'capability') checkSpecification(reader, options);
	return options;
}

function checkSpecification(reader: Reader, { lsl, usl }: AnalyzeOptions): void {
	if (lsl === undefined && usl === undefined)
		reader.fault('$.options', 'capability wants lsl, usl or both: what the values should be within');
	if (lsl !== undefined && usl !== undefined && !(lsl < usl))
		reader.fault('$.options.usl', `must be over lsl ${lsl}, not ${usl}`);
}
