import type { WireEvent } from '#lib/llm/wire-event.ts';
import type { Fetch } from '../exchange.ts';

/** What a provider is asked. */
export interface Ask {
	readonly model: string;
	readonly prompt: string;
	readonly maxTokens: number;
	/** null: the model refuses to be told one. */
	readonly temperature: number | null;
	/** Whether to ask for the usage at the end where that has to be asked for. */
	readonly usage: boolean;
}

/** What one call may use of the world. */
export interface ProviderContext {
	/** Measures what goes over it. */
	readonly fetch: Fetch;
	readonly signal: AbortSignal;
}

/**
 * One provider's way of being asked. An adapter says what it is told and measures nothing: times are those of the bytes, below it.
 * It must not retry, must not wait longer than the signal, and ends or throws when the answer ends. What it throws is not looked at:
 * the exchange knows what the network did, and an error inside an answer is an event.
 */
export interface Provider {
	stream(ask: Ask, context: ProviderContext): AsyncIterable<WireEvent>;
}
