import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { analyze, type Answer } from '#rules';
import { documentOfCsv } from '#contracts/analyze-csv.ts';
import { parseFlags } from './analyze-flags.ts';
import { openInput } from './analyze-input.ts';
import { writeJson } from './analyze-json.ts';
import { tableOf } from './analyze-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'analyze-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function* chunksOf(text: string) {
	for (let at = 0; at < text.length; at += 7) yield text.slice(at, at + 7);
}
const csv = (text: string, ...args: string[]) =>
	documentOfCsv(chunksOf(text), { ...parseFlags(args), label: 'x.csv', flag: (name) => `--${name}` });

describe('a CSV file becomes a document', () => {
	const f = async (text: string, args: string, document: object) =>
		expect(await csv(text, ...args.split(' ').filter(Boolean))).toEqual(document);
	it('from its only column', () => f('v\n1\n2\n', '', { chart: 'i-mr', values: [1, 2] }));
	it('without a first line of names', () => f('1\n2\n', '', { chart: 'i-mr', values: [1, 2] }));
	it('by a column name', () => f('t,x\n9,1\n9,2', '--column x', { chart: 'i-mr', values: [1, 2] }));
	it('by a column number', () => f('9,1\n9,2', '--column 2', { chart: 'i-mr', values: [1, 2] }));
	it('from the column that is called value', () => f('t,value\n9,1', '', { chart: 'i-mr', values: [1] }));
	it('with decimal commas between semicolons', () =>
		f('t;x\n9;1,5\n9;2,5', '--column x', { chart: 'i-mr', values: [1.5, 2.5] }));
	it('with tabs, quotes, a byte order mark and CRLF', () =>
		f('\ufeff"a b"\tx\r\n"1"\t2\r\n', '--column x', { chart: 'i-mr', values: [2] }));
	it('with null for what is empty or NA', () =>
		f('t,x\n9,1\n9,\n9,NA\n9,-', '--column x', { chart: 'i-mr', values: [1, null, null, null] }));
	it('with phases where a column changes', () =>
		f('x,p\n1,a\n2,a\n3,b', '--column x --phase p', { chart: 'i-mr', values: [1, 2, 3], phases: [0, 2] }));
	it('with subgroups of so many lines', () =>
		f('1\n2\n3\n4\n5', '--chart xbar-r --subgroup 2', { chart: 'xbar-r', subgroups: [[1, 2], [3, 4], [5]] }));
	it('with subgroups by a column, and phases of subgroups', () =>
		f('x,g,p\n1,a,k\n2,a,k\n3,b,l', '--chart xbar-s --column x --subgroup g --phase p', {
			chart: 'xbar-s',
			subgroups: [[1, 2], [3]],
			phases: [0, 1],
		}));
	it('with a subgroup on each line', () =>
		f('a,b\n1,2\n3,', '--chart xbar-r --columns a,b', {
			chart: 'xbar-r',
			subgroups: [
				[1, 2],
				[3, null],
			],
		}));
	it('with counts and sizes', () =>
		f('d,n\n1,50\n2,60', '--chart p --column d --size n', { chart: 'p', counts: [1, 2], sizes: [50, 60] }));
	it('with counts of one size', () => f('1\n2', '--chart np --size 50', { chart: 'np', counts: [1, 2], sizes: 50 }));
	it('with items of several variables', () =>
		f('a,b\n1,2\n3,4', '--chart t2 --columns a,b', {
			chart: 't2',
			subgroups: [
				[1, 2],
				[3, 4],
			],
		}));
	it('with parts', () =>
		f('x,p\n1,a\n2,b', '--chart z-mr --column x --part p', { chart: 'z-mr', values: [1, 2], parts: ['a', 'b'] }));

	const refused = async (text: string, args: string, says: string | object) =>
		expect(csv(text, ...args.split(' ').filter(Boolean))).rejects.toThrow(
			typeof says === 'string' ? says : expect.objectContaining(says),
		);
	it('unless a cell is no number', () =>
		expect(csv('t,x\n9,1\n9,one', '--column', 'x')).rejects.toMatchObject({
			faults: [{ path: 'line 3, column x', message: '"one" is no number' }],
		}));
	it('unless the column is not there', () => refused('a,b\n1,2', '--column c', 'there are a, b'));
	it('unless nobody says which column', () => refused('a,b\n1,2', '', 'name one with --column'));
	it('unless there is no line', () => refused('a\n', '', 'no line with values'));
	it('unless quotes never close', () => refused('a\n"1\n2', '', 'as CSV'));
});

