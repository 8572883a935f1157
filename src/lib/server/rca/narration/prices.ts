import type { PriceConfig } from '#contracts/config.ts';
import { createPriceBook, type PriceBook } from '#lib/llm/price-book.ts';
import { loadPrices } from '#lib/llm/price.ts';

/** Loaded when the first question costs something: the list is 2 MB, and a model of one's own needs no price. */
export function createPrices(own: readonly PriceConfig[]): () => Promise<PriceBook> {
	const dated = own.map(({ from, ...price }) => ({ ...price, fromMicros: from }));
	let book: Promise<PriceBook> | undefined;
	return () => (book ??= loadPrices().then((list) => createPriceBook(list, dated)));
}
