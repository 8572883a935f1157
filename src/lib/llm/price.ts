import type { Provider } from '@pydantic/genai-prices';
import type { LlmUsage } from '#contracts/llm.ts';

/** USD per million tokens, as an operator writes them down. */
export interface OwnPrice {
	readonly inputPerMTok: number;
	readonly outputPerMTok: number;
	/** Default: as any input. */
	readonly cachedPerMTok?: number | undefined;
	readonly cacheWritePerMTok?: number | undefined;
}

export interface Priced {
	readonly usage: LlmUsage;
	readonly model: string;
	/** As @pydantic/genai-prices names it; undefined for one that it cannot know. */
	readonly providerId: string | undefined;
	readonly own: OwnPrice | undefined;
	/** Prices change: when the call was made. */
	readonly atMs: number;
}

export interface Prices {
	/** Of the list: what a cost was worked out by. */
	readonly version: string;
	/** @returns USD of one call; null when price or usage is not known, never 0 for that */
	costOf(call: Priced): number | null;
	/** Who stands behind the address of an API; undefined for one's own machine. */
	providerAt(baseUrl: string): string | undefined;
}

/** Of the package, whose `package.json` cannot be imported; a test holds them together. */
const LIST_VERSION = 'genai-prices 0.1.8';

/** Reads the price list (2 MB, in the package): once, and only by who needs it. */
export async function loadPrices(): Promise<Prices> {
	const { calcPrice, findProvider } = await import('@pydantic/genai-prices');
	const entries = createEntries((model, providerId) => {
		const found = calcPrice(PROBE, model, { providerId });
		if (found === null) return null;
		// Every name contains nothing: what has been matched needs no second look.
		const models = [{ ...found.model, match: { contains: '' } }];
		return { ...found.provider, models, fallback_model_providers: [] };
	});
	return {
		version: LIST_VERSION,
		providerAt: (providerApiUrl) => findProvider({ providerApiUrl })?.id,
		costOf({ usage, model, providerId, own, atMs }) {
			const { inputTokens, outputTokens, cachedTokens, cacheWriteTokens } = usage;
			if (inputTokens === null || outputTokens === null) return null;
			// Numbers that contradict each other have no price.
			if ((cachedTokens ?? 0) + (cacheWriteTokens ?? 0) > inputTokens) return null;
			if (own) return ownCost(own, usage);
			if (providerId === undefined) return null;
			const tokens = {
				input_tokens: inputTokens,
				output_tokens: outputTokens,
				...(cachedTokens === null ? {} : { cache_read_tokens: cachedTokens }),
				...(cacheWriteTokens === null ? {} : { cache_write_tokens: cacheWriteTokens }),
			};
			const provider = entries(model, providerId);
			if (provider === null) return null;
			return calcPrice(tokens, model, { provider, timestamp: new Date(atMs) })?.total_price ?? null;
		},
	};
}

const PROBE = { input_tokens: 1, output_tokens: 1 };
/** Names come from outside. */
const MOST_ENTRIES = 5000;

/** Keeps of each model the one entry of the list that matches it: to look through the list for each call costs more than all else. */
function createEntries(
	find: (model: string, providerId: string) => Provider | null,
): (model: string, providerId: string) => Provider | null {
	const known = new Map<string, Provider | null>();
	return (model, providerId) => {
		const name = `${providerId}\n${model}`;
		const kept = known.get(name);
		if (kept !== undefined) return kept;
		if (known.size >= MOST_ENTRIES) known.clear();
		const entry = find(model, providerId);
		known.set(name, entry);
		return entry;
	};
}

function ownCost(own: OwnPrice, usage: LlmUsage): number {
	const cached = usage.cachedTokens ?? 0;
	const written = usage.cacheWriteTokens ?? 0;
	const plain = (usage.inputTokens ?? 0) - cached - written;
	const input =
		plain * own.inputPerMTok +
		cached * (own.cachedPerMTok ?? own.inputPerMTok) +
		written * (own.cacheWritePerMTok ?? own.inputPerMTok);
	return (input + (usage.outputTokens ?? 0) * own.outputPerMTok) / 1_000_000;
}
