import { describe, expect, it } from 'vitest';
import { configSchema } from './config.ts';
import { DEFAULT_PLAN } from './plan.ts';

describe('a configuration', () => {
	it('that says nothing takes every default', () =>
		expect(configSchema.parse({})).toEqual({
			site: 'default',
			collectors: [],
			derived: [],
			prices: [],
			proxy: { targets: {} },
			streams: [],
			retention: {},
			limits: { streamsPerKey: 10_000, pointsPerSecondPerKey: 2_000_000 },
			alerts: { maintenance: [], routes: {} },
			ownStreams: true,
			rca: {},
			otlp: { content: false },
			knowledge: {},
		}));
	it('keeps the options of a collector for its own schema', () =>
		expect(configSchema.parse({ collectors: [{ name: 'a', type: 'mqtt', url: 'mqtt://broker' }] }).collectors).toEqual([
			{ name: 'a', type: 'mqtt', url: 'mqtt://broker', isolate: false },
		]));
	it('gives a plan to every stream where it matches none in particular', () =>
		expect(configSchema.parse({ streams: [{ match: {}, plan: {} }] }).streams).toEqual([
			{ match: { key: '*', labels: {} }, plan: DEFAULT_PLAN },
		]));
	it('has retention in milliseconds once parsed', () =>
		expect(configSchema.parse({ retention: { points: '30d' } }).retention).toEqual({ points: 2_592_000_000 }));
});

describe('a site', () => {
	const f = (site: string, isOne: boolean) => expect(configSchema.safeParse({ site }).success).toBe(isOne);
	it('has letters, digits, dots, dashes and underscores', () => f('Plant-A.hall_3', true));
	it('has 61 characters', () => f('a'.repeat(61), true));
	it('has no more', () => f('a'.repeat(62), false));
	it('is not empty', () => f('', false));
	it('does not begin with a dash', () => f('-a', false));
	it('has no slash', () => f('a/b', false));
	it('ends with its line', () => f('a\n', false));
});

describe('a configuration with a fault names its place', () => {
	const f = (config: unknown, ...paths: string[]) =>
		expect(configSchema.safeParse(config).error?.issues.map((issue) => ['$', ...issue.path].join('.'))).toEqual(paths);
	it('an unknown field', () => f({ sit: 'a' }, '$'));
	it('an address of another kind', () => f({ url: 'mailto:a@b.c' }, '$.url'));
	it('an address without http', () => f({ url: 'scope.example' }, '$.url'));
	it('a collector without a type', () => f({ collectors: [{ name: 'a' }] }, '$.collectors.0.type'));
	it('a collector with a name that is no file name', () =>
		f({ collectors: [{ name: '../a', type: 'x' }] }, '$.collectors.0.name'));
	it('a rule without a plan', () => f({ streams: [{ match: {} }] }, '$.streams.0.plan'));
	it('a rule with a plan that is none', () =>
		f({ streams: [{ match: {}, plan: { rules: [0] } }] }, '$.streams.0.plan.rules.0'));
	it('a retention that is no duration', () => f({ retention: { points: '3 weeks' } }, '$.retention.points'));
	it('a limit of nothing', () => f({ limits: { streamsPerKey: 0 } }, '$.limits.streamsPerKey'));
});
