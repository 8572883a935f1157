import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from './failure.ts';
import { forbiddenFunctions, parseStatement } from './statement.ts';
import { literal } from './tokens.ts';

const forbidden = forbiddenFunctions(['file', 'url', 's3', 'remote', 'numbers', 'merge']);
const parse = (sql: string, parameters: string[] = []) =>
	parseStatement(sql, { forbidden, parameters: new Set(parameters) });

describe('a statement is of one kind', () => {
	const f = (sql: string, kind: string) => expect(parse(sql).kind).toBe(kind);
	it('SELECT reads', () => f('select 1', 'select'));
	it('WITH reads', () => f('WITH 1 AS x SELECT x', 'select'));
	it('SHOW shows', () => f('show tables', 'show'));
	it('CREATE TABLE changes', () => f('CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a', 'change'));
	it('BACKUP TABLE to a file of a plain name changes', () =>
		f("BACKUP TABLE `a_frozen`.`t` AS `a`.`t`, TABLE `a`.`v` TO File('x-1.tar') ASYNC", 'change'));
	it('RESTORE ALL from one changes', () => f("RESTORE ALL FROM File('x-1.tar') ASYNC", 'change'));
	it('INSERT with a format has data', () => f('INSERT INTO t FORMAT CSV', 'insert'));
	it('INSERT with values has data', () => f('INSERT INTO t (a) VALUES (1)', 'insert'));
	it('INSERT SELECT changes', () => f('INSERT INTO t SELECT 1', 'change'));
	it('a comment before it does not matter', () => f('-- drop\n/* drop */ select 1', 'select'));
	it('a semicolon at its end does not matter', () => f('select 1; -- done', 'select'));
	it('quotes hide a semicolon', () => f('select \';\', `;`, ";" from t', 'select'));
	it('a quote may be doubled or escaped', () => f("select 'it''s; \\'; x'", 'select'));
});

describe('refused, with the code of ClickHouse', () => {
	const f = (sql: string, code: number, parameters?: string[]) => {
		const attempt = () => parse(sql, parameters);
		expect(attempt).toThrow(Failure);
		try {
			attempt();
		} catch (error) {
			expect((error as Failure).code).toBe(code);
		}
	};
	const backup = 'BACKUP TABLE `a_frozen`.`t` AS `a`.`t`, TABLE `a`.`v` TO';
	it('BACKUP to a path', () => f(`${backup} File('/tmp/x.tar') ASYNC`, 497));
	it('BACKUP out of its folder', () => f(`${backup} File('../x.tar') ASYNC`, 497));
	it('BACKUP to a disk', () => f(`${backup} Disk('a', 'x.tar') ASYNC`, 497));
	it('BACKUP that waits', () => f(`${backup} File('x.tar')`, 497));
	it('BACKUP with a setting', () => f(`${backup} File('x.tar') SETTINGS id = '1' ASYNC`, 497));
	it('RESTORE from a network', () => f("RESTORE ALL FROM S3('http://x') ASYNC", 497));
	it('a second statement', () => f('select 1; drop table t', 497));
	it('a second statement behind an odd quote', () => f("select 'a\\\\'; drop table t", 497));
	it('a second statement after DDL', () => f('drop table a; drop table b', 497));
	it('INTO OUTFILE', () => f("select 1 INTO OUTFILE '/tmp/x'", 497));
	it('INTO OUTFILE with a comment between', () => f("select 1 into/**/outfile '/tmp/x'", 497));
	it('FROM INFILE', () => f("INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV", 497));
	it('file()', () => f("select * from file('/etc/passwd')", 497));
	it('file() in another case and quoted', () => f("select * from `FILE` ('/etc/passwd')", 497));
	it('url() in a subquery', () => f("select * from (select * from url('http://x'))", 497));
	it('a string as table, which chdb takes for a path', () => f("select * from '/etc/passwd'", 497));
	it('the overlay database, whose tables are paths', () => f('select * from default.`/etc/passwd.csv`', 497));
	it('the overlay database in quotes', () => f('select * from "default"."/etc/passwd.csv"', 497));
	it('INSERT INTO FUNCTION', () => f("INSERT INTO FUNCTION file('x') SELECT 1", 497));
	it('a table that lives elsewhere', () => f('CREATE TABLE t (a UInt8) ENGINE = URL(x)', 497));
	it('a table in a file, without the equals sign', () => f('CREATE TABLE t (a UInt8) ENGINE File(CSV)', 497));
	it('a dictionary, which has a source', () => f('CREATE DICTIONARY d (a UInt8)', 497));
	it('SET, which would outlive the request', () => f('SET max_threads = 1', 497));
	it('USE', () => f('USE system', 497));
	it('SYSTEM', () => f('SYSTEM SHUTDOWN', 497));
	it('ATTACH', () => f("ATTACH TABLE t FROM '/x' (a UInt8) ENGINE = MergeTree ORDER BY a", 497));
	it('nothing at all', () => f(' -- only a comment', 497));
	it('a quote that never closes', () => f("select 'abc", 62));
	it('a setting that lifts a bound', () => f('select 1 SETTINGS max_server_memory_usage = 0', 115));
	it('a setting that lifts a bound, in an insert', () => f('INSERT INTO t SETTINGS readonly = 0 FORMAT CSV', 115));
	it('a second setting after a good one', () => f('select 1 SETTINGS max_block_size = 1, readonly = 0', 115));
	it('a parameter that the request did not bring', () => f('select {x:UInt8}', 456));
	it('a parameter that only another of its name hides', () => f('select {x:UInt8}, { y : String }', 456, ['x']));
});

describe('what an insert is made of', () => {
	it('head, settings and format are told apart from the data', () => {
		expect(parse('INSERT INTO t (a, b) SETTINGS max_block_size = 5 FORMAT CSV 1,2; drop table t')).toEqual({
			kind: 'insert',
			head: 'INSERT INTO t (a, b) ',
			tail: 'SETTINGS max_block_size = 5  FORMAT CSV',
			format: 'CSV',
			inline: '1,2; drop table t',
		});
	});

	it('data is never looked at as SQL', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (data) => {
				const statement = parse(`INSERT INTO t FORMAT TSV\n${data}`);
				expect(statement).toMatchObject({ kind: 'insert', head: 'INSERT INTO t ', inline: data.trimStart() });
			}),
		);
	});
});

describe('what a query is made of', () => {
	it('its format is taken out', () => {
		expect(parse('select 1 SETTINGS max_block_size = 5 FORMAT JSON')).toMatchObject({
			sql: 'select 1 SETTINGS max_block_size = 5 ',
			format: 'JSON',
		});
	});
	it('a format in a subquery is no format of the answer', () =>
		expect(parse("select format('{}', x) from t")).toMatchObject({ format: undefined }));
	it('a parameter that the request brought is let through', () =>
		expect(parse('select {x:Array(UInt8)}', ['x']).kind).toBe('select'));
	it('no string literal changes what a statement is', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				expect(parse(`select ${literal(text)} FORMAT CSV`)).toMatchObject({ kind: 'select', format: 'CSV' });
			}),
		);
	});
});
