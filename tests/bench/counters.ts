import type { Product } from '../product.ts';
import { until } from '../support/until.ts';

const WITHIN_MS = 300_000;
const LOOK_EVERY_MS = 50;

/** The sum of a counter over its labels. */
export async function counterOf(product: Product, metric: string): Promise<number> {
	const pattern = new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\S+)$`, 'gm');
	const text = await (await product.request('/metrics')).text();
	return [...text.matchAll(pattern)].reduce((sum, [, n]) => sum + Number(n), 0);
}

/** @param metric counts from 0 @returns when it had come to as much, on the clock of `performance.now` */
export function lookUntil(product: Product, metric: string, points: number): Promise<number> {
	return until(async () => {
		// A page of metrics costs the hub some milliseconds: asked all the time it would be what is measured.
		await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
		return (await counterOf(product, metric)) >= points && performance.now();
	}, WITHIN_MS);
}
