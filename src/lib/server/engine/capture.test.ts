import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanInput } from '#contracts/plan.ts';
import { beginCapture, restoreCapture, returnCapture, type Capture } from './capture.ts';
import { createEvaluator } from './evaluator.ts';
import { createKept } from './testing/kept.ts';
import { declare, evaluateEach, gap, rows, tick, written, type Input } from './testing/records.ts';

const STREAMS = 4;
const value = fc.oneof(
	{ weight: 6, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) },
	{ weight: 2, arbitrary: fc.constantFrom(5, -5, 1.2, 2.5) },
);
interface AnyRow {
	readonly stream: number;
	readonly v: number;
	readonly quality: 0 | 64 | 192;
	/** Seconds that its t is behind. */
	readonly lateness: number;
}
type Step =
	| { readonly rows: readonly AnyRow[]; readonly historical: boolean }
	/** Seconds between one tick and the next. */
	| { readonly ticks: readonly number[] }
	| { readonly gapOf: number }
	| { readonly declared: number; readonly plan: PlanInput; readonly revision: number };

const row: fc.Arbitrary<AnyRow> = fc.record({
	// The last one is silent for long.
	stream: fc.oneof({ weight: 12, arbitrary: fc.integer({ min: 1, max: STREAMS - 1 }) }, fc.constant(STREAMS)),
	v: value,
	quality: fc.constantFrom(192, 192, 192, 192, 192, 64, 0),
	lateness: fc.constantFrom(0, 0, 0, 0, 0, 0, 40),
});
const plan = fc.constantFrom<PlanInput[]>(
	{ baseline: { centre: 0, sigma: 1 }, rules: [1, 2, 3, 4, 5, 6, 7, 8], expect: '3s' },
	{ baseline: { centre: 0.1, sigma: 0.5 }, rules: [1, 2] },
	{ baseline: { points: 20 }, rules: [1, 2, 5, 6] },
	{ baseline: { points: 25 }, admit: 'uncertain', expect: '1s' },
	{ chart: 'auto', baseline: { points: 20 }, expect: '3s' },
	{ chart: 'auto', baseline: { points: 40 } },
	{ subgroup: { window: '5s' }, baseline: { centre: 0, sigma: 0.3 }, rules: 'nelson' },
	{ chart: 'xbar-r', subgroup: { window: '10s' }, baseline: { points: 20 }, expect: '4s' },
	{ chart: 'xbar-r', subgroup: { size: 3 }, baseline: { points: 20 } },
	{ chart: 'xbar-s', subgroup: { size: 4 }, baseline: { centre: 0, sigma: 0.5 } },
	{ chart: 'ewma', baseline: { points: 20 } },
	{ chart: 'cusum', baseline: { centre: 0, sigma: 0.5 }, expect: '3s' },
	{ transform: 'percentile', baseline: { points: 20 } },
	{ rules: 'westgard', baseline: { centre: 0, sigma: 0.5 } },
	{ reorder: '60s', baseline: { centre: 0, sigma: 0.5 }, expect: '3s' },
	{ reorder: '5s', baseline: { points: 20 } },
);
const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 12,
		arbitrary: fc.record({ rows: fc.array(row, { maxLength: 12 }), historical: fc.constantFrom(false, false, true) }),
	},
	{ weight: 4, arbitrary: fc.record({ ticks: fc.array(fc.constantFrom(1, 1, 1, 1, 1, 2, 60), { maxLength: 15 }) }) },
	{ weight: 1, arbitrary: fc.record({ gapOf: fc.integer({ min: 1, max: STREAMS }) }) },
	{ weight: 3, arbitrary: fc.record({ declared: fc.integer({ min: 1, max: STREAMS }), plan, revision: fc.nat(3) }) },
);

/** Records with times that mostly grow. */
function inputsOf(plans: readonly PlanInput[], steps: readonly Step[]): readonly Input[] {
	let second = 1000;
	let clock = 50;
	const first = plans.map((of, i) => declare(i + 1, of));
	return first.concat(
		steps.flatMap((one) => {
			if ('ticks' in one) return one.ticks.map((after) => tick((clock += after)));
			if ('gapOf' in one) return gap(one.gapOf, second, ++second);
			if ('declared' in one) return declare(one.declared, one.plan, { revision: one.revision });
			const of = one.rows.map(({ stream, v, quality, lateness }) => {
				second += 1;
				return { stream, v, quality, tMicros: (second - lateness) * 1_000_000 };
			});
			return rows(of, one);
		}),
	);
}

