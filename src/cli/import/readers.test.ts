import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { ROW_BYTES, rowMicros, rowStream, rowValue, viewOf } from '#contracts/rows.ts';
import { formatTime } from '#contracts/time.ts';
import { createCsvImport } from './csv.ts';
import type { FileReader } from './file.ts';
import { createLinesImport } from './lines.ts';
import type { ImportMessage } from './messages.ts';
import { createParquetImport } from './parquet.ts';
import { createFileStreams, type FileStreams } from './streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'import-'));
afterAll(() => rmSync(folder, { recursive: true }));
const NOW = Date.UTC(2026, 0, 1) * 1000;

function write(name: string, text: string): string {
	const file = join(folder, name);
	writeFileSync(file, name.endsWith('.gz') ? gzipSync(text) : text);
	return file;
}

/** `key@time=value` of every point, `key@from..to reason` of every gap, in their order. */
async function read(make: (streams: FileStreams) => FileReader, place?: unknown) {
	const streams = createFileStreams('');
	const faults: string[] = [];
	const found: string[] = [];
	const pieces: { place: unknown; messages: readonly ImportMessage[] }[] = [];
	const reader = make(streams);
	for await (const piece of reader({
		place,
		nowMicros: NOW,
		fault: (one) => faults.push(one.replace(`${folder}/`, '')),
	})) {
		pieces.push(piece);
		for (const message of piece.messages) found.push(...shown(message, streams));
	}
	return { found, faults, pieces };
}

function shown(message: ImportMessage, { declared }: FileStreams): string[] {
	const name = (index: number) => {
		const { key = '', labels = {} } = declared[index] ?? {};
		return (
			key +
			Object.entries(labels)
				.map(([label, value]) => ` ${label}=${value}`)
				.join('')
		);
	};
	const clock = (micros: number) => formatTime(micros).slice(11, -1);
	if ('gap' in message) {
		const { stream, from, to, reason } = message.gap;
		return [`${name(stream)}@${clock(from)}..${clock(to)} ${reason.replace(`${folder}/`, '')}`];
	}
	const view = viewOf(message.rows);
	return Array.from({ length: message.count }, (_, i) => {
		const at = i * ROW_BYTES;
		return `${name(rowStream(view, at))}@${clock(rowMicros(view, at))}=${rowValue(view, at)}`;
	});
}

const table = { time: 'at', values: ['v'], stream: 'lab/t' };

describe('a CSV file', () => {
	const f = (text: string, more: object = {}, name = 'a.csv') => {
		const file = write(name, text);
		const options = { ...table, file, delimiter: ',', decimal: '.' as const, timezone: 'UTC', ...more };
		return read((streams) => createCsvImport(options, streams));
	};
	const day = '2024-01-01 00:00:0';

	it('is points of one stream', async () =>
		expect(await f(`at,v\n${day}1,1.5\n${day}2,-2\n`)).toMatchObject({
			found: ['lab/t@00:00:01=1.5', 'lab/t@00:00:02=-2'],
			faults: [],
		}));
	it('may be packed', async () => expect((await f(`at,v\n${day}1,1\n`, {}, 'a.csv.gz')).found).toHaveLength(1));
	it('names file, line and column of what cannot be read, and has a gap there', async () =>
		expect(await f(`at,v\n${day}1,1\n${day}2,much\n${day}3,3\n`)).toMatchObject({
			found: ['lab/t@00:00:01=1', 'lab/t@00:00:02..00:00:02 "much" is no number', 'lab/t@00:00:03=3'],
			faults: ['a.csv:3:21: "much" is no number'],
		}));
	it('has one gap where several values are missing, and no fault', async () =>
		expect(await f(`at,v\n${day}1,1\n${day}2,\n${day}3,NaN\n${day}4,4\n`)).toMatchObject({
			found: ['lab/t@00:00:01=1', 'lab/t@00:00:02..00:00:03 no value in the file', 'lab/t@00:00:04=4'],
			faults: [],
		}));
	it('has a gap between its neighbours where times cannot be read', async () =>
		expect(await f(`at,v\n${day}1,1\nsoon,2\n"open,3\n${day}4,4\n`)).toMatchObject({
			found: ['lab/t@00:00:01=1', 'lab/t@00:00:01..00:00:04 a.csv:3:1: "soon" is no time', 'lab/t@00:00:04=4'],
			faults: ['a.csv:3:1: "soon" is no time', 'a.csv:4:1: a quote is opened and never closed'],
		}));
	it('refuses times of the future', async () =>
		expect((await f('at,v\n2030-01-01,1\n')).faults).toEqual([
			expect.stringMatching(/^a\.csv:2:1: time 2030-01-01T00:00:00Z is more than five minutes ahead/),
		]));
	it('has a stream for each value column, and for what columns say', async () => {
		const text = `at,a,b,machine\n${day}1,1,2,m1\n${day}2,3,,m2\n`;
		const { found } = await f(text, { values: ['a', 'b'], stream: 'plant/{machine}' });
		expect(found).toEqual([
			'plant/m1/a@00:00:01=1',
			'plant/m1/b@00:00:01=2',
			'plant/m2/a@00:00:02=3',
			'plant/m2/b@00:00:02..00:00:02 no value in the file',
		]);
	});
	it('names what cannot be the name of a stream', async () =>
		expect((await f(`at,v,m\n${day}1,1,<b>\n`, { stream: 'x/{m}' })).faults[0]).toMatch(
			/^a\.csv:2:23: "x\/<b>" names no stream/,
		));
	it('says which columns there are when one is missing', async () =>
		await expect(f('when,v\n')).rejects.toThrow(/it has no column "at" \(--time\); there are "when", "v"/));
	it('reads decimal commas', async () =>
		expect((await f(`at;v\n${day}1;1,5\n`, { delimiter: ';', decimal: ',' })).found).toEqual(['lab/t@00:00:01=1.5']));

	it('has the same messages when it is read on from the end of any piece', async () => {
		const rows = Array.from({ length: 45_000 }, (_, i) => `${1.7e9 + i},${i % 1000 === 7 ? '' : i}`);
		const file = write('long.csv', `at,v\n${rows.join('\n')}\n`);
		const options = { ...table, file, delimiter: ',', decimal: '.' as const, timezone: 'UTC' };
		const make = (streams: FileStreams) => createCsvImport(options, streams);
		const { pieces } = await read(make);
		expect(pieces).toHaveLength(3);
		for (const [i, piece] of pieces.entries())
			expect((await read(make, piece.place)).pieces.flatMap((one) => one.messages)).toEqual(
				pieces.slice(i + 1).flatMap((one) => one.messages),
			);
	});
});

