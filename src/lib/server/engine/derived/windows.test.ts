import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derivedSchema } from '#contracts/derived.ts';
import { isExpressionFault, parseExpression } from '#contracts/expression.ts';
import { compileFormula } from './formula.ts';
import type { TermState } from './terms.ts';
import { createBounds, createZones } from './bounds.ts';
import { createCounted, createLength, createShare } from './windows.ts';

const zones = createZones();
const every = (ms: number, offsetMs = 0) => createBounds({ ms, offsetMs }, zones);
const TEN = every(10_000);
/** `12 7`: 7 at second 12; `14 -` is a gap. @returns `20 5?`: 5 for the window that ends at 20, uncertain */
function of(term: TermState, points: readonly string[], hold = 0): string[] {
	return points.flatMap((text) => {
		const [second, v] = text.split(' ');
		term.push(Number(second) * 1e6, v === '-' ? NaN : Number(v), hold * 1e6);
		return term.closed!().map((one) => `${one.endMicros / 1e6} ${one.v}${one.isUncertain ? '?' : ''}`);
	});
}

describe('what a counter has counted', () => {
	const f = (points: string[], want: string[], { hold = 0, rollover = 0 } = {}) =>
		expect(of(createCounted(TEN, rollover), points, hold)).toEqual(want);
	it('in a window of which not all was seen is not known', () => f(['3 100', '9 106', '11 107'], ['10 NaN']));
	it('is what lies between its bounds, whenever it is read', () =>
		f(['9 100', '11 101', '19 108', '21 110', '31 120'], ['10 NaN', '20 8', '30 2']));
	it('up to a bound on which it is read is that of the window before', () =>
		f(['10 100', '20 108', '25 109', '30 110'], ['20 8', '30 2']));
	it('begins anew at 0, and the window says that it is not sure', () =>
		f(['10 100', '15 104', '17 3', '20 5'], ['20 9?']));
	it('rolls over where it is known', () => f(['10 65530', '20 4'], ['20 10'], { rollover: 65536 }));
	it('goes on over a gap inside of a window', () => f(['10 100', '12 -', '18 108', '20 109'], ['20 9']));
	it('is not known on either side of a bound that lies in a gap, nor further than values stand', () => {
		f(['10 100', '18 -', '22 108', '30 110', '40 111'], ['20 NaN', '30 NaN', '40 1']);
		f(['10 100', '18 105', '22 108', '30 110', '40 111'], ['20 NaN', '30 NaN', '40 1'], { hold: 3 });
	});
	it('of windows in which nothing was heard says so once', () =>
		f(['10 100', '19 109', '51 140', '60 150', '70 151'], ['20 9', '50 NaN?', '60 NaN', '70 1']));
	it('loses nothing and counts nothing twice', () =>
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 50 })), { minLength: 5 }),
				(steps) => {
					const term = createCounted(TEN, 0);
					let [t, v] = [0, 0];
					const points = [[0, 0], ...steps.map(([dt, dv]) => [(t += dt), (v += dv)] as const)];
					const closed = points.flatMap(([second, count]) => {
						term.push(second! * 1e6, count!, 0);
						return term.closed!();
					});
					const upto = points.findLast(([second]) => second! <= (closed.at(-1)?.endMicros ?? 0) / 1e6);
					// What was counted up to the last point that is not after the last bound.
					expect(closed.reduce((sum, one) => sum + one.v, 0)).toBe(upto![1]);
				},
			),
		));
});

