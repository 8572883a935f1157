import type { CollectorConfig } from '#contracts/config.ts';

/** What runs while nothing is configured: a small plant and some LLM providers, simulated, in a site of their own. */
export function demoCollectors(): readonly CollectorConfig[] {
	return [{ name: 'demo', type: 'simulator', site: 'demo', isolate: false }];
}