describe('a captured state', () => {
	const cases = fc.record({
		plans: fc.array(plan, { minLength: STREAMS, maxLength: STREAMS }),
		steps: fc.array(step, { minLength: 5, maxLength: 120 }),
		/** After how many records the process crashes; where before that it began captures, and how slowly they went. */
		lives: fc.array(
			fc.record({
				length: fc.integer({ min: 1, max: 40 }),
				captureAt: fc.nat(40),
				perRecord: fc.integer({ min: 0, max: 3 }),
			}),
			{ maxLength: 6 },
		),
	});

	it('continues after a crash at any record with the same verdicts, byte for byte', () => {
		fc.assert(
			fc.property(cases, ({ plans, steps, lives }) => {
				const inputs = inputsOf(plans, steps);
				const straight = written(evaluateEach(inputs));
				const kept = createKept();
				for (const life of [...lives, { length: inputs.length, captureAt: 10, perRecord: 1 }])
					live({ inputs, straight, kept, life });
			}),
			{ numRuns: 200 },
		);
	});

	it('is the same whether it was taken at once or while judging went on', () => {
		const inputs = inputsOf([{}, { baseline: { points: 20 } }], []).concat(
			Array.from({ length: 60 }, (_, i) => rows([{ stream: 1 + (i % 2), tMicros: i, v: i % 7, quality: 192 }])),
		);
		const evaluator = createEvaluator();
		evaluateEach(inputs.slice(0, 50), evaluator);
		const capture = beginCapture(evaluator.state, 50);
		evaluateEach(inputs.slice(50), evaluator, 51);
		capture.step(Infinity);
		const other = createEvaluator();
		evaluateEach(inputs.slice(0, 50), other);
		const atOnce = beginCapture(other.state, 50);
		atOnce.step(Infinity);
		// Their bytes may differ: the engine of the language has two ways to hold a 5.
		const kept = ({ streams }: Capture) =>
			new Map(streams.map(({ streamId, bytes }) => [streamId, deserialize(bytes) as unknown]));
		expect(kept(capture)).toEqual(kept(atOnce));
	});

	it('has only what changed since the last one', () => {
		const evaluator = createEvaluator();
		evaluateEach([declare(1), declare(2)], evaluator);
		beginCapture(evaluator.state, 2).step(Infinity);
		evaluateEach([rows([{ stream: 2, tMicros: 1, v: 1, quality: 192 }])], evaluator, 3);
		const capture = beginCapture(evaluator.state, 3);
		capture.step(Infinity);
		expect(capture.streams.map(({ streamId }) => streamId)).toEqual([2]);
	});

	it('that could not be written is in the next one', () => {
		const evaluator = createEvaluator();
		evaluateEach([declare(1), declare(2)], evaluator);
		const lost = beginCapture(evaluator.state, 2);
		lost.step(Infinity);
		returnCapture(evaluator.state, lost);
		const capture = beginCapture(evaluator.state, 2);
		capture.step(Infinity);
		expect(capture.streams.map(({ streamId }) => streamId)).toEqual([1, 2]);
	});

	it('keeps fifty plotted points, and says that there were more', () => {
		const evaluator = createEvaluator();
		evaluateEach(
			[declare(1), ...Array.from({ length: 80 }, (_, i) => rows([{ stream: 1, tMicros: i, v: i, quality: 192 }]))],
			evaluator,
		);
		const kept = createKept();
		const capture = beginCapture(evaluator.state, 81);
		capture.step(Infinity);
		kept.put(capture);
		const { ring } = kept.restored().evaluator.state.table.find(1)!;
		expect(ring).toMatchObject({ length: 50, droppedSeq: 31 });
	});

	it('of a version whose charts had no sizes beside them is taken over, and goes on', () => {
		const plan: PlanInput = { chart: 'xbar-s', subgroup: { window: '5s' }, baseline: { centre: 0, sigma: 1 } };
		const of = (from: number, to: number) =>
			Array.from({ length: to - from }, (_, i) =>
				rows([{ stream: 1, tMicros: (from + i) * 1e6, v: from + i > 30 ? 5 : (i % 3) - 1, quality: 192 }]),
			);
		const evaluator = createEvaluator();
		evaluateEach([declare(1, plan), ...of(0, 28)], evaluator);
		const capture = beginCapture(evaluator.state, 29);
		capture.step(Infinity);
		const kept = deserialize(capture.streams[0]!.bytes) as { charts: object[]; ring: { charts: number } };
		kept.charts.pop();
		kept.ring.charts = 2;
		const older = createEvaluator();
		restoreCapture(older.state, capture.header, [serialize(kept)]);
		const rest = of(28, 50);
		const told = (verdicts: ReturnType<typeof evaluateEach>) => verdicts.flat().filter(({ type }) => type === 'signal');
		expect(told(evaluateEach(rest, older, 30)).map((verdict) => 'signal' in verdict && verdict.signal.tMicros)).toEqual(
			told(evaluateEach(rest, evaluator, 30)).map((verdict) => 'signal' in verdict && verdict.signal.tMicros),
		);
		expect(older.state.table.find(1)!.charts.map(({ chart }) => chart)).toEqual(['xbar', 's', 'size']);
	});

	it('of another version is refused', () => {
		const evaluator = createEvaluator();
		const capture = beginCapture(evaluator.state, 1);
		evaluateEach([declare(1)], evaluator);
		const missing = beginCapture(evaluator.state, 2);
		expect(() => restoreCapture(createEvaluator().state, missing.header, [])).toThrow(/0 streams instead of 1/);
		expect(restoreCapture(createEvaluator().state, capture.header, [])).toBe(1);
	});
});

interface Life {
	readonly inputs: readonly Input[];
	readonly straight: readonly string[];
	readonly kept: ReturnType<typeof createKept>;
	readonly life: { readonly length: number; readonly captureAt: number; readonly perRecord: number };
}

/** From a restored state on until the crash; a capture is kept only when it was complete by then. */
function live({ inputs, straight, kept, life }: Life): void {
	const { evaluator, position } = kept.restored();
	let capture: Capture | undefined;
	const end = Math.min(inputs.length, position + life.length);
	for (let at = position; at < end; at++) {
		const [verdicts] = evaluateEach([inputs[at]!], evaluator, at + 1);
		expect(written([verdicts!], at + 1)[0]).toBe(straight[at]);
		if (at - position === life.captureAt) capture = beginCapture(evaluator.state, at + 1);
		if (capture?.step(life.perRecord)) {
			kept.put(capture);
			capture = undefined;
		}
	}
}
