import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNormal } from '#rules/testing/random.ts';
import type { PlanInput } from '#contracts/plan.ts';
import { beginCapture } from '#server/engine/capture.ts';
import { createKept } from '../testing/kept.ts';
import { declare, evaluateEach, gap, points, rows, signalsOf, tick, written, type Input } from '../testing/records.ts';

const KNOWN = { centre: 20, sigma: 2 };
const FEW = { points: 20 };

/** Every chart with every way to group, transform, learn and judge that goes with it. */
const PLANS: Readonly<Record<string, PlanInput>> = {
	'i-mr': { baseline: KNOWN },
	'i-mr, learnt': { baseline: FEW },
	'i-mr by all eight rules': { rules: 'nelson', baseline: KNOWN },
	'i-mr by Western Electric': { rules: 'western-electric', baseline: KNOWN },
	'i-mr by Westgard': { rules: 'westgard', baseline: FEW },
	'i-mr by AIAG': { rules: 'aiag', baseline: KNOWN },
	'i-mr by no rules': { rules: 'none', baseline: KNOWN },
	'xbar-r by no rules': { chart: 'xbar-r', rules: 'none', subgroup: { size: 3 }, baseline: FEW },
	'auto by no rules': { chart: 'auto', rules: 'none', baseline: FEW },
	'i-mr by rules of one’s own': {
		rules: [
			{ name: 'creep', any: [{ trend: 4 }, { all: [{ run: 3 }, { count: 2, of: 4, beyond: 1 }] }] },
			{ name: 'calm', count: 6, of: 8, within: 1 },
			{ name: 'both', count: 2, of: 3, beyond: 1.5, side: 'both' },
			{ name: 'zigzag', alternating: 5 },
		],
		baseline: KNOWN,
	},
	'i-mr with wide limits': { limitsSigma: 3.5, baseline: FEW },
	'i-mr of means of three': { subgroup: { size: 3 }, baseline: KNOWN },
	'i-mr of means of windows': { subgroup: { window: '4s' }, baseline: FEW },
	'i-mr of logarithms': { transform: 'log', baseline: KNOWN },
	'i-mr of logarithms, learnt': { transform: 'log', baseline: FEW },
	'i-mr of powers': { transform: 'box-cox', baseline: FEW },
	'i-mr of percentiles': { transform: 'percentile', baseline: FEW },
	'xbar-r by count': { chart: 'xbar-r', subgroup: { size: 3 }, baseline: KNOWN },
	'xbar-r by count, learnt': { chart: 'xbar-r', subgroup: { size: 2 }, baseline: FEW },
	'xbar-r by time': { chart: 'xbar-r', subgroup: { window: '3s' }, baseline: FEW },
	'xbar-s by count': { chart: 'xbar-s', subgroup: { size: 4 }, rules: 'nelson', baseline: KNOWN },
	'xbar-s by time': { chart: 'xbar-s', subgroup: { window: '3s' }, baseline: KNOWN },
	'i-mr, sorted': { reorder: '4s', baseline: KNOWN },
	'xbar-s by time, sorted, learnt': { chart: 'xbar-s', subgroup: { window: '3s' }, reorder: '12s', baseline: FEW },
	'auto, sorted': { chart: 'auto', reorder: '12s', baseline: FEW },
	ewma: { chart: 'ewma', lambda: 0.1, baseline: KNOWN },
	'ewma, learnt': { chart: 'ewma', baseline: FEW },
	'ewma of means of logarithms': { chart: 'ewma', subgroup: { size: 2 }, transform: 'log', baseline: FEW },
	cusum: { chart: 'cusum', k: 0.25, h: 4, baseline: KNOWN },
	'cusum, learnt, of powers': { chart: 'cusum', transform: 'box-cox', baseline: FEW },
	c: { chart: 'c', baseline: FEW },
	'c of samples': { chart: 'c', subgroup: { size: 3 }, baseline: { centre: 60 } },
	'p by count': { chart: 'p', subgroup: { size: 2 }, unitsPerPoint: 200, baseline: FEW },
	'p by time': { chart: 'p', subgroup: { window: '3s' }, unitsPerPoint: 200, baseline: { centre: 0.1 } },
	'p by time, so many at least, curtailed': {
		chart: 'p',
		subgroup: { window: '2s', atLeast: 4, curtailed: true },
		unitsPerPoint: 200,
		baseline: { centre: 0.1 },
	},
	'p by count, curtailed, by rules of one’s own': {
		chart: 'p',
		subgroup: { size: 4, curtailed: true },
		unitsPerPoint: 200,
		rules: 'western-electric',
		baseline: FEW,
	},
	np: { chart: 'np', unitsPerPoint: 200, baseline: FEW },
	'np of samples': { chart: 'np', subgroup: { size: 3 }, unitsPerPoint: 150, baseline: { centre: 60 } },
	u: { chart: 'u', unitsPerPoint: 2.5, baseline: FEW },
	'u by time': { chart: 'u', subgroup: { window: '4s', atLeast: 3 }, baseline: FEW },
	'p-prime by time': { chart: 'p-prime', subgroup: { window: '3s' }, unitsPerPoint: 200, baseline: FEW },
	'u-prime by count': { chart: 'u-prime', subgroup: { size: 2 }, rules: 'nelson', baseline: FEW },
	'z-mr': { chart: 'z-mr', part: 'k/2', targets: { 17: KNOWN, 18: { centre: 30, sigma: 4 } } },
	'i-mr, what is missing skipped': { missing: 'skip', rules: 'nelson', baseline: KNOWN },
	'xbar-r by time, what is missing skipped': {
		chart: 'xbar-r',
		missing: 'skip',
		subgroup: { window: '3s' },
		baseline: FEW,
	},
	'i-mr by rule 8 on either side': { rules: [8], rule8: 'either-side', baseline: KNOWN },
	'i-mr by full windows': { rules: [5, 6], startup: 'full-window', baseline: KNOWN },
	'i-mr by Western Electric in full windows': { rules: 'western-electric', startup: 'full-window', baseline: KNOWN },
	g: { chart: 'g', rules: [1], baseline: FEW },
	t: { chart: 't', baseline: FEW },
	auto: { chart: 'auto', baseline: FEW },
	'auto, of more points': { chart: 'auto', baseline: { points: 60 } },
	'auto of windows': { chart: 'auto', subgroup: { window: '2s' }, baseline: FEW },
	'auto of many values': { chart: 'auto', falseAlarmsPerDay: 5, baseline: { points: 120 } },
};

