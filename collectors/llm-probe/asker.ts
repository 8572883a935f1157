import { messageOf } from '#contracts/error.ts';
import type { LlmUsage } from '#contracts/llm.ts';
import type { Prices } from '#lib/llm/price.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import type { Clock } from '../kit/clock.ts';
import type { Deadlines, MeasuredCall } from './call.ts';
import type { Target } from './config.ts';
import type { Transport } from './exchange.ts';
import { measureCall } from './measure.ts';
import type { PromptClass } from './prompts.ts';
import { PRICE_PROVIDERS } from './providers/create.ts';
import type { Provider } from './providers/provider.ts';

export interface Asked {
	readonly call: MeasuredCall;
	/** null: price or usage is not known. */
	readonly costUsd: number | null;
	/** Whose price it is; null where there is none. */
	readonly priceVersion: string | null;
	/** What it took: more than one when the provider refused a parameter. */
	readonly requests: number;
}

/** Asks one target. */
export interface Asker {
	/** @throws RetriableError when the key cannot be read: nobody has been asked then */
	ask(prompt: PromptClass, nonce: string, signal: AbortSignal): Promise<Asked>;
}

/** What is left out when a provider refuses it, and how it speaks of it. */
const REFUSABLE = { temperature: /temperature/i, usage: /stream_options|include_usage/i } as const;
type Refusable = keyof typeof REFUSABLE;

export function createAsker(options: {
	readonly target: Target;
	readonly provider: Provider;
	readonly transport: Transport;
	readonly deadlines: Deadlines;
	readonly prices: Prices;
	readonly clock: Clock;
	readonly nowMs: () => number;
}): Asker {
	const { target, provider, transport, deadlines, clock, nowMs } = options;
	const refused = new Set<Refusable>();

	function once(prompt: PromptClass, nonce: string, signal: AbortSignal): Promise<MeasuredCall> {
		const ask = {
			model: target.model,
			prompt: prompt.text(nonce),
			maxTokens: target.maxTokens ?? prompt.maxTokens,
			temperature: refused.has('temperature') ? null : target.temperature,
			usage: !refused.has('usage'),
		};
		const { nowMicros, sleep } = clock;
		return measureCall({ provider, ask, transport, deadlines, nowMs, nowMicros, sleep, signal });
	}

	return {
		async ask(prompt, nonce, signal) {
			// Before anything is measured: a file that is away is no failure of the provider's.
			const secrets = [target.key, ...Object.values(target.headers)].flatMap((one) => one?.reveal() ?? []);
			for (let requests = 1; ; requests++) {
				const call = await once(prompt, nonce, signal);
				const parameter = refusedBy(call, refused);
				if (parameter === undefined) return { call: withoutSecrets(call, secrets), ...priced(options, call), requests };
				refused.add(parameter);
			}
		},
	};
}

/** A parameter that this refusal names and that has not been left out yet. */
function refusedBy({ errorClass, errorText }: MeasuredCall, known: ReadonlySet<Refusable>): Refusable | undefined {
	if (errorClass !== 'bad_request' || errorText === null) return undefined;
	return (Object.keys(REFUSABLE) as Refusable[]).find((name) => !known.has(name) && REFUSABLE[name].test(errorText));
}

function priced(
	{ target, prices }: { readonly target: Target; readonly prices: Prices },
	call: MeasuredCall,
): Pick<Asked, 'costUsd' | 'priceVersion'> {
	const { provider, baseUrl, model, price: own } = target;
	const providerId = PRICE_PROVIDERS[provider] ?? (baseUrl === undefined ? undefined : prices.providerAt(baseUrl));
	const usage: LlmUsage = call.usage;
	const costUsd = prices.costOf({ usage, model, providerId, own, atMs: call.startedMicros / MICROS_PER_MS });
	return { costUsd, priceVersion: costUsd === null ? null : own ? 'own' : prices.version };
}

/** Some providers repeat the key that they refuse. */
function withoutSecrets(call: MeasuredCall, secrets: readonly string[]): MeasuredCall {
	if (call.errorText === null) return call;
	return { ...call, errorText: secrets.reduce((text, one) => text.replaceAll(one, '[redacted]'), call.errorText) };
}

/** For a target that could not be asked at all. */
export function reasonNotAsked(error: unknown): string {
	return `not asked: ${messageOf(error)}`;
}
