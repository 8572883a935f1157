import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '#contracts/rows.ts';
import { createRandom } from '#rules/testing/random.ts';
import { createEvaluator } from './evaluator.ts';
import { countHeld } from './hold.ts';
import {
	declare,
	episodesOf,
	evaluate,
	gap,
	normals,
	points,
	rows,
	signalsOf,
	tick,
	type Input,
} from './testing/records.ts';

const KNOWN = { baseline: { centre: 0, sigma: 1 }, rules: [2] };
const up = (count: number) => Array<number>(count).fill(1.5);
const at = (second: number, v: number): Row => ({ stream: 1, tMicros: second * 1e6, v, quality: 192 });

describe('a stream whose points wait for older ones', () => {
	const f = (inputs: Input[], want: string[], reorder = '5s') =>
		expect(signalsOf(evaluate([declare(1, { ...KNOWN, reorder }), ...inputs]))).toEqual(want);

	it('is judged in the order of its times, not of their coming', () =>
		f([rows([...up(8).map((v, i) => at(10 + i, v)), at(19, -1), at(18, 1.5), at(30, 0)])], ['18 i 2 above']));
	it('is judged once a point is newer by so much, and not before', () => {
		const run = [points(up(9), 10)];
		f([...run, points([0], 22)], []);
		f([...run, points([0], 23)], ['18 i 2 above']);
	});
	it('is judged when nothing has come for as long, by the ticks', () => {
		f([tick(1), points(up(9), 10), ...[2, 3, 4, 5, 6].map(tick)], []);
		f([tick(1), points(up(9), 10), ...[2, 3, 4, 5, 6, 7].map(tick)], ['18 i 2 above']);
	});
	it('is not judged by a pause in which nobody watched', () =>
		f([points(up(9), 10), tick(1), tick(2), tick(9000)], []));
	it('has late points beyond its window', () =>
		f([points(up(8), 10), points([0], 30), points([1.5], 25), points([1.5], 26), points([1.5], 40)], ['26 i 2 above']));
	it('has each time once', () => f([points(up(8), 10), points([1.5], 17), points([1.5], 12), points([0], 40)], []));
	it('is judged up to a gap before it', () =>
		f([points(up(9), 10), gap(1, 19, 20), points([0], 40)], ['18 i 2 above']));
	it('is judged by the plan under which its points came', () =>
		f([points(up(9), 10), declare(1, { ...KNOWN, rules: [1], reorder: '5s' }, { revision: 2 })], ['18 i 2 above']));

	it('counts what was late and double', () => {
		const evaluator = createEvaluator();
		evaluate(
			[declare(1, { ...KNOWN, reorder: '5s' }), points([0, 0, 0], 10), points([0], 11), points([0], 7)],
			evaluator,
		);
		expect(evaluator.state.counts).toMatchObject({ late: 1, duplicate: 1 });
	});
	it('never holds more than four thousand points', () => {
		const evaluator = createEvaluator();
		evaluate([declare(1, { ...KNOWN, reorder: '1h' }), points(normals(3000)), points(normals(3000), 3000)], evaluator);
		// An hour is 3,600 of them.
		expect(countHeld(evaluator.state.table.at(0).held)).toBe(3600);
		evaluate([rows(normals(5000).map((v, i) => at(6000 + i / 1000, v)))], evaluator);
		expect(countHeld(evaluator.state.table.at(0).held)).toBe(4096);
	});
});

/** Every point displaced by up to so many places, a tenth of them sent twice; by ticks that may step by hours or a day. */
function disturbed(
	values: readonly number[],
	seed: number,
	{ places, steps }: { places: number; steps: readonly number[] },
) {
	const random = createRandom(seed);
	const sent = values
		.flatMap((v, i) => [{ v, i }, ...(random() < 0.1 ? [{ v, i }] : [])])
		.map((one) => ({ ...one, place: one.i + random() * places }))
		.sort((a, b) => a.place - b.place);
	let clock = 1e6;
	return sent.flatMap(({ v, i }, nth) => [
		rows([at(1000 + i, v)]),
		...(nth % 10 === 0 ? [tick((clock += random() < 0.1 ? (steps[nth % steps.length] ?? 1) : 1))] : []),
	]);
}

describe('for any disorder within its window, tenfold duplicates and steps of the clock', () => {
	it('a stream has the violations of its sorted points', () =>
		fc.assert(
			fc.property(
				fc.nat(),
				fc.constantFrom(1, 3, 10, 100),
				fc.array(fc.constantFrom(3600, -3600, 86_400, -86_400), { minLength: 1 }),
				(seed, places, steps) => {
					const values = normals(400, seed % 7).map((v, i) => v + Math.sin(i / 40));
					const plan = declare(1, { baseline: { points: 50 }, rules: [1, 2, 3, 5, 6], reorder: '200s' });
					const end = points([0], 5000);
					const straight = evaluate([plan, points(values, 1000), end]);
					const judged = evaluate([plan, ...disturbed(values, seed, { places, steps }), end]);
					const plain = (verdicts: typeof judged) => episodesOf(verdicts).map(({ revision: _, ...rest }) => rest);
					expect(plain(judged)).toEqual(plain(straight));
					expect(signalsOf(judged)).toEqual(signalsOf(straight));
				},
			),
			{ numRuns: 30 },
		));
});