/** Whole numbers above 0, a value a second: some in control, a spike and a shift; with a gap, ticks, a pause and late points. */
function inputsOf(plan: PlanInput, seed: number): readonly Input[] {
	const normal = createNormal(seed);
	// The second stream says which part is made.
	const inputs: Input[] = [declare(1, plan), declare(2, { rules: 'none' }), tick(1000)];
	let at = 0;
	for (let i = 0; i < 140; i++) {
		const shift = i > 130 ? 80 : i > 105 ? 6 : i % 50 === 45 ? 14 : 0;
		const quality = i % 61 === 60 ? 0 : 192;
		inputs.push(points([Math.max(1, Math.round(20 + shift + 2 * normal()))], ++at, { quality }));
		if (i % 40 === 20) inputs.push(rows([{ stream: 2, tMicros: at * 1e6, v: 17 + (i % 3), quality: 192 }]));
		if (i % 6 === 5) inputs.push(tick(1000 + i));
		if (i % 67 === 66) inputs.push(gap(1, at, (at += 2)));
		if (i % 71 === 70) inputs.push(points([25], at - 10));
		if (i % 83 === 82) at += 20;
	}
	return inputs;
}

describe('a plan whose stream is stopped and restored at every record gives the verdicts of one that never was', () => {
	it.each(Object.entries(PLANS))('%s', (_, plan) => {
		let signals = 0;
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
				const inputs = inputsOf(plan, seed);
				const straight = evaluateEach(inputs);
				const kept = createKept();
				const stopped = inputs.map((input, at) => {
					const { evaluator } = kept.restored();
					const [verdicts] = evaluateEach([input], evaluator, at + 1);
					const capture = beginCapture(evaluator.state, at + 1);
					capture.step(Infinity);
					kept.put(capture);
					return verdicts!;
				});
				expect(written(stopped)).toEqual(written(straight));
				signals += signalsOf(straight.flat()).length;
			}),
			{ numRuns: 2 },
		);
		// The series are worth the trouble: this plan learns its limits from them and finds the shift.
		expect(signals > 0).toBe(plan.rules !== 'none');
	});
});