describe('the share of the time', () => {
	const f = (points: string[], want: string[], hold = 0) => expect(of(createShare(TEN), points, hold)).toEqual(want);
	it('is how long it was not 0, to the moment', () => f(['10 1', '14 0', '19 3', '20 1'], ['20 0.5']));
	it('goes on over a bound', () => f(['10 1', '15 0', '25 1', '31 1'], ['20 0.5', '30 0.5']));
	it('is of what is known, and unknown where that is less than nine tenths', () => {
		f(['10 1', '15 0', '19 -', '20 1'], ['20 0.5555555555555556?']);
		f(['10 1', '15 0', '18 -', '20 1'], ['20 NaN?']);
	});
	it('knows no longer than a value stands', () => f(['10 1', '12 1', '20 1'], ['20 NaN?'], 3));
	it('of windows in which nothing is known says so once', () =>
		f(['10 1', '15 -', '99 1', '100 1', '110 0'], ['20 NaN?', '90 NaN?', '100 NaN?', '110 1']));
	it('is the same wherever it was stopped and restored', () =>
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 0, max: 2 })), { minLength: 2 }),
				fc.nat(),
				(steps, at) => {
					let t = 0;
					const points = steps.map(([dt, v]) => `${(t += dt)} ${v}`);
					for (const create of [createShare, (windows: typeof TEN) => createCounted(windows, 0)]) {
						const [first, second] = [create(TEN), create(TEN)];
						const half = at % points.length;
						const before = of(first, points.slice(0, half));
						second.restore(first.snapshot());
						expect([...before, ...of(second, points.slice(half))]).toEqual(of(create(TEN), points));
					}
				},
			),
		));
	it('of a shift in which the clock is set back is of nine hours, and they are told', () => {
		const night = createBounds({ ms: 28_800_000, offsetMs: 21_600_000, zone: 'Europe/Berlin' }, zones);
		const at = (hours: number) => Date.parse('2026-10-24T20:00:00Z') / 1000 + hours * 3600;
		const points = [`${at(0)} 1`, `${at(6)} 0`, `${at(9)} 1`, `${at(17)} 1`];
		expect(of(createShare(night), points)).toEqual([`${at(9)} ${6 / 9}`, `${at(17)} 1`]);
		expect(
			of(
				createCounted(night, 0),
				points.map((point) => point.replace(/ .*/, ' 7')),
			),
		).toEqual([`${at(9)} 0`, `${at(17)} 0`]);
		expect(of(createLength(night), points)).toEqual([`${at(9)} 32400`, `${at(17)} 28800`]);
		expect(of(createLength(night), [...points.slice(0, 1), `${at(40)} 1`])).toEqual([
			`${at(9)} 32400`,
			`${at(33)} 28800`,
		]);
	});
	it('ends its windows where shifts end', () =>
		expect(of(createShare(every(28_800_000, 21_600_000)), ['21600 1', '36000 0', '50400 1', '50401 1'])).toEqual([
			'50400 0.5',
		]));
});

describe('in an expression', () => {
	const fault = (text: string) => {
		const parsed = parseExpression(text);
		return isExpressionFault(parsed) ? parsed.message : '';
	};
	it('they are of a stream, a window and where it begins', () => {
		const parsed = parseExpression('counted("good parts", 8h, 65536, 6h) / share(on, 30min)');
		expect(isExpressionFault(parsed) ? parsed.message : parsed.terms).toEqual([
			{ name: 'good parts', of: 'counted', argument: 65536, window: { ms: 28_800_000, offsetMs: 21_600_000 } },
			{ name: 'on', of: 'share', argument: 0, window: { ms: 1_800_000, offsetMs: 0 } },
		]);
	});
	it.each(['counted(a)', 'counted(a, 5s)', 'share(a, 8d)', 'share(a, 1h, 2h)', 'share(a, 1h, 1min, 1min)'])(
		'not %s',
		(text) => expect(fault(text)).toMatch(/takes a stream and a window of 10s to 7d/),
	);
	it.each(['share(a, 100)', 'counted(a, 1h, 1)'])('nor %s', (text) =>
		expect(fault(text)).toMatch(/a length of time is expected/),
	);
});

describe('OEE', () => {
	const entry = {
		stream: 'press-*/oee',
		oee: { running: 'running', parts: 'part count', scrap: 'scrap', idealCycle: '4s', window: '1h' },
	};
	it('is four streams: the product beside its factors, in percent', () => {
		const rules = derivedSchema.parse([entry]);
		expect(rules.map(({ name, unit }) => `${name} ${unit}`)).toEqual([
			...['oee %', 'oee-availability %', 'oee-performance %', 'oee-quality %'],
		]);
		// Nine tenths of the hour, 720 parts at 4 s, 36 of them scrap; terms in the order in which they are named.
		const known: Readonly<Record<string, number>> = { running: 0.9, 'part count': 720, scrap: 36 };
		const values = rules.map(({ formula }) =>
			formula.kind === 'value'
				? compileFormula(formula)(Float64Array.from(formula.terms, ({ name }) => known[name]!))
				: NaN,
		);
		expect(values.map((v) => Number(v.toFixed(6)))).toEqual([76, 90, 88.888889, 95]);
	});
	const faults = (...entries: object[]) =>
		derivedSchema.safeParse(entries).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
	it('is declared once', () => expect(faults(entry, entry)).toEqual(['1.stream: is derived[0] already']));
	it('is not computed of itself', () =>
		expect(faults({ ...entry, oee: { ...entry.oee, parts: 'oee' } })?.[0]).toMatch(
			/^0\.stream: is derived from itself/,
		));
	it('has windows that clocks have', () =>
		expect(faults({ ...entry, oee: { ...entry.oee, window: '5s' } })?.[0]).toMatch(/^0\.oee: .*10s to 7d/));
});
