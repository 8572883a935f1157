import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROW_BYTES, rowMicros, rowStream, rowValue } from '#contracts/rows.ts';
import { canonicalLabels, type Stream } from '#contracts/stream.ts';
import { createBatch } from './batch.ts';
import { createLineReader } from './line-reader.ts';
import type { Precision } from './port.ts';
import { createSeriesCache, type SeriesCache } from './series-cache.ts';

const NOW = 1_700_000_100_000_000;
const T = 1_700_000_000_000_000;

/** Reads with nothing known, so every stream is wanted and a row's stream is an index there. */
function read(body: string | Uint8Array, precision: Precision = 'ns', bytesPerTurn = 1e9) {
	const batch = createBatch();
	const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
	const reader = createLineReader(bytes, {
		batch,
		registry: { find: () => undefined },
		cache: createSeriesCache(),
		site: 'a',
		precision,
		nowMicros: NOW,
	});
	while (reader.read(bytesPerTurn));
	const { rows } = batch;
	const points = Array.from({ length: rows.count }, (_, i) => {
		const stream = batch.wanted[rowStream(rows.view, i * ROW_BYTES) - 0x8000_0000];
		return {
			key: stream?.key,
			labels: stream?.labels,
			t: rowMicros(rows.view, i * ROW_BYTES),
			v: rowValue(rows.view, i * ROW_BYTES),
		};
	});
	return { points, faults: batch.faults.map((fault) => `${fault.path}: ${fault.message}`), batch };
}

/** Without minus zero, which JavaScript writes as 0. */
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0);
const time = String(T * 1000);

describe('a line becomes points', () => {
	it('names a stream measurement/field with tags as labels', () =>
		expect(read(`press,line=a temperature=21.5 ${time}`).points).toEqual([
			{ key: 'press/temperature', labels: { line: 'a' }, t: T, v: 21.5 },
		]));
	it('one point for each field', () =>
		expect(read(`m a=1,b=2i,c=3u ${time}`).points.map(({ key, v }) => [key, v])).toEqual([
			['m/a', 1],
			['m/b', 2],
			['m/c', 3],
		]));
	it('without a time it has the time of the hub', () => {
		const { points, batch } = read('m a=1');
		expect(points[0]?.t).toBe(NOW);
		expect(batch.stamped).toBe(true);
	});
	it('skips comments, empty lines and spaces before a line, and reads CRLF', () =>
		expect(read(`# c\r\n\r\n\n  m a=1 ${time}\r\n#x\nm a=2 ${time}\r`).points.map(({ v }) => v)).toEqual([1, 2]));
	it('tags called site, area and asset are ordinary labels', () =>
		expect(read('m,site=x,area=y,asset=z a=1').points[0]?.labels).toEqual({
			tag_site: 'x',
			tag_area: 'y',
			tag_asset: 'z',
		}));
	it('skips and counts string fields, whatever is in them', () => {
		const { points, batch } = read(`m s="a, b=1 \\" \\\\",a=1,q="line\nbreak" ${time}\nm a=2`);
		expect(points.map(({ v }) => v)).toEqual([1, 2]);
		expect(batch.skipped).toBe(2);
	});
	it('takes the escapes of names out', () =>
		expect(read('my\\ press\\,2,the\\ line=a\\=b fi\\ eld=1').points[0]).toMatchObject({
			key: 'my press,2/fi eld',
			labels: { 'the line': 'a=b' },
		}));
});

describe('values', () => {
	const f = (text: string, v: number): void =>
		void expect(read(`m a=${text}`).points.map((point) => point.v)).toEqual([v]);
	for (const word of ['t', 'T', 'true', 'True', 'TRUE']) it(`${word} is 1`, () => f(word, 1));
	for (const word of ['f', 'F', 'false', 'False', 'FALSE']) it(`${word} is 0`, () => f(word, 0));
	it('an integer', () => f('-12i', -12));
	it('a long integer rounds as a double', () => f('9223372036854775807i', 9223372036854775807));
	it('an unsigned integer', () => f('18446744073709551615u', 18446744073709551615));
	it('an exponent', () => f('-1.5E-3', -0.0015));
	it('a point without digits on one side', () =>
		expect(read('m a=.5,b=5.').points.map(({ v }) => v)).toEqual([0.5, 5]));
	it('minus zero', () => f('-0', -0));
	it('any finite number reads as JavaScript reads it', () =>
		fc.assert(
			fc.property(finite, (v) => f(String(v), v)),
			{ numRuns: 500 },
		));
	it('any decimal text reads as JavaScript reads it', () =>
		fc.assert(
			fc.property(fc.stringMatching(/^-?[0-9]{1,25}(\.[0-9]{1,25})?(e[+-]?[0-9]{1,2})?$/), (text) =>
				f(text, Number(text)),
			),
			{ numRuns: 1000 },
		));
});

