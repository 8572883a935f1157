import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBank, type RuleOptions, type SlotState } from './bank.ts';
import { rulesOf } from '../sets/rule-sets.ts';
import { createNormal } from '../testing/random.ts';
import { literalSignals, type LiteralSeries } from '../testing/literal.ts';

const ALL = 0xff;
const UNIT = { centre: 0, sigma: 1, rules: ALL };

/** Indices at which a rule fires around centre 0 with sigma 1. */
function signalsOf(rule: number, values: readonly number[], options: RuleOptions = {}, limits = UNIT): number[] {
	const bank = createBank({ capacity: 1, options });
	bank.setLimits(0, limits);
	return values.flatMap((value, i) => (bank.push(0, value) & (1 << (rule - 1)) ? [i] : []));
}

const times = (count: number, ...values: number[]) => Array<number[]>(count).fill(values).flat();

describe('rule 1: one point beyond three sigma', () => {
	const f = (values: number[], at: number[]) => expect(signalsOf(1, values)).toEqual(at);
	it('fires on either side', () => f([0, 3.1, 0, -3.1], [1, 3]));
	it('a point on the line is inside', () => f([3, -3], []));
	it('begins where the slot says', () =>
		expect(signalsOf(1, [2.6, 2.4, -2.6], {}, { ...UNIT, limitsSigma: 2.5 } as typeof UNIT)).toEqual([0, 2]));
});

describe('rule 2: nine in a row on one side', () => {
	const f = (values: number[], at: number[]) => expect(signalsOf(2, values)).toEqual(at);
	it('fires on the ninth', () => f(times(9, 1), [8]));
	it('goes on firing while the run goes on', () => f(times(11, -1), [8, 9, 10]));
	it('a point on the centre line ends the run', () => f([1, 1, 1, 1, 0, 1, 1, 1, 1, 1], []));
});

describe('rule 3: six steadily rising or falling', () => {
	const f = (values: number[], at: number[]) => expect(signalsOf(3, values)).toEqual(at);
	it('fires on the sixth point', () => f([0, 0.1, 0.2, 0.3, 0.4, 0.5], [5]));
	it('falls too', () => f([5, 4, 3, 2, 1, 0, 0], [5]));
	it('a tie ends the trend, and its second point begins anew', () => f([1, 2, 3, 3, 4, 5, 6, 7, 8], [8]));
});

describe('rule 4: fourteen alternating', () => {
	const f = (values: number[], at: number[]) => expect(signalsOf(4, values)).toEqual(at);
	it('fires on the fourteenth, up first', () => f(times(7, 0, 1), [13]));
	it('fires on the fourteenth, down first', () => f(times(7, 1, 0), [13]));
	it('a tie ends it', () => f([...times(6, 0, 1), 1, 0, 1, 0], []));
});

describe('rule 5: two of three beyond two sigma', () => {
	const f = (values: number[], at: number[], options = {}) => expect(signalsOf(5, values, options)).toEqual(at);
	it('needs the same side', () => f([2.5, 0, -2.5], []));
	it('takes the third anywhere', () => f([2.5, 0, 2.5], [2]));
	it('is told by a point beyond, never by one inside', () => f([2.5, 2.5, 0], [1]));
	it('waits for three points where full windows are asked for', () =>
		f([2.5, 2.5, 0, 2.5, 2.5], [3, 4], { startup: 'full-window' }));
});

describe('rule 6: four of five beyond one sigma', () => {
	const f = (values: number[], at: number[], options = {}) => expect(signalsOf(6, values, options)).toEqual(at);
	it('takes the fifth anywhere', () => f([1.5, 1.5, 0, 1.5, 1.5, 0], [4]));
	it('a point on the line is inside', () => f(times(6, 1), []));
	it('fires as soon as four qualify', () => f(times(4, -1.5), [3]));
	it('waits for five points where full windows are asked for', () =>
		f(times(5, -1.5), [4], { startup: 'full-window' }));
});

