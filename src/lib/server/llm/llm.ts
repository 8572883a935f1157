import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { OtlpConfig, PriceConfig, ProxyTargetConfig } from '#contracts/config.ts';
import type { LlmCall } from '#contracts/llm-call.ts';
import type { NowMicros } from '#contracts/time.ts';
import { createPriceBook, type PriceBook } from '#lib/llm/price-book.ts';
import { loadPrices } from '#lib/llm/price.ts';
import type { Ingest } from '../ingest/port.ts';
import type { Metadata } from '../metadata/port.ts';
import type { Store } from '../store/port.ts';
import { createCalls } from './calls.ts';
import { createCompare } from './compare/compare.ts';
import { createOtlp } from './otlp/otlp.ts';
import type { Llm } from './port.ts';
import { createProxy } from './proxy/proxy.ts';

/** Whatever comes from language models other than by a collector. */
export function createLlm(parts: {
	readonly ingest: Pick<Ingest, 'derived'>;
	readonly store: Pick<Store, 'points' | 'countPoints' | 'callVersions' | 'callOutcomes'>;
	readonly metadata: Pick<Metadata, 'violations'>;
	readonly prices: readonly PriceConfig[];
	/** Looks at calls that are in the journal. */
	readonly see?: (calls: readonly LlmCall[]) => void;
	readonly otlp?: OtlpConfig | undefined;
	readonly targets: Readonly<Record<string, ProxyTargetConfig>>;
	readonly now: NowMicros;
	/** A stopwatch, in milliseconds. */
	readonly nowMs: () => number;
	readonly log: Logger;
	readonly registry: Registry;
}): Llm {
	const { ingest } = parts;
	let book: Promise<PriceBook> | undefined;
	// The list is 2 MB, and most installations have no calls.
	const prices = () => (book ??= loadPrices().then((list) => createPriceBook(list, parts.prices.map(toDated))));
	const calls = createCalls({ ingest, prices, see: parts.see, now: parts.now });
	return {
		calls,
		proxy: createProxy({ ...parts, calls }),
		compare: createCompare(parts),
		otlp: createOtlp({ calls, ingest, now: parts.now, content: parts.otlp?.content ?? false }),
	};
}

function toDated({ from, ...price }: PriceConfig) {
	return { ...price, fromMicros: from };
}
