import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse.ts';

const parse = (text: string) => parseConfig(text, { file: 's.yaml', env: {} });

describe('derived streams in the file', () => {
	it('have rules, with the line that each stands in', () => {
		const { derived } = parse(
			'site: a\nderived:\n  - stream: press-1/power\n    value: 60 * rate("part-count", 65536)\n',
		);
		expect(derived).toMatchObject([
			{
				source: 's.yaml:3',
				rule: { asset: 'press-1', name: 'power', wait: 5000, formula: { terms: [{ name: 'part-count', of: 'rate' }] } },
			},
		]);
	});
	it('are those that the documentation shows', () => {
		const [, yaml = ''] = /```yaml\n([^]*?)```/.exec(readFileSync('docs/derived.md', 'utf8')) ?? [];
		expect(parse(yaml)).toMatchObject({ faults: [], derived: [{}, {}, {}, {}] });
	});
	it('have windows by the clocks of a zone, of which performance takes the length', () => {
		const { derived, faults } = parse(
			'derived:\n  - { stream: p/oee, zone: Europe/Berlin, oee: { running: on, parts: n, scrap: bad, idealCycle: 4s, window: 8h, offset: 6h } }',
		);
		const performance = derived.find(({ rule }) => rule.name === 'oee-performance')?.rule.formula;
		expect([faults, derived.length]).toEqual([[], 4]);
		expect(performance).toMatchObject({
			text: '100 * 4 * counted("n", 8h, 6h) / length("n", 8h, 6h) / share("on", 8h, 6h)',
			terms: ['counted', 'length', 'share'].map((of) => ({
				of,
				window: { ms: 28_800_000, offsetMs: 21_600_000, zone: 'Europe/Berlin' },
			})),
		});
	});
	it('have plans like all others', () => {
		const { planFor } = parse(
			'derived:\n  - { stream: p/d, value: 2 * x }\nstreams: [{ match: { key: "p/*" }, plan: { chart: ewma } }]',
		);
		expect(planFor({ key: 'p/d', labels: {} })).toMatchObject({ plan: { chart: 'ewma' }, source: 's.yaml:3' });
	});
	it('leave what they count and take shares of unjudged: a counter or a state, unless the file says more of it', () => {
		const { planFor } = parse(
			`derived:
  - { stream: "m-*/oee", oee: { running: on, parts: made, scrap: bad, idealCycle: 4s } }
  - { stream: "m-*/speed", value: rate(turns) * x }
  - { stream: "m-*/t2", t2: [x, turns] }
streams: [{ match: { key: "*/bad" }, plan: { rules: [1] } }]`,
		);
		const rules = (key: string) => planFor({ key, labels: {} }).plan.rules;
		expect(['m-1/on', 'm-2/made'].map(rules)).toEqual(['none', 'none']);
		expect(['m-1/bad', 'm-1/x', 'm-1/turns', 'other/on', 'm-1/oee'].map(rules)).toEqual([
			[1],
			...Array<number[]>(4).fill([1, 2, 5, 6]),
		]);
	});
	it('of several streams together have a chart of their own', () => {
		const { planFor } = parse(
			'derived:\n  - { stream: p/m, t2: [x, y] }\nstreams: [{ match: { key: "p/*" }, plan: { chart: ewma, severity: critical, baseline: { points: 50 } } }]',
		);
		const { plan } = planFor({ key: 'p/m', labels: {} });
		expect(plan).toMatchObject({ chart: 't2', rules: [1], severity: 'critical', baseline: { points: 50 } });
	});
});

describe('what cannot be derived is refused with its place and how to mend it', () => {
	const f = (entries: string, faults: string[]) => expect(parse(`derived:\n${entries}`).faults).toEqual(faults);
	it('a function that is none', () =>
		f('  - { stream: p/d, value: sqr(x) }', [
			's.yaml:2:27 derived[0].value: at character 1: there is no function "sqr"; did you mean "sqrt"?',
		]));
	it('the name of a stream of another asset, or with its asset', () =>
		f('  - stream: p/d\n    value: x + "p/y"', [
			's.yaml:3:12 derived[0].value: "p/y": names are those within p; write "y"',
		]));
	it('a zone that is none, and one of what has no windows', () => {
		f('  - { stream: p/d, value: "counted(x, 1h)", zone: Berlin }', [
			's.yaml:2:51 derived[0].zone: is no time zone: write one like Europe/Berlin',
		]);
		for (const of of ['t2: [x, y]', 'value: 200*x'])
			f(`  - { stream: p/d, ${of}, zone: UTC }`, [
				`s.yaml:2:${28 + of.length} derived[0].zone: is of windows of time: of counted, share, length and oee`,
			]);
	});
	it('a stream that is derived from itself', () =>
		f('  - { stream: p/d, value: 2 * d }', [
			's.yaml:2:15 derived[0].stream: is derived from itself: "p/d" from "p/d"; name a measured stream in one of them',
		]));
	it('streams that are derived from each other', () =>
		f('  - { stream: p/a, value: b }\n  - { stream: "*/b", value: c }\n  - { stream: p/c, t2: [a, x] }', [
			's.yaml:2:15 derived[0].stream: is derived from itself: "p/a" from "*/b" from "p/c" from "p/a"; name a measured stream in one of them',
		]));
	it('a stream that is there twice', () =>
		f('  - { stream: p/d, value: x }\n  - { stream: p/d, value: y }', [
			's.yaml:3:15 derived[1].stream: is derived[0] already',
		]));
	it('a key without an asset', () =>
		f('  - { stream: d, value: x }', [
			's.yaml:2:15 derived[0].stream: must be asset/name: its inputs are of one asset',
		]));
	it('a pattern in the name', () =>
		f('  - { stream: "p/*", value: x }', [
			's.yaml:2:15 derived[0].stream: * may stand in the asset only, before the first /',
		]));
	it('more than one star', () =>
		f('  - { stream: "*a*/d", value: x }', ['s.yaml:2:15 derived[0].stream: has more than one *']));
	it('neither value nor t2', () =>
		f('  - { stream: p/d }', [
			's.yaml:2:15 derived[0].stream: needs one of value: an expression, t2: a list of streams, and oee: a machine',
		]));
	it('a t2 of one stream', () =>
		f('  - { stream: p/d, t2: [x] }', ['s.yaml:2:24 derived[0].t2: needs 2 to 8 streams']));
	it('a t2 of one stream twice', () =>
		f('  - { stream: p/d, t2: [x, x] }', ['s.yaml:2:24 derived[0].t2: "x" stands there twice']));
	it('an unknown key', () =>
		f('  - { stream: p/d, valu: x }', [
			's.yaml:2:15 derived[0].stream: needs one of value: an expression, t2: a list of streams, and oee: a machine',
			's.yaml:2:20 derived[0].valu: unknown key; did you mean "value"?',
		]));
	it('a plan for t2 on streams that have none', () => {
		const plan = 'streams: [{ match: { key: "p/*" }, plan: { chart: t2 } }]';
		expect(parse(plan).faults).toEqual([
			's.yaml:1:51 streams[0].plan.chart: t2 is of several streams; declare one under derived: with t2: [its streams]',
		]);
		expect(parse(`${plan}\nderived: [{ stream: p/m, t2: [x, y] }]`).faults).toEqual([
			's.yaml:1:51 streams[0].plan.chart: t2 is of several streams; match.key has to be the name of one: "p/m"',
		]);
	});
});