describe('rule 7: fifteen within one sigma', () => {
	const f = (values: number[], at: number[]) => expect(signalsOf(7, values)).toEqual(at);
	it('fires on the fifteenth', () => f(times(15, 0.5), [14]));
	it('points on the lines are inside', () => f(times(8, 1, -1), [14, 15]));
	it('one point outside ends it', () => f([...times(14, 0), 1.1, ...times(14, 0)], []));
});

describe('rule 8: eight beyond one sigma, on both sides', () => {
	const f = (values: number[], at: number[], options = {}) => expect(signalsOf(8, values, options)).toEqual(at);
	it('fires on the eighth', () => f([...times(7, 1.5), -1.5], [7]));
	it('eight on one side are not a mixture', () => f(times(9, 1.2), []));
	it('unless either side is asked for', () => f(times(9, 1.2), [7, 8], { rule8: 'either-side' }));
});

describe('a missing value', () => {
	const gap = [...times(8, 1), NaN, 1];
	it('ends every run and is never flagged', () => expect(signalsOf(2, gap)).toEqual([]));
	it('is as if it had not been where skipping is asked for', () =>
		expect(signalsOf(2, gap, { missing: 'skip' })).toEqual([9]));
	it('leaves no step across it', () => expect(signalsOf(3, [1, 2, 3, NaN, 4, 5, 6])).toEqual([]));
	it('an infinite value is a missing one', () => expect(signalsOf(1, [Infinity, -Infinity])).toEqual([]));
});

describe('a degenerate sigma', () => {
	for (const sigma of [0, -1, NaN, Infinity])
		it(`${sigma}: rules 2 to 4 still judge, the others are silent`, () => {
			const fired = (values: number[]) =>
				[1, 2, 3, 4, 5, 6, 7, 8].filter((rule) => signalsOf(rule, values, {}, { ...UNIT, sigma }).length > 0);
			expect(fired(times(16, 0))).toEqual([]);
			expect(fired([1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual([2, 3]);
			expect(fired(times(8, 9, -9))).toEqual([4]);
		});
	it('a centre that is no number leaves only rules 3 and 4', () =>
		expect(signalsOf(2, times(9, 1), {}, { ...UNIT, centre: NaN })).toEqual([]));
});

/** Values from a grid around the zone edges: ties and points on lines are the rule here, not the exception. */
const value = fc.oneof(
	{ weight: 8, arbitrary: fc.constantFrom(-3.5, -3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5) },
	{ weight: 4, arbitrary: fc.double({ min: -4, max: 4, noNaN: true }) },
	{ weight: 1, arbitrary: fc.constant(NaN) },
);
/** Stretches of a kind, so that the long patterns come about. */
const stretch = fc.oneof(
	fc.array(value, { maxLength: 12 }),
	fc.tuple(value, fc.nat(16)).map(([v, n]) => times(n, v)),
	fc.tuple(value, value, fc.nat(9)).map(([a, b, n]) => times(n, a, b)),
	fc.tuple(value, fc.nat(8)).map(([v, n]) => times(n, v).map((x, i) => x + i / 4)),
	fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 10, maxLength: 18 }),
	fc.array(fc.constantFrom(-2.5, -1.5, 1.5, 2.5), { minLength: 6, maxLength: 10 }),
);
const values = fc.array(stretch, { maxLength: 8 }).map((parts) => parts.flat());
const options = fc.record({
	missing: fc.constantFrom('break' as const, 'skip' as const),
	rule8: fc.constantFrom('both-sides' as const, 'either-side' as const),
	startup: fc.constantFrom('partial' as const, 'full-window' as const),
});

/** What the bank says at each point, and what the definitions say. */
function compare(series: LiteralSeries, asked: RuleOptions, vary: boolean): void {
	const bank = createBank({ capacity: 1, options: asked });
	const limits = { centre: series.centre[0] ?? 0, sigma: series.sigma[0] ?? 1, rules: ALL };
	bank.setLimits(0, limits);
	series.values.forEach((x, i) => {
		if (series.phases?.includes(i)) bank.setLimits(0, limits);
		const bits = vary ? bank.push(0, x, series.centre[i], series.sigma[i]) : bank.push(0, x);
		const said = rulesOf(bits).map((rule) => ({ rule, side: bank.side(0, rule), span: bank.span(0, rule) }));
		expect(said).toEqual(literalSignals(series, i, asked));
	});
}

describe('the bank and the literal definitions', () => {
	it('agree on rule, side and span at every point', () => {
		fc.assert(
			fc.property(values, options, fc.array(fc.nat(60), { maxLength: 2 }), (xs, asked, phases) =>
				compare({ values: xs, centre: xs.map(() => 0), sigma: xs.map(() => 1), phases }, asked, false),
			),
			{ numRuns: 800 },
		);
	});

	it('agree where limits vary from point to point', () => {
		const limits = fc.tuple(fc.constantFrom(0, 0.25, -0.5, NaN), fc.constantFrom(1, 0.5, 2, 0, NaN));
		const usual = fc.tuple(fc.constantFrom(0, 0.25), fc.constantFrom(1, 0.9));
		const point = fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: limits });
		fc.assert(
			fc.property(values, options, fc.array(point, { minLength: 60, maxLength: 60 }), (xs, asked, each) => {
				const at = xs.map((_, i) => each[i % each.length]!);
				compare({ values: xs, centre: at.map(([c]) => c), sigma: at.map(([, s]) => s) }, asked, true);
			}),
			{ numRuns: 800 },
		);
	});

	it('agree with limits in the units of a real sensor', () => {
		fc.assert(
			fc.property(values, options, (xs, asked) => {
				const real = xs.map((x) => 74.00118 + x * 0.009785);
				compare({ values: real, centre: xs.map(() => 74.00118), sigma: xs.map(() => 0.009785) }, asked, false);
			}),
			{ numRuns: 200 },
		);
	});
});

