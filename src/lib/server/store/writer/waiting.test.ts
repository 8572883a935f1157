import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLAG } from '#contracts/point.ts';
import { createEvaluator } from '#server/engine/evaluator.ts';
import { declare, gap, rows, tick, type Input } from '#server/engine/testing/records.ts';
import { createView } from '#server/engine/view.ts';
import type { JournalRecord } from '#server/journal/port.ts';
import { STORED_ROW_BYTES } from '../port.ts';
import { buildBatch, type NewestTimes } from './batch.ts';
import { createWaiting, type Waiting } from './waiting.ts';

const PLAN = { baseline: { centre: 0, sigma: 1 }, rules: [1] };
const point = (second: number) => rows([{ stream: 1, tMicros: second * 1e6, v: 0, quality: 192 }]);

interface Written {
	readonly newest: NewestTimes;
	readonly waiting: Waiting;
}

/** Seconds that were stored without the flag, and with it. */
function written(
	inputs: readonly Input[],
	{ newest, waiting }: Written = { newest: new Map(), waiting: createWaiting() },
) {
	const records = inputs.map((input, i): JournalRecord => ({ ...input, seq: i + 1, partition: 0 }));
	const { rows: stored } = buildBatch(records, newest, { waiting });
	const all = Array.from({ length: stored.length / STORED_ROW_BYTES }, (_, i) => {
		const row = Buffer.from(stored.buffer, stored.byteOffset + i * STORED_ROW_BYTES, STORED_ROW_BYTES);
		return { second: Number(row.readBigInt64LE(4)) / 1e6, isLate: (row.readUInt8(29) & FLAG.late) !== 0 };
	});
	const of = (late: boolean) => all.filter(({ isLate }) => isLate === late).map(({ second }) => second);
	return { judged: of(false), late: of(true) };
}

function judged(inputs: readonly Input[]): number[] {
	const evaluator = createEvaluator();
	inputs.forEach((input, i) => evaluator.evaluate({ ...input, seq: i + 1 }));
	const [window] = createView(evaluator.state).windows(1);
	return Array.from(window?.tMicros ?? [], (t) => t / 1e6);
}

describe('a point that its stream waited for is stored without the flag, and one that came too late with it', () => {
	const f = (inputs: readonly Input[], late: number[]) => {
		const all = [declare(1, { ...PLAN, reorder: '5s' }), ...inputs];
		expect(written(all).late).toEqual(late);
		const end = [point(1000), ...[100, 101, 102, 103, 104, 105, 106].map(tick)];
		expect(judged([...all, ...end])).toEqual([...written(all).judged, 1000].sort((a, b) => a - b));
	};
	it('within its window', () => f([point(10), point(8), point(9)], []));
	it('beyond it', () => f([point(10), point(5), point(4)], [5, 4]));
	it('within it, but after a tick has had what it held judged', () =>
		f([tick(1), point(10), ...[2, 3, 4, 5, 6, 7].map(tick), point(8), point(11)], [8]));
	it('within it, while ticks have not yet', () =>
		f([tick(1), point(10), ...[2, 3, 4, 5, 6].map(tick), point(8), point(11)], []));
	it('within it, when older points came meanwhile: they make nobody wait longer', () =>
		f([tick(1), point(10), ...[2, 3, 4].map(tick), point(9), ...[5, 6, 7].map(tick), point(8)], [8]));
	it('after a pause in which nobody watched', () => f([tick(1), point(10), tick(2), tick(9000), point(8)], []));
	it('before the end of a gap', () => f([point(10), gap(1, 7, 9), point(8), point(9.5)], [8]));
	it('after another plan', () => f([point(10), declare(1, { ...PLAN, reorder: '6s' }), point(9)], [9]));
	it('after a plan that waits no longer', () => f([point(10), declare(1, PLAN), point(9), point(11)], [9]));
	it('where nothing is expected any more', () =>
		f(
			[
				declare(1, { ...PLAN, reorder: '5s', expect: '1s' }),
				tick(1),
				point(10),
				...[2, 3, 4, 5, 6].map(tick),
				point(9),
			],
			[],
		));
});

describe('for any points, ticks, gaps and plans', () => {
	const step = fc.oneof(
		{ weight: 12, arbitrary: fc.record({ back: fc.constantFrom(-3, -2, -1, -1, -1, 0, 1, 2, 3, 4, 6, 9) }) },
		{ weight: 8, arbitrary: fc.record({ after: fc.constantFrom(1, 1, 1, 1, 2, 2.6, -3600) }) },
		{ weight: 1, arbitrary: fc.record({ gap: fc.integer({ min: -6, max: 3 }) }) },
		{
			weight: 1,
			arbitrary: fc.record({ reorder: fc.constantFrom('0s', '2s', '5s'), expect: fc.constantFrom('1s', '3s') }),
		},
	);
	const inputsOf = (steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]): Input[] => {
		let newest = 100;
		let clock = 1;
		return steps.map((one, i) => {
			if ('after' in one) return tick((clock += one.after));
			if ('gap' in one) return gap(1, newest + one.gap - 1, newest + one.gap);
			if ('reorder' in one) return declare(1, { ...PLAN, ...one }, { revision: i + 2 });
			const second = newest - one.back;
			newest = Math.max(newest, second);
			return point(second);
		});
	};
	const anySteps = fc.array(step, { maxLength: 80 });

	it('what is stored without the flag is what is judged', () =>
		fc.assert(
			fc.property(anySteps, (steps) => {
				const inputs = [declare(1, { ...PLAN, reorder: '4s' }), ...inputsOf(steps), declare(1, PLAN, { revision: 99 })];
				const once = new Set(written(inputs).judged);
				expect([...once].sort((a, b) => a - b)).toEqual(judged(inputs));
			}),
			{ numRuns: 300 },
		));
	it('a writer that begins anew goes on with what it noted', () =>
		fc.assert(
			fc.property(anySteps, fc.nat(80), (steps, cut) => {
				const inputs = [declare(1, { ...PLAN, reorder: '4s' }), ...inputsOf(steps)];
				const state = { newest: new Map(), waiting: createWaiting() };
				const before = written(inputs.slice(0, cut), state);
				const after = written(inputs.slice(cut), { ...state, waiting: createWaiting(state.waiting.encode()) });
				const straight = written(inputs);
				expect([...before.late, ...after.late]).toEqual(straight.late);
			}),
		));
});
