import { ConfigError } from '#contracts/error.ts';
import type { Discovered } from '#contracts/trial.ts';
import type { DiscoverContext } from '../kit/collector.ts';
import { httpGet } from '../kit/http-get.ts';
import type { PrometheusConfig } from './config.ts';
import { parseExposition } from './exposition.ts';
import { ACCEPT, familiesOf, MAX_BYTES, metricFits } from './take.ts';

/** Every metric of one scrape, with the first of its values. */
export async function discoverMetrics(config: PrometheusConfig, context: DiscoverContext): Promise<Discovered[]> {
	const { argument = '*', signal } = context;
	const text = await httpGet({ ...config, accept: ACCEPT, timeoutMs: config.timeout, maxBytes: MAX_BYTES, signal });
	const families = familiesOf(parseExposition(text, { isOpenMetrics: /^# EOF\s*$/m.test(text.slice(-64)) }));
	const found = [...families].filter(([family]) => metricFits(argument, family));
	if (found.length === 0) throw new ConfigError('the answer has no such metric');
	return found.map(([family, { type, unit, value, series }]) => ({
		name: `${family} (${type}, ${series} series)`,
		value: Number.isFinite(value) ? value : `${value}`,
		unit,
		entry: { metric: family },
	}));
}
