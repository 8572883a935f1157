import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OWN_WORDS } from '#contracts/issue-words.ts';
import { DEFAULT_PLAN } from '#contracts/plan.ts';
import type { Env } from './interpolate.ts';
import { parseConfig } from './parse.ts';

const replay = z.strictObject({ file: z.string(), speed: z.number().optional() });
const parse = (text: string, env: Env = {}) =>
	parseConfig(text, {
		file: 's.yaml',
		env,
		collectorSchemas: { replay },
		collectorIssues: ({ name: _name, type, site: _site, ...options }) => {
			if (type !== 'replay')
				return [{ code: 'custom', path: ['type'], input: type, message: `there is no collector type "${type}"` }];
			return replay.safeParse(options, OWN_WORDS).error?.issues ?? [];
		},
	});

describe('a good file', () => {
	it('may be empty: everything has a default', () => {
		expect(parse('').config?.site).toBe('default');
		expect(parse('# nothing yet\n').config?.limits.streamsPerKey).toBe(10_000);
	});
	it('has collectors with their own options', () =>
		expect(parse('collectors:\n  - { name: a, type: replay, file: x.csv }').config?.collectors[0]).toMatchObject({
			name: 'a',
			file: 'x.csv',
			isolate: false,
		}));
	it('reads durations as milliseconds', () =>
		expect(parse('retention: { points: 30d }').config?.retention.points).toBe(2_592_000_000));
	it('puts variables into scalars', () =>
		expect(parse('site: "${SITE}-1"\nlimits:\n  streamsPerKey: ${N:-5}', { SITE: 'a' }).config).toMatchObject({
			site: 'a-1',
			limits: { streamsPerKey: 5 },
		}));
	it('keeps a quoted variable as text, whatever is in it', () =>
		expect(
			parse('collectors: [{ name: a, type: replay, file: "${F}" }]', { F: '12' }).config?.collectors[0]?.['file'],
		).toBe('12'));
	it('a variable brings no structure', () =>
		expect(
			parse('collectors: [{ name: a, type: replay, file: "${F}" }]', { F: 'x, speed: 3' }).config?.collectors[0]?.[
				'file'
			],
		).toBe('x, speed: 3'));
});

