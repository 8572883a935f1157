import { summarise, type Subgroups } from '../charts/subgroups.ts';
import type { Analysis } from './document.ts';
import type { Reader } from './reader.ts';

/** What a document brings to be judged; NaN = missing. */
export type Input =
	| { readonly kind: 'values'; readonly values: Float64Array; readonly parts: readonly string[] | undefined }
	/** `items` are the values themselves, unless only summaries were given. */
	| { readonly kind: 'subgroups'; readonly groups: Subgroups; readonly items: readonly Float64Array[] | undefined }
	| { readonly kind: 'counts'; readonly counts: Float64Array; readonly sizes: Float64Array }
	/** [sample][item][variable] */
	| { readonly kind: 'vectors'; readonly samples: readonly (readonly (readonly number[])[])[]; readonly size: number };

type Field = 'values' | 'subgroups' | 'summaries' | 'counts' | 'sizes' | 'parts';
type Raw = Readonly<Record<string, unknown>>;

const COUNTED = ['counts', 'sizes'] as const;
const ALLOWED: Readonly<Record<Analysis, readonly Field[]>> = {
	'i-mr': ['values'],
	ewma: ['values'],
	cusum: ['values'],
	g: ['values'],
	t: ['values'],
	auto: ['values'],
	'z-mr': ['values', 'parts'],
	'xbar-r': ['subgroups', 'summaries'],
	'xbar-s': ['subgroups', 'summaries'],
	capability: ['values', 'subgroups'],
	t2: ['subgroups'],
	p: COUNTED,
	np: COUNTED,
	c: COUNTED,
	u: COUNTED,
	'p-prime': COUNTED,
	'u-prime': COUNTED,
};
const ALL: readonly Field[] = ['values', 'subgroups', 'summaries', 'counts', 'sizes', 'parts'];

export function readInput(reader: Reader, raw: Raw, chart: Analysis): { input: Input; count: number } {
	const allowed = ALLOWED[chart];
	for (const name of ALL)
		if (raw[name] !== undefined && !allowed.includes(name))
			reader.fault(`$.${name}`, `is not for this chart; ${chart} takes ${allowed.join(', ')}`);
	if (chart === 't2') return readVectors(reader, raw['subgroups']);
	if (allowed.includes('counts')) return readCounts(reader, raw, chart);
	const grouped = raw['subgroups'] !== undefined || raw['summaries'] !== undefined;
	if (allowed.includes('subgroups') && (grouped || !allowed.includes('values'))) return readGroups(reader, raw, chart);
	return readValues(reader, raw, chart);
}

function readValues(reader: Reader, raw: Raw, chart: Analysis): { input: Input; count: number } {
	const least = chart === 'g' || chart === 't' ? { least: 0 } : {};
	required(reader, raw['values'], '$.values');
	const values = reader.numbers(raw['values'], '$.values', least);
	const count = values?.length ?? 0;
	if (values?.length === 0) reader.fault('$.values', 'is empty');
	const parts = reader.texts(raw['parts'], '$.parts');
	if (parts !== undefined && parts.length !== count)
		reader.fault('$.parts', `has ${parts.length} entries for ${count} values`);
	return { input: { kind: 'values', values: values ?? new Float64Array(0), parts }, count };
}

function required(reader: Reader, value: unknown, path: string): boolean {
	if (value === undefined) reader.fault(path, 'is missing');
	return value !== undefined;
}

function readGroups(reader: Reader, raw: Raw, chart: Analysis): { input: Input; count: number } {
	if (raw['subgroups'] !== undefined && raw['summaries'] !== undefined)
		reader.fault('$.summaries', 'and subgroups say the same; give one of them');
	if (raw['summaries'] !== undefined) return readSummaries(reader, raw['summaries'], chart);
	if (!required(reader, raw['subgroups'], '$.subgroups')) return nothing();
	const items = reader.rows(raw['subgroups'], '$.subgroups') ?? [];
	if (items.length === 0) reader.fault('$.subgroups', 'is empty');
	return { input: { kind: 'subgroups', groups: summarise(items), items }, count: items.length };
}

