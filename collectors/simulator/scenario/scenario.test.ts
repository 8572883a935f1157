import { describe, expect, it } from 'vitest';
import { keyFault, labelsFault } from '#contracts/stream.ts';
import { makeScenario, SCENARIO_CAUSES, type ScenarioCause } from './scenario.ts';
import { scenarioSource } from './source.ts';

const f = (cause: ScenarioCause, seed = 1) =>
	makeScenario({ cause, seed, size: 1, confounders: true, startMicros: 1_767_225_600_000_000 });

describe.each(SCENARIO_CAUSES)('a scenario of %s', (cause) => {
	const scenario = f(cause);
	it('is the same for the same seed, and another for another', () => {
		expect(f(cause)).toEqual(scenario);
		expect(f(cause, 3).streams).not.toEqual(scenario.streams);
	});
	it('has streams with names that the hub takes, times that grow, and the one that it is about', () => {
		expect(scenario.streams.map(({ key }) => key)).toContain(scenario.focus);
		for (const { key, labels, tMicros, v } of scenario.streams) {
			expect([keyFault(key), labelsFault(labels), v.length]).toEqual([undefined, undefined, tMicros.length]);
			expect(tMicros.every((t, i) => i === 0 || t > (tMicros[i - 1] ?? 0))).toBe(true);
			expect(v.every(Number.isFinite)).toBe(true);
		}
	});
	it('is calm for a hundred points and more before its onset', () => {
		const focus = scenario.streams.find(({ key }) => key === scenario.focus);
		expect(focus?.tMicros.filter((t) => t < scenario.onsetMicros).length).toBeGreaterThan(200);
	});
});

describe('a scenario as a source of the simulator', () => {
	it('gives every point once, however it is asked', () => {
		const scenario = makeScenario({
			cause: 'collector-or-clock',
			seed: 2,
			size: 1,
			confounders: false,
			startMicros: 0,
		});
		const source = scenarioSource(scenario);
		const last = Math.max(...scenario.streams.flatMap(({ tMicros }) => tMicros));
		const whole = [...source.between(-1, last)];
		const half = Math.floor(last / 2);
		expect([...source.between(-1, half), ...source.between(half, last)]).toEqual(whole);
		expect(whole.filter((sample) => 'v' in sample)).toHaveLength(
			scenario.streams.reduce((sum, { v }) => sum + v.length, 0),
		);
		expect(whole.some((sample) => 'gapFrom' in sample)).toBe(true);
	});
});