describe('a fault says file, line, column, path, cause and mend', () => {
	const f = (text: string, faults: string[], env?: Env) => expect(parse(text, env).faults).toEqual(faults);
	it('an unknown key, with what it may have meant', () =>
		f('site: a\ncolectors: []', ['s.yaml:2:1 colectors: unknown key; did you mean "collectors"?']));
	it('an unknown key deep inside', () =>
		f('streams:\n  - match: { key: a }\n    plan:\n      ruls: [1]', [
			's.yaml:4:7 streams[0].plan.ruls: unknown key; did you mean "rules"?',
		]));
	it('an unknown key that is like no other', () =>
		f('retention: { zzz: 1d }', [
			's.yaml:1:14 retention.zzz: unknown key; allowed: points, rollups, calls, logs, sites',
		]));
	it('an unknown option of a collector', () =>
		f('collectors:\n  - name: a\n    type: replay\n    fiel: x.csv', [
			's.yaml:2:5 collectors[0].file: is missing; it must be a text',
			's.yaml:4:5 collectors[0].fiel: unknown key; did you mean "file"?',
		]));
	it('an unknown type of collector', () =>
		f('collectors:\n  - { name: a, type: reply }', [
			's.yaml:2:22 collectors[0].type: there is no collector type "reply"',
		]));
	it('two collectors of one name', () =>
		f('collectors:\n  - { name: a, type: replay, file: x }\n  - { name: a, type: replay, file: x }', [
			's.yaml:3:13 collectors[1].name: "a" is the name of the collector in line 2 already',
		]));
	it('a wrong type, with the value', () =>
		f('limits: { streamsPerKey: many }', ['s.yaml:1:26 limits.streamsPerKey: must be a number, not "many"']));
	it('a number out of bounds', () =>
		f('limits: { streamsPerKey: 0 }', ['s.yaml:1:26 limits.streamsPerKey: 0 is too small: more than 0']));
	it('a word that is none of those allowed', () =>
		f('streams: [{ match: {}, plan: { severity: criticl } }]', [
			's.yaml:1:42 streams[0].plan.severity: "criticl" is not allowed; did you mean "critical"?',
		]));
	it('no duration, in the words of its schema', () =>
		expect(parse('retention: { points: 3 weeks }').faults[0]).toMatch(
			/^s\.yaml:1:22 retention\.points: "3 weeks" is no duration: /,
		));
	it('of alternatives the one that was most likely meant', () =>
		f('streams: [{ match: {}, plan: { baseline: { points: 3 } } }]', [
			's.yaml:1:52 streams[0].plan.baseline.points: 3 is too small: at least 20',
		]));
	it('something missing', () =>
		f('streams:\n  - match: { key: a }', ['s.yaml:2:5 streams[0].plan: is missing; it must be a map']));
	it('a second document', () =>
		f('site: a\n---\nsite: b', ['s.yaml:2:1 a second document begins here; the file may have one']));
	it("a collector's site that is none", () =>
		f('collectors:\n  - { name: a, type: replay, site: ../b, file: f }', [
			's.yaml:2:36 collectors[0].site: a site is letters, digits, dots, dashes and underscores',
		]));
	it('a list where a map belongs', () => f('retention: []', ['s.yaml:1:12 retention: must be a map, not a list']));
	it('a file that is no map', () => f('hello', ['s.yaml:1:1 must be a map, not "hello"']));
	it('broken YAML', () => expect(parse('a: [1\nb: }').faults[0]).toMatch(/^s\.yaml:2:1 /));
	it('a key that is there twice', () =>
		expect(parse('site: a\nsite: b').faults).toEqual(['s.yaml:2:1 Map keys must be unique']));
	it('a variable that is not set', () =>
		f('site: ${SITE}', ['s.yaml:1:7 site: the environment variable SITE is not set']));
	it('a variable that has to be set, in the words of the file', () =>
		f('site: "${SITE:?name the plant}"', ['s.yaml:1:7 site: SITE: name the plant']));
	it('a reference that is none', () => expect(parse('site: "${1}"').faults[0]).toMatch(/"\$\{1\}" is no reference/));
	it('all of them at once, in the order of the file', () =>
		expect(
			parse('sit: a\nretention: { points: 1 }\nlimits: { streamsPerKey: -1 }').faults.map((line) => line.split(' ')[0]),
		).toEqual(['s.yaml:1:1', 's.yaml:2:22', 's.yaml:3:26']));
	it('never the value of a variable', () => {
		const env = { SECRET: 'hunter2hunter2' };
		const { faults } = parse(
			'retention: { points: "${SECRET}" }\nlimits: { streamsPerKey: "${SECRET}" }\nsite: "${SECRET}!"',
			env,
		);
		expect(faults).toHaveLength(3);
		expect(faults.join()).not.toContain('hunter2');
	});
	it('an alias bomb is a fault', () => {
		const bomb = [
			'a: &a [x,x,x,x,x,x,x,x,x,x]',
			...['b', 'c', 'd', 'e'].map((k, i) => `${k}: &${k} [${`*${'abcd'[i]},`.repeat(10)}]`),
		];
		expect(parse(bomb.join('\n')).config).toBeUndefined();
	});
	it('any text gives a configuration or faults with a place', () =>
		fc.assert(
			fc.property(
				fc.array(
					fc.oneof(
						fc.string(),
						fc.constantFrom('site: a\n', '- ', '  ', '{', '&a ', '*a', '${', '}', 'streams:', '\n'),
					),
				),
				(parts) => {
					const { config, faults } = parse(parts.join(''));
					expect(config === undefined).toBe(faults.length > 0);
					for (const fault of faults) expect(fault).toMatch(/^s\.yaml:\d+:\d+ /);
				},
			),
		));
});

describe('the plan of a stream', () => {
	const { planFor } = parse(
		[
			'streams:',
			'  - match: { key: "press-1/*", labels: { line: a } }',
			'    plan: { rules: [1] }',
			'  - match: { key: "press-*/**" }',
			'    plan: { rules: [2] }',
			'  - match: { labels: { kind: x } }',
			'    plan: { rules: [3] }',
		].join('\n'),
	);
	const f = (key: string, labels: Record<string, string>, rule: number | undefined, source: string | null) =>
		expect(planFor({ key, labels })).toEqual({
			plan: rule === undefined ? DEFAULT_PLAN : { ...DEFAULT_PLAN, rules: [rule] },
			source,
		});
	it('is that of the first rule that matches', () => f('press-1/t', { line: 'a', more: 'x' }, 1, 's.yaml:2'));
	it('needs every label of the rule', () => f('press-1/t', { line: 'b' }, 2, 's.yaml:4'));
	it('* stays within a segment, ** does not', () => f('press-1/a/b', { line: 'a' }, 2, 's.yaml:4'));
	it('a rule without a key is for every key', () => f('any/thing/else', { kind: 'x' }, 3, 's.yaml:6'));
	it('is the default where nothing matches', () => f('mill/t', {}, undefined, null));
	it('characters of patterns mean themselves', () => {
		const dotted = parse('streams: [{ match: { key: "a.b/(x)+/*" }, plan: {} }]').planFor;
		expect(dotted({ key: 'a.b/(x)+/t', labels: {} }).source).toBe('s.yaml:1');
		expect(dotted({ key: 'aXb/(x)+/t', labels: {} }).source).toBe(null);
	});
});