describe('pushMany', () => {
	it('says what push says, in any mixture of slots', () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.nat(3), value), { maxLength: 120 }), options, (points, asked) => {
				const [one, many] = [createBank({ capacity: 4, options: asked }), createBank({ capacity: 4, options: asked })];
				for (const bank of [one, many])
					for (const slot of [0, 1, 2]) bank.setLimits(slot, { ...UNIT, centre: slot / 4 });
				const signals = new Uint16Array(points.length).fill(0xffff);
				const told: unknown[] = [];
				const slots = Uint32Array.from(points, ([slot]) => slot);
				const count = many.pushMany(
					slots,
					Float64Array.from(points, ([, x]) => x),
					signals,
					(i) =>
						told.push([
							i,
							rulesOf(signals[i]!).map((rule) => [many.side(slots[i]!, rule), many.span(slots[i]!, rule)]),
						]),
				);
				const want: unknown[] = [];
				points.forEach(([slot, x], i) => {
					const bits = one.push(slot, x);
					expect(signals[i]).toBe(bits);
					if (bits) want.push([i, rulesOf(bits).map((rule) => [one.side(slot, rule), one.span(slot, rule)])]);
				});
				expect(told).toEqual(want);
				expect(count).toBe(want.length);
			}),
			{ numRuns: 300 },
		);
	});

	it('says what push says in a bank larger than a cache, which is fetched block by block', () => {
		const capacity = 30_000;
		const [one, many] = [createBank({ capacity }), createBank({ capacity })];
		for (const bank of [one, many]) for (let slot = 0; slot < capacity; slot++) bank.setLimits(slot, UNIT);
		const normal = createNormal(3);
		const pushed = Array.from(
			{ length: 1000 },
			(_, i) => [(i * 7919) % 40 ? (i % 3) * 14_999 : i, 2 * normal()] as const,
		);
		const signals = new Uint16Array(pushed.length);
		const told: number[] = [];
		many.pushMany(
			Uint32Array.from(pushed, ([slot]) => slot),
			Float64Array.from(pushed, ([, x]) => x),
			signals,
			(i) => told.push(i),
		);
		const bits = pushed.map(([slot, x]) => one.push(slot, x));
		expect([...signals]).toEqual(bits);
		expect(told).toEqual(bits.flatMap((b, i) => (b ? [i] : [])));
		expect(told.length).toBeGreaterThan(100);
	});

	it('goes on after the bank has grown or got new limits in onSignal', () => {
		const bank = createBank({ capacity: 1 });
		bank.setLimits(0, UNIT);
		const signals = new Uint16Array(3);
		bank.pushMany(new Uint32Array(3), Float64Array.of(9, 9, 99), signals, (i) => {
			if (i === 0) bank.grow(5000);
			if (i === 1) bank.setLimits(0, { ...UNIT, centre: 98 });
		});
		expect([...signals]).toEqual([1, 1 | 16, 0]);
	});
});

