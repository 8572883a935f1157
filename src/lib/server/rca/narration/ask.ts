import { NO_USAGE, type LlmUsage } from '#contracts/llm.ts';
import { messageOf } from '#contracts/error.ts';
import type { NarrationQuestion } from '../rca.ts';
import { faultOf, parseSentence, type Sentence } from './check.ts';
import { withDeadlines, type Deadlines } from './deadlines.ts';
import type { Prompt } from './prompt.ts';
import type { Provider } from './providers.ts';
import { createSentenceReader } from './sentences.ts';

export interface Asked {
	readonly outcome: 'told' | 'refused' | 'failed';
	/** Why it was not told; nothing of the answer stands in it. */
	readonly reason: string | null;
	readonly sentences: readonly Sentence[];
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
export async function ask(of: {
	readonly provider: Provider;
	readonly prompt: Prompt;
	readonly question: NarrationQuestion;
	readonly fence: string;
	readonly deadlines: Deadlines;
	readonly signal: AbortSignal;
	readonly onSentence: (sentence: Sentence) => void;
}): Promise<Asked> {
	const { provider, prompt, question, fence, deadlines, signal } = of;
	const { system, user } = prompt.fill(question, fence);
	const reader = createSentenceReader();
	const sentences: Sentence[] = [];
	let usage = NO_USAGE;
	let finish = '';
	const outcome = (outcome: Asked['outcome'], reason: string | null): Asked => ({ outcome, reason, sentences, usage });
	try {
		const stream = (signal: AbortSignal) => provider.stream({ system, user, maxTokens: MAX_TOKENS, signal });
		for await (const event of withDeadlines(stream, { deadlines, signal })) {
			if (event.kind === 'error') return outcome('failed', `the provider says: ${kindOf(event.type)}`);
			if (event.kind === 'usage') usage = event.usage;
			if (event.kind === 'end') finish = event.finish;
			if (event.kind !== 'token' || event.of !== 'text') continue;
			for (const given of reader.take(event.text)) {
				const fault =
					sentences.length >= MOST_SENTENCES
						? 'the answer has too many sentences'
						: faultOf(given, { index: sentences.length, fence, of: question });
				if (fault !== undefined) return outcome('refused', fault);
				const sentence = parseSentence(given);
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
