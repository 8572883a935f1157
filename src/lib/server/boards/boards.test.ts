import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#tests/support/until.ts';
import { createBoards } from './boards.ts';
import { parseBoard } from './parse.ts';
import { readBoards } from './read.ts';

describe('a file of a wall', () => {
	const f = (text: string, ...faults: string[]) =>
		expect(parseBoard(text, { LINE: '3' }).faults.map((one) => `${one.line}:${one.column} ${one.message}`)).toEqual(
			faults,
		);
	const tile = (more: string) => `tiles:\n  - { type: chart, stream: a/b${more} }\n`;

	it('may be a single tile', () => f('tiles: [{ type: clock }]'));
	it('may be a playlist', () => f('playlist: [{ wall: site, for: 30s }]'));
	it('takes variables of the environment', () => {
		expect(parseBoard('title: Line ${LINE}\ntiles: [{ type: clock }]', { LINE: '3' }).board?.title).toBe('Line 3');
	});
	it('without either is none', () => f('title: x', '1:1 has neither tiles nor a playlist'));
	it('has one of the two', () =>
		f(
			'tiles: [{ type: clock }]\nplaylist: [{ wall: site, for: 30s }]',
			'2:11 playlist: stands beside tiles: a board has one of the two',
		));
	it('names a mistyped key and what it may have meant', () =>
		f(tile(', widht: 3'), '2:33 tiles[0].widht: unknown key; did you mean "width"?'));
	it('names a type that there is not', () =>
		f(
			'tiles:\n  - type: chrat',
			'2:11 tiles[0].type: must have a type: chart, number, asset, violations, overview or clock',
		));
	it('is no wider than the board', () =>
		f(`columns: 6\n${tile(', width: 7')}`, '3:40 tiles[0].width: 7 is wider than the board, which has 6 columns'));
	it('uses variables that it declares', () =>
		f(
			'tiles: [{ type: number, stream: "{asset}/x" }]',
			'1:33 tiles[0].stream: {asset} has no value: declare variables: { asset: … }',
		));
	it('knows three of them', () =>
		f(
			'tiles: [{ type: number, stream: "{line}/x" }]',
			'1:33 tiles[0].stream: {line} is no variable; there are {site}, {asset}, {provider}',
		));
	it('says all that is wrong at once, in the order of the file', () =>
		f(
			'theme: pink\nsound: loud\ntiles: []\n',
			'1:8 theme: "pink" is not allowed; allowed: dark, grey',
			'2:8 sound: must be off, info, warning or critical',
			'3:8 tiles: has no tile',
		));
	it('says where it is no YAML', () => expect(parseBoard('tiles: [', {}).faults[0]).toMatchObject({ line: 1 }));
	it('turns no faster than a screen can be read', () =>
		f('playlist: [{ wall: site, for: 1s }]', '1:31 playlist[0].for: must be 3s at least'));
});