describe('times', () => {
	const f = (text: string, precision: Precision, micros: number) =>
		expect(read(`m a=1 ${text}`, precision).points.map(({ t }) => t)).toEqual([micros]);
	it('nanoseconds are cut to microseconds', () => f('1700000000123456789', 'ns', 1700000000123456));
	it('microseconds', () => f('1700000000123456', 'us', 1700000000123456));
	it('milliseconds', () => f('1700000000123', 'ms', 1700000000123000));
	it('seconds', () => f('1700000000', 's', T));
});

describe('a bad line', () => {
	const f = (line: string | Uint8Array, cause: RegExp) => {
		const { faults } = read(line);
		expect(faults).toHaveLength(1);
		expect(faults[0]).toMatch(cause);
	};
	it('without fields', () => f('press', /^line 1: there are no fields/));
	it('with a field that has no value', () => f('m a= 1', /a field has no value/));
	it('with a field that has no =', () => f('m a 1', /has no "="/));
	it('with a field that has no name', () => f('m =1', /has no name/));
	it('with a value that is none', () => f('m a=1x 1', /"1x 1" is no number, boolean or quoted string/));
	it('NaN', () => f('m a=NaN', /NaN is no value: a point has a finite one/));
	it('infinite', () => f('m a=1e999', /too large/));
	it('unsigned and negative', () => f('m a=-1u', /unsigned and negative/));
	it('a fraction that says integer', () => f('m a=1.5i', /is no number/));
	it('a quote that is never closed', () => f('m a="x', /quote is never closed/));
	it('a time that is none', () => f('m a=1 now', /"now" is no time in ns/));
	it('two times', () => f(`m a=1 ${time} ${time}`, /is no time/));
	it('a time of 1969', () => f('m a=1 -1', /before 1971/));
	it('a time of 1970, nanoseconds that are seconds', () => f('m a=1 1700000000', /before 1971/));
	it('a time of 9999', () =>
		expect(read('m a=1 253370764800', 's').faults[0]).toMatch(/9999.*more than five minutes ahead/));
	it('a tag without a value', () => f('m,line= a=1', /tag "line=" is not name=value/));
	it('a tag that is there twice', () => f('m,l=a,l=b a=1', /tag "l" is there twice/));
	it('a measurement without a name', () => f(',l=a a=1', /measurement has no name/));
	it('markup in a name', () => f('<b>m</b> a=1', /character that a name may not have/));
	it('ten kilobytes of name', () => f(`${'m'.repeat(10_000)} a=1`, /10002 characters; 200 are allowed/));
	it('a name that is not UTF-8', () => f(new Uint8Array([0xff, 32, 97, 61, 49]), /not UTF-8/));
	it('garbage behind a carriage return', () => f(`m a=1 ${time}\rx`, /stands behind a carriage return/));
	it('refuses no other line, and says its number', () => {
		const { points, faults } = read(`m a=1 ${time}\nm a=\n# c\nm a=2 ${time}\nbad\nm a=3 ${time}`);
		expect(points.map(({ v }) => v)).toEqual([1, 2, 3]);
		expect(faults.map((fault) => fault.split(':')[0])).toEqual(['line 2', 'line 5']);
	});
	it('with one bad field brings none of its points', () => expect(read('m a=1,b=x,c=2').points).toEqual([]));
	it('an open quote swallows no line behind it', () =>
		expect(read(`m a="x ${time}\nm b=1 ${time}\nm s="y",c=2 ${time}`).points.map(({ v }) => v)).toEqual([1, 2]));
});