describe('a file of line protocol', () => {
	const f = (text: string, place?: unknown) => {
		const file = write('a.lp', text);
		return read((streams) => createLinesImport({ file, precision: 's' }, streams), place);
	};
	it('is points of as many streams as it names', async () =>
		expect((await f('press,line=a t=1.5,p=2 1700000000\n# note\npress,line=b t=3 1700000001\n')).found).toEqual([
			'press/t line=a@22:13:20=1.5',
			'press/p line=a@22:13:20=2',
			'press/t line=b@22:13:21=3',
		]));
	it('names bad lines and takes the good ones', async () =>
		expect(await f('a v=1 1700000000\na v= 1700000001\na v=3\na v=4 1700000003')).toMatchObject({
			found: ['a/v@22:13:20=1', 'a/v@22:13:23=4'],
			faults: ['a.lp:2:1: a field has no value', 'a.lp:3:1: there is no time: history has one in every line'],
		}));
	it('knows the line also beyond the first piece, and goes on from the end of any', async () => {
		const lines = Array.from({ length: 120_000 }, (_, i) => `a v=${i} ${1_700_000_000 + i}`);
		lines[110_000] = 'a v=x 1';
		const { faults, pieces } = await f(lines.join('\n'));
		expect(faults).toEqual([expect.stringMatching(/^a\.lp:110001:1: /)]);
		expect(pieces.length).toBeGreaterThan(1);
		const rest = await f(lines.join('\n'), pieces[0]?.place);
		expect(rest.pieces.flatMap((one) => one.messages)).toEqual(pieces.slice(1).flatMap((one) => one.messages));
	});
});

describe('a Parquet file', () => {
	const f = (name: string, more: object = {}, place?: unknown) => {
		const file = fileURLToPath(new URL(`./testing/${name}.parquet`, import.meta.url));
		const options = { ...table, values: ['temperature'], file, timezone: 'UTC', ...more };
		return read((streams) => createParquetImport(options, streams), place);
	};
	for (const codec of ['none', 'snappy', 'gzip', 'brotli', 'zstd'])
		it(`is read when packed by ${codec}; null is a gap`, async () => {
			const { found, faults } = await f(codec);
			expect(found.slice(2, 5)).toEqual([
				'lab/t@00:00:02=20.5',
				'lab/t@00:00:03..00:00:03 no value in the file',
				'lab/t@00:00:04=21',
			]);
			expect([found.length, faults]).toEqual([10, []]);
		});
	it('has a stream for each value column, and for what columns say', async () =>
		expect((await f('zstd', { values: ['temperature', 'count'], stream: 'p/{machine}' })).found.slice(0, 3)).toEqual([
			'p/a/temperature@00:00:00=20',
			'p/a/count@00:00:00=0',
			'p/b/temperature@00:00:01=20.25',
		]));
	it('goes on within a row group', async () =>
		expect((await f('snappy', {}, { row: 6 })).found).toEqual((await f('snappy')).found.slice(6)));
	it('says which columns there are when one is missing', async () =>
		await expect(f('none', { time: 'ts' })).rejects.toThrow(
			/no column "ts" .* "at", "temperature", "count", "machine"/,
		));
	it('names a value that is no number', async () =>
		expect((await f('none', { values: ['machine'] })).faults[0]).toMatch(
			/none\.parquet: row 1, column "machine": "a" is no number$/,
		));
	it('is no text file', async () => {
		const file = write('no.parquet', 'at,v\n1,2\n');
		await expect(read((streams) => createParquetImport({ ...table, file, timezone: 'UTC' }, streams))).rejects.toThrow(
			/it cannot be read as Parquet/,
		);
	});
});
