import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTally, type Tally } from './tally.ts';

const tally: fc.Arbitrary<Tally> = fc.oneof(
	fc.record({ kind: fc.constant('size' as const), points: fc.integer({ min: 1, max: 6 }), units: fc.constant(1) }),
	fc.record({
		kind: fc.constant('window' as const),
		micros: fc.constant(4e6),
		units: fc.constant(1),
		atLeast: fc.integer({ min: 1, max: 6 }),
		above: fc.integer({ min: 0, max: 4 }),
		below: fc.integer({ min: 2, max: 6 }),
	}),
);
const values = fc.array(fc.constantFrom(0, 0, 1), { maxLength: 60 });

describe('a tally', () => {
	const f = (of: Partial<Tally>, values: readonly number[]) => {
		const stage = createTally(1);
		stage.set(0, { kind: 'size', points: 3, units: 1, ...of } as Tally);
		return values.flatMap((v, i) => {
			const sum = stage.push(0, v, i * 1e6);
			return sum === sum ? [`${sum} of ${stage.closed.size} at ${i}`] : [];
		});
	};
	const WINDOW = { kind: 'window', micros: 4e6 } as const;
	it('sums so many values', () => expect(f({}, [1, 0, 1, 1, 1, 1, 0])).toEqual(['2 of 3 at 2', '3 of 3 at 5']));
	it('sums the values of a window when one of a later window comes', () =>
		expect(f(WINDOW, [1, 0, 1, 1, 1])).toEqual(['3 of 4 at 4']));
	it('goes on over windows until it has what it wants', () =>
		expect(f({ ...WINDOW, atLeast: 6 }, [1, 0, 1, 1, 1, 1, 0, 0, 0])).toEqual(['5 of 8 at 8']));
	it('ends early when what is to come can change nothing', () => {
		expect(f({ points: 5, above: 1 }, [0, 1, 1, 1, 1])).toEqual(['2 of 3 at 2', '2 of 2 at 4']);
		expect(f({ points: 5, below: 1 }, [1, 0, 0, 1])).toEqual(['1 of 3 at 2']);
	});
	it('that has its size does not end early: a window may have more', () =>
		expect(f({ ...WINDOW, atLeast: 2, above: 1 }, [0, 0, 1, 1, 1])).toEqual(['2 of 4 at 4']));

	it('goes on in a restored slot, also of a grown one, as if never stopped', () =>
		fc.assert(
			fc.property(tally, values, fc.nat(), (setting, values, at) => {
				const stop = at % (values.length + 1);
				const [whole, other] = [createTally(1), createTally(1)];
				const push = (stage: typeof whole, slot: number, from: number, to: number) =>
					values.slice(from, to).map((v, i) => [stage.push(slot, v, (from + i) * 1e6), { ...stage.closed }] as const);
				whole.set(0, setting);
				push(whole, 0, 0, stop);
				other.grow(3);
				other.set(2, setting);
				other.restore(2, whole.snapshot(0));
				const told = (found: ReturnType<typeof push>) => found.filter(([sum]) => sum === sum);
				expect(told(push(other, 2, stop, values.length))).toEqual(told(push(whole, 0, stop, values.length)));
			}),
		));
});