describe('flags', () => {
	it('that cannot be read say which', () => {
		expect(() => parseFlags(['--baseline', 'many'])).toThrow('--baseline "many"');
		expect(() => parseFlags(['--set', 'lambda'])).toThrow('NAME=VALUE');
		expect(() => parseFlags(['a', 'b'])).toThrow('several files');
		expect(() => parseFlags(['--chrat', 'p'])).toThrow('--chrat');
	});
	it('give options their kind of value', () =>
		expect(parseFlags(['--set', 'lambda=0.1', '--set', 'asymptotic=true', '--set', 'd2=exact']).options).toEqual({
			lambda: 0.1,
			asymptotic: true,
			d2: 'exact',
		}));
});

describe('the answer', () => {
	const answer = analyze({ values: [1, 2, 1, 2, 1, 2, 99, 98], baseline: { centre: 1.5, sigma: 1 } });
	const written = async (what: unknown) => {
		let text = '';
		const to = new Writable({ write: (chunk: Buffer, _, done) => ((text += chunk.toString()), done()) });
		await writeJson(what as Answer, to);
		return JSON.parse(text) as unknown;
	};
	it('is written as JSON.stringify would', async () => expect(await written(answer)).toEqual(answer));
	it('is written in pieces when it is long', async () => {
		const long = {
			charts: { i: { statistic: Array.from({ length: 250_001 }, (_, i) => i) } },
			none: {},
			left: undefined,
		};
		expect(await written(long)).toEqual({ charts: long.charts, none: {} });
	});
	it('is a table for people: limits, episodes, advice', () => {
		const text = tableOf(answer);
		expect(text).toMatch(/^i +8 +-1.5 +1.5 +4.5 +1$/m);
		expect(text).toMatch(/^6 to 7 +i +1 +above +6 +99$/m);
	});
	it('has the recommended plan and its reasons in the table', () => {
		const values = Array.from({ length: 200 }, (_, i) => Math.exp(Math.sin(i * i)));
		const text = tableOf(analyze({ chart: 'auto', values }));
		expect(text).toMatch(/^plan: (ewma|i-mr), transform /m);
		expect(text).toMatch(/^- /m);
	});
	it('has capability in its table, with a dash for what one limit cannot say', () => {
		const one = analyze({ chart: 'capability', values: [1, 2, 3, 2, 1], options: { usl: 5 } });
		const text = tableOf(one);
		expect(text).toMatch(/^cpu +/m);
		expect(text).not.toMatch(/^cp +/m);
		expect(text).toMatch(/^observed +- +0 +0$/m);
	});
});

describe('a long file', () => {
	it('shows how far it is read', async () => {
		const file = join(folder, 'long.csv');
		writeFileSync(file, 'v\n' + '1.5\n'.repeat(2_500_000));
		const drawn: string[] = [];
		let length = 0;
		for await (const chunk of openInput(file, { progress: { write: (text) => drawn.push(text) } }))
			length += chunk.length;
		expect(length).toBe(10_000_002);
		expect(drawn.some((text) => text.includes('###') && / \d+ %/.test(text))).toBe(true);
		expect(drawn.at(-1)).toMatch(/^\r +\r$/);
	});
});

describe('sigmascope analyze', () => {
	const run = (args: string[], input: string) =>
		spawnSync(process.execPath, ['src/cli/main.ts', 'analyze', ...args], { input, encoding: 'utf8' });
	it('answers a document on standard input with JSON, flags over the document', () => {
		const { stdout, status } = run(['-', '--chart', 'ewma', '--target', '1'], '{"values": [1, 2, 3, 2]}');
		expect(status).toBe(0);
		expect((JSON.parse(stdout) as Answer).charts.ewma?.statistic[0]).toBe(1);
	});
	it('says what is wrong, and how to mend it', () => {
		expect(run([], '1,2').stderr).toContain('--column');
		expect(run([], '{"values": "x"}').stderr).toContain('$.values: must be a list');
		expect(run(['nowhere.csv'], '')).toMatchObject({ status: 2 });
	});
});
