import type { Product } from '../product.ts';
import { until } from './until.ts';

/** Waits until all that was sent is judged, stored and a case: between two ticks nothing is behind. */
export async function level(product: Pick<Product, 'get'>, withinMs = 120_000): Promise<void> {
	await until(async () => {
		const { lags } = await product.get<{ lags: Readonly<Record<string, number>> }>('/api/v1/system');
		return Object.values(lags).every((lag) => lag === 0);
	}, withinMs);
}
