import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { LLM_CHARACTERISTICS, recommendedLlmPlan } from './llm.ts';
import { planSchema } from './plan.ts';

describe('the recommended plans of language models', () => {
	it.each(Object.entries(LLM_CHARACTERISTICS))('%s: is a plan', (_, { plan }) =>
		expect(planSchema.safeParse(plan).error).toBeUndefined(),
	);
	it('go by the last segment of a key', () => {
		expect(recommendedLlmPlan('openai/gpt-4o/ttft_ms')?.chart).toBe('auto');
		expect(recommendedLlmPlan('openrouter/meta/llama/error')?.chart).toBe('p');
		expect([recommendedLlmPlan('press-1/temperature'), recommendedLlmPlan('a/toString')]).toEqual([
			undefined,
			undefined,
		]);
	});
	it('of traffic are by the minute, and wait for reports that cross each other', () => {
		const plan = recommendedLlmPlan('openai/gpt-4o/ttft_ms', { source: 'proxy' });
		expect(planSchema.parse(plan)).toMatchObject({ chart: 'auto', subgroup: { window: 60_000 }, reorder: 30_000 });
	});
	it.each(['error', 'pass'])('of traffic look at larger samples of %s', (name) => {
		const plan = planSchema.parse(recommendedLlmPlan(`openai/gpt-4o/${name}`, { source: 'otlp' }));
		expect(plan).toMatchObject({ chart: 'p', limitsSigma: 4, subgroup: { size: 50, curtailed: true } });
	});
	it('of a prober are as ever', () =>
		expect(recommendedLlmPlan('openai/gpt-4o/ttft_ms', { source: 'probe' })).toBe(LLM_CHARACTERISTICS.ttft_ms.plan));
	it('judge failures as the golden script says', () => {
		const script = readFileSync('tests/golden/live/failures-of-calls.spc', 'utf8');
		const [, plan = ''] = /^plan (.*)$/m.exec(script) ?? [];
		expect(parse(plan)).toEqual(LLM_CHARACTERISTICS.error.plan);
	});
});
