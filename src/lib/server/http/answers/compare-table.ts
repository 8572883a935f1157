import { csvOf, type CsvCell } from '#contracts/csv-lines.ts';
import type { ApiCompare, ApiCompared, ApiCompareGroup, ApiDifference } from '#contracts/llm-compare.ts';
import { exportedName } from '#contracts/export.ts';

const HEAD = ['from', 'to', 'metric', 'unit', 'stream', 'name', 'measure', 'value', 'low', 'high', 'n', 'sentence'];

type Row = readonly CsvCell[];

/** A comparison with a measure a line, as statistics packages like it: what has an interval has low and high beside its value. */
export function tableOfCompare({ from, to, groups }: ApiCompare): string {
	const rows = groups.flatMap((group) => [
		...group.streams.flatMap((one) => measuresOf(one).map((row) => [...head(group, one), ...row])),
		...group.pairs.map((pair) => [...head(group, ...pairOf(group, pair)), ...difference('paired_difference', pair)]),
	]);
	return csvOf([HEAD, ...rows.map((row) => [from, to, ...row])]);
}

/** What a row is about: a stream, or the second less the first. */
function head({ name, unit }: ApiCompareGroup, one: ApiCompared, less?: ApiCompared): Row {
	const of = [one, ...(less ? [less] : [])];
	return [
		name,
		unit,
		of.map(({ stream }) => stream.id).join(' - '),
		of.map(({ stream }) => nameOf(stream)).join(' - '),
	];
}

function pairOf({ streams }: ApiCompareGroup, { a, b }: { readonly a: string; readonly b: string }) {
	const [first, second] = [a, b].map((id) => streams.find(({ stream }) => stream.id === id)!);
	return [second!, first!] as const;
}

function nameOf({ key, labels }: ApiCompared['stream']): string {
	return exportedName({ key, labels });
}

function measuresOf(one: ApiCompared): Row[] {
	const percentiles = Object.entries(one.percentiles).map(([share, v]): [string, number | null] => [
		`p${100 * Number(share)}`,
		v,
	]);
	const measures: [string, number | null][] = [
		['timed_out', one.censored],
		['mean', one.mean],
		['min', one.min],
		...percentiles,
		['max', one.max],
		['share_in_control', one.inControl],
		['violations', one.violations],
		['violations_per_day', one.violationsPerDay],
	];
	const outcomes = Object.entries(one.outcomes).map(([name, n]): [string, number] => [`calls_${name}`, n]);
	return [
		...[...measures, ...outcomes].map(([measure, value]) => [measure, value, null, null, one.n, '']),
		...(one.change ? [difference(`change_at ${one.change.at}`, one.change)] : []),
	];
}

function difference(measure: string, { median, low, high, n, sentence }: ApiDifference): Row {
	return [measure, median, low, high, n, sentence];
}
