import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { LLM_CHARACTERISTICS, recommendedLlmPlan } from './llm.ts';
import { planSchema } from './plan.ts';

describe('the recommended plans of language models', () => {
	it.each(Object.entries(LLM_CHARACTERISTICS))('%s: is a plan', (_, { plan }) =>
		expect(planSchema.safeParse(plan).error).toBeUndefined(),
	);
	it('go by the last segment of a key', () => {
		expect(recommendedLlmPlan('openai/gpt-4o/ttft_ms')?.chart).toBe('auto');
		expect(recommendedLlmPlan('openrouter/meta/llama/error')?.chart).toBe('ewma');
		expect([recommendedLlmPlan('press-1/temperature'), recommendedLlmPlan('a/toString')]).toEqual([
			undefined,
			undefined,
		]);
	});
	it('judge failures as the golden script says', () => {
		const { plan } = LLM_CHARACTERISTICS.error;
		const { lambda, limitsSigma, baseline } = plan;
		const script = readFileSync('tests/golden/live/failures-of-calls.spc', 'utf8');
		const { centre, sigma } = baseline as { centre: number; sigma: number };
		expect(script).toContain(
			`plan {chart: ewma, lambda: ${lambda}, limitsSigma: ${limitsSigma}, baseline: {centre: ${centre}, sigma: ${sigma}}}`,
		);
	});
});
