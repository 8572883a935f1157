import { NO_USAGE, type LlmUsage } from '#contracts/llm.ts';
import { messageOf } from '#contracts/error.ts';
import { withDeadlines, type Deadlines } from './deadlines.ts';
import type { Provider } from './providers.ts';
import { createSentenceReader } from './sentences.ts';

/** A sentence, whatever stands beside its words. */
export interface Telling {
	readonly text: string;
}

export interface Asked<S extends Telling> {
	readonly outcome: 'told' | 'refused' | 'failed';
	/** Why it was not told; nothing of the answer stands in it. */
	readonly reason: string | null;
	readonly sentences: readonly S[];
	readonly usage: LlmUsage;
}

export const MAX_TOKENS = 700;
const MOST_SENTENCES = 6;
/** What says that an answer is whole; anything else was cut off. */
const WHOLE = /^(stop|end_turn|stop_sequence)$/;

/**
 * Asks one model once. Sentences are given as they pass the checks; one that does not pass ends it all, as does an answer that was cut.
 *
 * Never throws for what a provider does: that is an outcome.
 */
export async function ask<S extends Telling>(of: {
	readonly provider: Provider;
	readonly system: string;
	readonly user: string;
	/** What an answer has to look like, for providers that keep a model to it. */
	readonly schema: object;
	/** @returns the sentence, or why it may not be shown */
	readonly check: (given: unknown, index: number) => S | string;
	readonly deadlines: Deadlines;
	readonly signal: AbortSignal;
	readonly onSentence: (sentence: S) => void;
}): Promise<Asked<S>> {
	const { provider, system, user, schema, deadlines, signal } = of;
	const reader = createSentenceReader();
	const sentences: S[] = [];
	let usage = NO_USAGE;
	let finish = '';
	const outcome = (outcome: Asked<S>['outcome'], reason: string | null): Asked<S> => ({
		outcome,
		reason,
		sentences,
		usage,
	});
	try {
		const stream = (signal: AbortSignal) => provider.stream({ system, user, schema, maxTokens: MAX_TOKENS, signal });
		for await (const event of withDeadlines(stream, { deadlines, signal })) {
			if (event.kind === 'error') return outcome('failed', `the provider says: ${kindOf(event.type)}`);
			if (event.kind === 'usage') usage = event.usage;
			if (event.kind === 'end') finish = event.finish;
			if (event.kind !== 'token' || event.of !== 'text') continue;
			for (const given of reader.take(event.text)) {
				if (sentences.length >= MOST_SENTENCES) return outcome('refused', 'the answer has too many sentences');
				const sentence = of.check(given, sentences.length);
				if (typeof sentence === 'string') return outcome('refused', sentence);
				sentences.push(sentence);
				of.onSentence(sentence);
			}
		}
		if (!WHOLE.test(finish)) return outcome(finish === '' ? 'failed' : 'refused', 'the answer was cut off');
		reader.end();
		return sentences.length === 0 ? outcome('refused', 'the answer is empty') : outcome('told', null);
	} catch (error) {
		if (error instanceof SyntaxError) return outcome('refused', 'the answer is not the JSON that was asked for');
		return outcome('failed', reasonOf(error));
	}
}

const kindOf = (type: string) => type.replace(/[^\w-]/g, ' ').slice(0, 60);

/** A provider's own words may be long, and hold what was sent. */
function reasonOf(error: unknown): string {
	const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : NaN;
	if (Number.isFinite(status)) return `the provider refused with ${status}`;
	if (error instanceof Error && error.name === 'DeadlineError') return error.message;
	return `the provider cannot be reached: ${messageOf(error).slice(0, 120)}`;
}
