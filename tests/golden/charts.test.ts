import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze } from '#rules';

/**
 * Golden scripts of whole charts: fields of an analysis, one line each, then what is expected of it.
 * ```
 * chart xbar-r            values 1 2 missing     subgroup 1 2 3     counts 4 5     sizes 50     phases 0 3     rules 1 2
 * baseline centre 74      option lambda 0.2
 * expect xbar ucl 74.0134 at 0          to the digits written
 * expect rule 1 on xbar at 1 span 1..1  every signal has its line
 * expect nothing
 * ```
 */
interface ChartScript {
	readonly title: string;
	readonly document: Record<string, unknown>;
	readonly cells: readonly { chart: string; column: string; value: string; index: number }[];
	readonly signals: readonly { chart: string; rule: number; index: number; span: [number, number] | undefined }[];
}

function parse(text: string): ChartScript {
	const document: Record<string, unknown> = {};
	const nested: Record<string, Record<string, unknown>> = { baseline: {}, options: {} };
	const [cells, signals, subgroups]: [ChartScript['cells'][number][], ChartScript['signals'][number][], unknown[]] = [
		[],
		[],
		[],
	];
	let title = '';
	text.split('\n').forEach((line, i) => {
		const [verb = '', ...words] = line.trim().split(/\s+/);
		const numbers = () => words.map((word) => (word === 'missing' ? null : Number(word)));
		if (verb.startsWith('#')) title ||= line.slice(2);
		else if (verb === 'chart') document['chart'] = words[0];
		else if (verb === 'subgroup') subgroups.push(numbers());
		else if (verb === 'sizes') document['sizes'] = words.length === 1 ? Number(words[0]) : numbers();
		else if (['values', 'counts', 'phases', 'rules'].includes(verb)) document[verb] = numbers();
		else if (verb === 'baseline' || verb === 'option') {
			const [name = '', value = ''] = words;
			const fields = nested[verb === 'option' ? 'options' : verb]!;
			fields[name] = value === 'true' ? true : Number.isNaN(Number(value)) ? value : Number(value);
		} else if (verb === 'expect' && words[0] === 'rule') {
			const [, rule, , chart = '', , at, , span] = words;
			const ends = span?.split('..').map(Number);
			signals.push({ chart, rule: Number(rule), index: Number(at), span: ends && [ends[0]!, ends[1]!] });
		} else if (verb === 'expect' && words.length === 5)
			cells.push({ chart: words[0]!, column: words[1]!, value: words[2]!, index: Number(words[4]) });
		else if (verb !== '' && line !== 'expect nothing')
			throw new Error(`line ${i + 1}: cannot read ${JSON.stringify(line)}`);
	});
	return {
		title,
		cells,
		signals,
		document: { ...document, ...nested, ...(subgroups.length > 0 ? { subgroups } : {}) },
	};
}

const folder = join(import.meta.dirname, 'charts');
const scripts = readdirSync(folder).map((name) => ({ name, ...parse(readFileSync(join(folder, name), 'utf8')) }));

describe.each(scripts)('$name: $title', ({ document, cells, signals }) => {
	const answer = analyze(document);
	it('has the limits', () => {
		const charts = answer.charts as unknown as Record<string, Record<string, number[]>>;
		for (const { chart, column, value, index } of cells)
			expect(charts[chart]?.[column]?.[index], `${chart} ${column} at ${index}`).toBeCloseTo(
				Number(value),
				(value.split('.')[1] ?? '').length,
			);
	});
	it('has these signals and no other', () => {
		const keyOf = ({ chart, rule, index }: { chart: string; rule: unknown; index: number }) =>
			`${chart} ${rule} at ${index}`;
		expect(answer.signals.map(keyOf).sort()).toEqual(signals.map(keyOf).sort());
		for (const signal of signals)
			if (signal.span) expect(answer.signals.find((one) => keyOf(one) === keyOf(signal))!.span).toEqual(signal.span);
	});
});