function readSummaries(reader: Reader, value: unknown, chart: Analysis): { input: Input; count: number } {
	const raw = reader.object(value, '$.summaries', ['mean', 'range', 'sd', 'size']);
	const spread = chart === 'xbar-s' ? 'sd' : 'range';
	const column = (name: string, bounds = {}) => reader.numbers(raw[name], `$.summaries.${name}`, bounds);
	const mean = column('mean') ?? new Float64Array(0);
	const count = mean.length;
	const none = new Float64Array(count).fill(NaN);
	const groups: Subgroups = {
		mean,
		range: column('range', { least: 0 }) ?? none,
		sd: column('sd', { least: 0 }) ?? none,
		size: readSizes(reader, raw['size'], { path: '$.summaries.size', count, integer: true }),
	};
	for (const name of ['mean', spread, 'size']) required(reader, raw[name], `$.summaries.${name}`);
	for (const name of ['range', 'sd'] as const)
		if (groups[name].length !== count)
			reader.fault(`$.summaries.${name}`, `has ${groups[name].length} entries for ${count} means`);
	return { input: { kind: 'subgroups', groups, items: undefined }, count };
}

/** One number for all, or one per point. */
function readSizes(
	reader: Reader,
	value: unknown,
	{ path, count, integer = false }: { path: string; count: number; integer?: boolean },
): Float64Array {
	const bounds = { over: 0, integer };
	if (!Array.isArray(value)) return new Float64Array(count).fill(reader.number(value, path, bounds) ?? NaN);
	if (value.length !== count) reader.fault(path, `has ${value.length} entries for ${count} points`);
	return reader.numbers(value, path, bounds) ?? new Float64Array(count);
}

function readCounts(reader: Reader, raw: Raw, chart: Analysis): { input: Input; count: number } {
	if (!required(reader, raw['counts'], '$.counts')) return nothing();
	const counts = reader.numbers(raw['counts'], '$.counts', { least: 0 }) ?? new Float64Array(0);
	if (counts.length === 0) reader.fault('$.counts', 'is empty');
	const given = chart === 'c' ? (raw['sizes'] ?? 1) : raw['sizes'];
	required(reader, given, '$.sizes');
	const sizes = readSizes(reader, given, { path: '$.sizes', count: counts.length });
	if (chart === 'c' && sizes.some((size) => size !== sizes[0]))
		reader.fault('$.sizes', 'must all be the same on a c chart; u is the chart for sizes that differ');
	if (chart === 'p' || chart === 'np' || chart === 'p-prime')
		counts.forEach((count, i) => {
			if (count > sizes[i]!) reader.fault(`$.counts[${i}]`, `must be at most its size ${sizes[i]}, not ${count}`);
		});
	return { input: { kind: 'counts', counts, sizes }, count: counts.length };
}

/** [item][variable] for individuals, [sample][item][variable] for subgroups of one size. */
function readVectors(reader: Reader, value: unknown): { input: Input; count: number } {
	if (!required(reader, value, '$.subgroups') || !Array.isArray(value) || value.length === 0) {
		if (value !== undefined) reader.fault('$.subgroups', 'must be a list of samples');
		return nothing();
	}
	const single = Array.isArray(value[0]) && !Array.isArray(value[0][0]);
	const samples = (value as unknown[]).map((sample, i) => {
		const path = `$.subgroups[${i}]`;
		const rows = single ? reader.rows([sample], '$.subgroups', i) : reader.rows(sample, path);
		return (rows ?? []).map((row) => Array.from(row));
	});
	const [size, variables] = [samples[0]?.length ?? 0, samples[0]?.[0]?.length ?? 0];
	if (variables < 2) reader.fault('$.subgroups', 'must have at least two variables; for one there are xbar-s and i-mr');
	samples.forEach((sample, i) => {
		if (sample.length !== size || sample.some((row) => row.length !== variables))
			reader.fault(`$.subgroups[${i}]`, `must have ${size} items of ${variables} variables, as the first has`);
	});
	return { input: { kind: 'vectors', samples, size }, count: samples.length };
}

/** Stands in for what could not be read; its fault is on record. */
function nothing(): { input: Input; count: number } {
	return { input: { kind: 'values', values: new Float64Array(0), parts: undefined }, count: 0 };
}