const nameText = fc.stringMatching(/^[a-zA-Z0-9_ ,=°-]{1,12}$/u);
const escaped = (text: string) => text.replace(/[,= ]/g, '\\$&');
const line = fc.record({
	measurement: nameText.filter((text) => !/^[\s#]/.test(text)),
	tags: fc.dictionary(nameText, nameText, { maxKeys: 4 }),
	fields: fc.dictionary(nameText, finite, { minKeys: 1, maxKeys: 4 }),
	t: fc.integer({ min: 31_536_000_000_000, max: NOW }),
});
type Line = typeof line extends fc.Arbitrary<infer L> ? L : never;
const encode = ({ measurement, tags, fields, t }: Line) =>
	[escaped(measurement), ...Object.entries(tags).map(([k, v]) => `${escaped(k)}=${escaped(v)}`)].join(',') +
	` ${Object.entries(fields)
		.map(([k, v]) => `${escaped(k)}=${v}`)
		.join(',')} ${t}`;
const pointsOf = ({ measurement, tags, fields, t }: Line) =>
	Object.entries(fields).map(([field, v]) => ({ key: `${measurement}/${field}`, labels: canonicalLabels(tags), t, v }));
const found = (body: string, bytesPerTurn?: number) =>
	read(body, 'us', bytesPerTurn).points.map((point) => ({ ...point, labels: canonicalLabels(point.labels ?? {}) }));

/** What a hub reads whose registry knows every stream. */
function namesOf(lines: readonly string[], cache: SeriesCache, ids: Map<string, number>) {
	const batch = createBatch();
	const find = (_site: string, key: string, labels: Readonly<Record<string, string>> = {}) => {
		const name = JSON.stringify([key, canonicalLabels(labels)]);
		ids.set(name, ids.get(name) ?? ids.size + 1);
		return { id: ids.get(name)! } as Stream;
	};
	const bytes = new TextEncoder().encode(lines.join('\n'));
	const context = { batch, registry: { find }, cache, site: 'a', precision: 'us', nowMicros: NOW } as const;
	while (createLineReader(bytes, context).read(1e9));
	const { view, count } = batch.rows;
	const rows = Array.from({ length: count }, (_, i) => [rowStream(view, i * ROW_BYTES), rowValue(view, i * ROW_BYTES)]);
	return { rows, faults: batch.faults, skipped: batch.skipped };
}

describe('for any lines', () => {
	it('what is written is read', () =>
		fc.assert(
			fc.property(fc.array(line, { maxLength: 8 }), fc.integer({ min: 1, max: 200 }), (lines, bytesPerTurn) => {
				expect(found(lines.map(encode).join('\n'), bytesPerTurn)).toEqual(lines.flatMap(pointsOf));
			}),
		));
	it('a reader that has met their series before, in whatever order, reads the same', () => {
		const names = fc.constantFrom('m', 'm,a=1', 'm,a=11', 'mm', 'm\\ ,a=1', 'm\\', 'm,a=1\\ ');
		const fields = fc.array(fc.constantFrom('a=1', 'b=2', 'aa=3', 'a\\ =4', 's="x"', 'a =5', 'b'), { minLength: 1 });
		const gap = fc.constantFrom(' ', ' ', ' ', '  ', '\\ ', '\0', '');
		const some = fc
			.tuple(names, gap, fields, fc.constantFrom(' 31536000000007', '', ' x'))
			.map(([name, space, all, t]) => name + space + all.join(',') + t);
		const bodies = fc.array(fc.array(some, { maxLength: 12 }), { maxLength: 6 });
		fc.assert(
			fc.property(bodies, (all) => {
				const cache = createSeriesCache();
				const ids = new Map<string, number>();
				for (const body of all) expect(namesOf(body, cache, ids)).toEqual(namesOf(body, createSeriesCache(), ids));
			}),
		);
	});
	it('every good line of a body with bad ones is taken', () => {
		const bad = fc.stringMatching(/^[!-~]{1,20}$/).filter((text) => !text.startsWith('#') && !/[="\\]/.test(text));
		const broken = fc.constantFrom('m a=', 'm a=1 x', 'm,a a=1', 'm a=1,b');
		// One open quote at most: with two, what is between them is a string of several lines, which the protocol allows.
		const open = fc.constantFrom('m a="', 'm a="x ', 'm a=1,b="');
		const lines = fc.array(fc.oneof(line, bad, broken), { maxLength: 12 });
		fc.assert(
			fc.property(lines, open, fc.nat(12), (items, quote, at) => {
				const all = items.toSpliced(at, 0, quote);
				const good = all.filter((item) => typeof item === 'object');
				const text = all.map((item) => (typeof item === 'object' ? encode(item) : item)).join('\n');
				expect(found(text)).toEqual(good.flatMap(pointsOf));
			}),
		);
	});
	it('no bytes make it throw, and it always comes to the end', () =>
		fc.assert(
			fc.property(
				fc.array(
					fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.constantFrom('m', ' ', ',', '=', '"', '\\', '\n', '1', 't')),
				),
				(parts) => {
					const bytes = parts.map((part) => (typeof part === 'string' ? new TextEncoder().encode(part) : part));
					read(Buffer.concat(bytes));
				},
			),
			{ numRuns: 2000 },
		));
});
