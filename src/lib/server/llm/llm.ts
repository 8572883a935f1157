import type { PriceConfig } from '#contracts/config.ts';
import type { NowMicros } from '#contracts/time.ts';
import { createPriceBook, type PriceBook } from '#lib/llm/price-book.ts';
import { loadPrices } from '#lib/llm/price.ts';
import type { Ingest } from '../ingest/port.ts';
import { createCalls } from './calls.ts';
import type { Llm } from './port.ts';

/** Whatever comes from language models other than by a collector. */
export function createLlm(parts: {
	readonly ingest: Pick<Ingest, 'derived'>;
	readonly prices: readonly PriceConfig[];
	readonly now: NowMicros;
}): Llm {
	const { ingest, now } = parts;
	let book: Promise<PriceBook> | undefined;
	// The list is 2 MB, and most installations have no calls.
	const prices = () => (book ??= loadPrices().then((list) => createPriceBook(list, parts.prices.map(toDated))));
	return { calls: createCalls({ ingest, prices, now }) };
}

function toDated({ from, ...price }: PriceConfig) {
	return { ...price, fromMicros: from };
}