describe('a snapshot', () => {
	it('taken at every point changes nothing, through JSON and in another slot', () => {
		fc.assert(
			fc.property(values, options, (xs, asked) => {
				const stayed = createBank({ capacity: 1, options: asked });
				const moved = createBank({ capacity: 2, options: asked });
				stayed.setLimits(0, { ...UNIT, centre: 0.1 });
				moved.setLimits(0, { ...UNIT, centre: 0.1 });
				xs.forEach((x, i) => {
					expect(moved.push(i % 2, x)).toBe(stayed.push(0, x));
					const state = JSON.parse(JSON.stringify(moved.snapshot(i % 2))) as SlotState;
					moved.release(i % 2);
					moved.restore((i + 1) % 2, state);
				});
			}),
			{ numRuns: 200 },
		);
	});

	it('of a slot without limits restores to one that is silent', () => {
		const bank = createBank({ capacity: 1 });
		bank.restore(0, bank.snapshot(0));
		expect(bank.push(0, 1e9)).toBe(0);
	});

	it('of another version is refused', () => {
		const bank = createBank({ capacity: 1 });
		const state = { ...bank.snapshot(0), version: 2 } as unknown as SlotState;
		expect(() => bank.restore(0, state)).toThrow('version 2');
	});
});

describe('slots', () => {
	it('are silent until they have limits', () => expect(createBank({ capacity: 1 }).push(0, 1e9)).toBe(0));

	it('keep limits and history when the bank grows', () => {
		const bank = createBank({ capacity: 1 });
		bank.setLimits(0, UNIT);
		for (const x of times(8, 1)) bank.push(0, x);
		bank.grow(3);
		expect(bank.capacity).toBe(3);
		expect([bank.push(0, 0.5), bank.push(2, 99)]).toEqual([2, 0]);
	});

	it('begin anew with new limits', () => {
		const bank = createBank({ capacity: 1 });
		bank.setLimits(0, UNIT);
		for (const x of times(8, 1)) bank.push(0, x);
		bank.setLimits(0, UNIT);
		expect(bank.push(0, 1)).toBe(0);
	});

	it('judge by the rules that they were given', () => {
		const bank = createBank({ capacity: 1 });
		bank.setLimits(0, { ...UNIT, rules: 0b10 });
		expect(times(9, 9).map((x) => bank.push(0, x))).toEqual([...times(8, 0), 2]);
	});

	it('outside the capacity are an error, never silence', () => {
		const bank = createBank({ capacity: 2 });
		expect(() => bank.push(2, 1)).toThrow('no slot 2 in a bank of 2');
		expect(() => bank.push(2, 1, 0, 1)).toThrow(RangeError);
		expect(() => bank.setLimits(-1, UNIT)).toThrow(RangeError);
		expect(() => bank.span(2, 1)).toThrow(RangeError);
		expect(() => bank.pushMany(Uint32Array.of(2), Float64Array.of(1), new Uint16Array(1))).toThrow(RangeError);
		expect(() => bank.pushMany(new Uint32Array(2), new Float64Array(1), new Uint16Array(2))).toThrow('1 values');
		expect(() => bank.grow(1e12)).toThrow('cannot make a bank');
	});

	it('get their own limits back after a point with limits of its own', () => {
		const bank = createBank({ capacity: 1 });
		bank.setLimits(0, UNIT);
		expect([bank.push(0, 5, 5, 1), bank.push(0, 5), bank.push(0, 5, 5)]).toEqual([0, 1, 0]);
	});
});
