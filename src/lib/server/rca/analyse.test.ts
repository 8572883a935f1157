import { describe, expect, it } from 'vitest';
import { makeScenario, SCENARIO_CAUSES } from '#collectors/simulator/scenario/scenario.ts';
import { CAUSES } from '#contracts/cause.ts';
import { analyse } from './analyse.ts';
import { evaluate, FIRST_FROZEN_SEED } from './testing/evaluate.ts';
import { situationOf } from './testing/from-scenario.ts';
import type { Situation } from './situation.ts';

const startMicros = 1_767_225_600_000_000;
const situation = (cause: (typeof SCENARIO_CAUSES)[number], seed = 1) =>
	situationOf(makeScenario({ cause, seed, size: 1.5, confounders: true, startMicros }))!;

describe('the analysis of frozen scenarios', () => {
	const result = evaluate({ seeds: 3, firstSeed: FIRST_FROZEN_SEED, size: 1, confounders: true });
	it('names the cause first at least 0.15 more often than the covariate that changed most does', () =>
		expect(result.top1).toBeGreaterThan(result.baselineTop1 + 0.15));
	it('has it among its first three', () => expect(result.top3).toBeGreaterThan(0.9));
	it('blames nothing for what is chance', () => expect(result.falseAlarms).toBeLessThan(0.34));
});

describe('an analysis', () => {
	const answer = analyse(situation('material-change'));
	it('is the same for the same situation', () => expect(analyse(situation('material-change'))).toEqual(answer));
	it('numbers its evidence, the heaviest first', () => {
		expect(answer.evidence.map(({ id }) => id)).toEqual(answer.evidence.map((_, i) => `E${i + 1}`));
		const weights = answer.evidence.map(({ weight }) => weight);
		expect(weights).toEqual(weights.toSorted((a, b) => b - a));
	});
	it('cites only evidence that there is, and says how to look at each', () => {
		const ids = new Set(answer.evidence.map(({ id }) => id));
		for (const one of answer.hypotheses) expect([...one.for, ...one.against].filter((id) => !ids.has(id))).toEqual([]);
		expect(answer.evidence.filter(({ query }) => !query.startsWith('GET /api/v1/'))).toEqual([]);
	});
	it('names causes of the catalogue with a next check each', () => {
		expect(answer.hypotheses.filter(({ cause }) => !CAUSES.includes(cause))).toEqual([]);
		expect(answer.hypotheses.every(({ nextCheck }) => nextCheck.length > 20)).toBe(true);
	});
	it('has scores from 0 to 1 that fall', () => {
		const scores = answer.hypotheses.map(({ score }) => score);
		expect(scores).toEqual(scores.toSorted((a, b) => b - a));
		expect(scores.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(1.001);
	});
	it('of a machine names no cause of a language model', () =>
		expect(analyse(situation('sensor-noise')).hypotheses.map(({ cause }) => cause)).not.toContain('provider-slowdown'));
	it('says how the product and its collectors were when it began, and what that speaks for', () => {
		const whole = situation('process-shift');
		const { violation, own } = whole;
		const step = 10_000_000;
		const first = own.tMicros[0]!;
		const count = Math.ceil((violation.lastMicros - first) / step) + 1;
		const tMicros = Float64Array.from({ length: count }, (_, i) => first + i * step);
		const stream = (key: string) => ({ ...whole.stream, id: 99, site: 'sigmascope', key, unit: '' });
		const told = (key: string, value: (t: number) => number) => ({
			stream: stream(key),
			series: { tMicros, v: tMicros.map(value) },
			isOwn: true,
		});
		const isThen = (t: number) => Math.abs(t - violation.spanFromMicros) < 3 * step;
		const systemOf = (system: Situation['system']) =>
			analyse({ ...whole, system }).evidence.filter(({ kind }) => kind === 'system').map(({ detail }) => detail); // prettier-ignore
		expect(systemOf([told('health/collector/line-1', (t) => (isThen(t) ? 1 : 0))])).toEqual([
			'The collector line-1 was not well when it began.',
		]);
		expect(systemOf([told('collector/line-1/waiting', (t) => (isThen(t) ? 95 : 0))])).toEqual([
			'Values waited up to 95 s on the disk of the collector line-1 when it began.',
		]);
		expect(systemOf([told('health/collector/line-1', () => 1), told('hub/busy', () => 20)])).toEqual([]);
		const score = (system: Situation['system']) =>
			analyse({ ...whole, system }).hypotheses.find(({ cause }) => cause === 'collector-or-clock')?.score ?? 0;
		expect(score([told('health/collector/line-1', (t) => (isThen(t) ? 1 : 0))])).toBeGreaterThan(score([]));
	});
	it('of three points says that it knows nothing', () => {
		const whole = situation('process-shift');
		const few = { ...whole, own: { tMicros: whole.own.tMicros.slice(-3), v: whole.own.v.slice(-3) }, companions: [] };
		expect(analyse(few).hypotheses[0]?.cause).toBe('unknown');
	});
	it('of a constant stream, and of no companion at all, is an answer', () => {
		const whole = situation('process-shift');
		const constant: Situation = {
			...whole,
			own: { ...whole.own, v: whole.own.v.map(() => 5) },
			companions: [],
			events: [],
			baseline: null,
		};
		const scores = analyse(constant).hypotheses.map(({ score }) => score);
		expect(scores.every(Number.isFinite)).toBe(true);
	});
	it('is moved a little by what people said of earlier ones, and no more', () => {
		const whole = situation('sensor-stuck');
		const feedback = new Map([['sensor-stuck', 0.8] as const, ['sensor-bias', 1.2] as const]);
		expect(analyse({ ...whole, feedback }).hypotheses[0]?.cause).toBe('sensor-stuck');
	});
});