describe('walls and dashboards of a folder', () => {
	let folder: string;
	beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'boards-'))));
	afterEach(() => rmSync(folder, { recursive: true, force: true }));
	const put = (file: string, text: string) => {
		mkdirSync(join(folder, file, '..'), { recursive: true });
		writeFileSync(join(folder, file), text);
	};
	const CLOCK = 'tiles: [{ type: clock }]';
	const faults = () =>
		readBoards(folder, {}).flatMap((one) =>
			one.faults.map(({ line, column, message }) => `${one.file}:${line}:${column} ${message}`),
		);
	function open() {
		const logged: string[] = [];
		const boards = createBoards({ folder, env: {}, log: pino({}, { write: (line) => void logged.push(line) }) });
		boards.start();
		return { boards, logged };
	}

	it('there is a wall and a dashboard without any file', () => {
		const { boards } = open();
		boards.stop();
		expect(boards.list('all')).toEqual([
			{ name: 'assets', kind: 'dashboard', title: 'Assets', isBuiltIn: true },
			{ name: 'site', kind: 'wall', title: 'Site', isBuiltIn: true },
		]);
		expect(boards.files()).toEqual([]);
	});
	it('a file takes the place of the built-in one of its name', () => {
		put('walls/site.yaml', `title: Hall 2\n${CLOCK}`);
		const { boards } = open();
		boards.stop();
		expect(boards.get('site', 'all')).toMatchObject({ title: 'Hall 2', isBuiltIn: false });
	});
	it('a name is one board', () => {
		put('walls/press.yaml', CLOCK);
		put('dashboards/press.yaml', CLOCK);
		expect(faults()).toEqual([
			'walls/press.yaml:1:1 dashboards/press.yaml has this name already: rename one of the two',
		]);
	});
	it('a name can stand in an address', () => {
		put('walls/Line 3.yaml', CLOCK);
		expect(faults()).toHaveLength(1);
	});
	it('a playlist names boards that there are, with the place of the one that is not', () => {
		put('walls/press.yaml', CLOCK);
		put('walls/all.yaml', 'playlist:\n  - { wall: press, for: 10s }\n  - { wall: pres, for: 10s }\n');
		expect(faults()).toEqual(['walls/all.yaml:3:13 playlist[1].wall: there is no board "pres"; did you mean "press"?']);
	});
	it('a playlist has no playlist in it', () => {
		put('walls/all.yaml', 'playlist: [{ wall: all, for: 10s }]');
		expect(faults()[0]).toContain('"all" is a playlist itself');
	});
	it('a playlist brings its walls, with variables of its own', () => {
		put('walls/press.yaml', `variables: { asset: press-1 }\n${CLOCK}`);
		put(
			'walls/all.yaml',
			'playlist:\n  - { wall: press, for: 10s, variables: { asset: press-2 } }\n  - { wall: site, for: 1m }\n',
		);
		const { boards } = open();
		boards.stop();
		expect(boards.get('all', 'all')?.pages).toMatchObject([
			{ name: 'press', forMs: 10_000, variables: { asset: { default: 'press-2' } } },
			{ name: 'site', forMs: 60_000 },
		]);
	});
	it('has its title with the variables that it begins with', () => {
		put('walls/press.yaml', `title: "At {asset}"\nvariables: { asset: press-1 }\n${CLOCK}`);
		const { boards } = open();
		boards.stop();
		expect(boards.get('press', 'all')).toMatchObject({ title: 'At press-1', pages: [{ title: 'At {asset}' }] });
	});
	it('is shown to who may look at one of its sites, also within a playlist', () => {
		put('walls/north.yaml', `sites: [north]\n${CLOCK}`);
		put('walls/all.yaml', 'playlist: [{ wall: north, for: 10s }, { wall: site, for: 10s }]');
		const { boards } = open();
		boards.stop();
		const names = (sites: readonly string[]) => boards.list(sites).map(({ name }) => name);
		expect([names(['north']).includes('north'), names(['south']).includes('north')]).toEqual([true, false]);
		expect(boards.get('north', ['south'])).toBeUndefined();
		expect(boards.get('all', ['south'])?.pages.map(({ name }) => name)).toEqual(['site']);
	});
	it('a change is taken up; a wrong one is not, and says why; its end brings the built-in one back', async () => {
		const { boards, logged } = open();
		const title = () => boards.get('site', 'all')?.title;
		put('walls/site.yaml', `title: One\n${CLOCK}`);
		await until(() => title() === 'One');
		const { revision } = boards.get('site', 'all') ?? {};
		put('walls/site.yaml', `title: Two\n`);
		await until(() => boards.files()[0]?.state === 'old');
		expect([title(), boards.get('site', 'all')?.revision]).toEqual(['One', revision]);
		expect(logged.join('')).toContain('walls/site.yaml:1:1 has neither tiles nor a playlist');
		put('walls/site.yaml', `title: Three, at last\n${CLOCK}`);
		await until(() => title() === 'Three, at last');
		rmSync(join(folder, 'walls'), { recursive: true });
		await until(() => title() === 'Site');
		boards.stop();
	});
});
