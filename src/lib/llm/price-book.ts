import type { LlmUsage } from '#contracts/llm.ts';
import type { OwnPrice, Prices } from './price.ts';

/** A price of the operator's own for calls from a time on, in place of the list's. */
export interface DatedPrice extends OwnPrice {
	readonly provider: string;
	readonly model: string;
	/** Microseconds; 0 = ever. */
	readonly fromMicros: number;
}

export interface Cost {
	readonly usd: number;
	/** Whose price it is: a version of the list, or `own` and the day from which it holds. */
	readonly version: string;
}

export interface PriceBook {
	/** @returns null when price or usage is not known */
	costOf(call: {
		readonly provider: string;
		readonly model: string;
		readonly usage: LlmUsage;
		readonly atMicros: number;
	}): Cost | null;
}

/** Names of providers in OpenTelemetry's conventions and elsewhere, as the price list has them. */
const LIST_NAMES: Readonly<Record<string, string>> = {
	gemini: 'google',
	'gcp.gemini': 'google',
	'gcp.vertex_ai': 'google',
	'gcp.gen_ai': 'google',
	vertex_ai: 'google',
	bedrock: 'aws',
	'aws.bedrock': 'aws',
	'azure.ai.openai': 'azure',
	'azure.ai.inference': 'azure',
	azure_openai: 'azure',
	mistral_ai: 'mistral',
	mistralai: 'mistral',
	xai: 'x-ai',
	x_ai: 'x-ai',
	together_ai: 'together',
	fireworks_ai: 'fireworks',
};

export function createPriceBook(prices: Prices, own: readonly DatedPrice[]): PriceBook {
	return {
		costOf({ provider, model, usage, atMicros }) {
			const dated = priceAt(own, { provider, model, atMicros });
			const name = provider.toLowerCase();
			const providerId = Object.hasOwn(LIST_NAMES, name) ? LIST_NAMES[name] : name;
			const usd = prices.costOf({ usage, model, providerId, own: dated, atMs: atMicros / 1000 });
			if (usd === null) return null;
			return { usd, version: dated === undefined ? prices.version : versionOf(dated) };
		},
	};
}

/** Of those that hold at the time of the call the newest. */
function priceAt(
	own: readonly DatedPrice[],
	call: { readonly provider: string; readonly model: string; readonly atMicros: number },
): DatedPrice | undefined {
	return own
		.filter(({ provider, model }) => provider === call.provider && model === call.model)
		.filter(({ fromMicros }) => fromMicros <= call.atMicros)
		.reduce<DatedPrice | undefined>(
			(newest, one) => (newest && newest.fromMicros > one.fromMicros ? newest : one),
			undefined,
		);
}

function versionOf({ fromMicros }: DatedPrice): string {
	return fromMicros === 0 ? 'own' : `own ${new Date(fromMicros / 1000).toISOString().slice(0, 10)}`;
}
