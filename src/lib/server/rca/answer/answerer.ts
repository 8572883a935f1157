import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { ApiAnswer, ApiSearch, Found } from '#contracts/knowledge.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { RcaRecords } from '../../metadata/port-rca.ts';
import { clean } from '../narration/prompt.ts';
import type { Panel } from '../narration/panel.ts';
import type { Provider } from '../narration/providers.ts';
import type { AnswerStep } from '../port.ts';
import { checkAnswer, SENTENCES_SCHEMA, type AnswerSentence } from './check.ts';

export interface AnswererOptions {
	readonly panel: Panel;
	readonly records: Pick<RcaRecords, 'addNarration' | 'narration'>;
	readonly now: NowMicros;
	readonly log: Logger;
}

/** Answers a question from what a search has found, and from nothing else. */
export interface Answerer {
	/** Ends when it is told, when nobody can tell it, or when the signal aborts. */
	answer(question: string, found: ApiSearch['items'], signal: AbortSignal): AsyncIterable<AnswerStep>;
}

const NAME = 'answer-1';
const MOST_PASSAGES = 6;
const MOST_QUESTION_CHARS = 400;

/** @throws Error when the prompt is not there: it comes with the program */
export function createAnswerer({ panel, records, now, log }: AnswererOptions): Answerer {
	const prompt = readFileSync(new URL(`./prompts/${NAME}.txt`, import.meta.url), 'utf8');
	const version = `${NAME}@${digest(prompt).slice(0, 8)}`;

	async function told(keys: readonly string[]): Promise<ApiAnswer | undefined> {
		const known = await records.narration(keys);
		return known?.text
			? { text: known.text, model: `${known.provider}/${known.model}`, citations: known.citations }
			: undefined;
	}

	return {
		async *answer(question, found, signal) {
			const passages = new Map(found.slice(0, MOST_PASSAGES).map((one, i) => [`P${i + 1}`, textOf(one)]));
			if (passages.size === 0) return yield { type: 'none', reason: 'nothing was found to answer from' };
			const asked = { question: clean(question).slice(0, MOST_QUESTION_CHARS), passages };
			const keyOf = ({ provider, model }: Provider) =>
				digest(JSON.stringify([version, asked.question, [...passages], provider, model]));
			const known = await told(panel.candidates().map(keyOf));
			if (known) return yield { type: 'told', answer: known };
			const steps = createSteps();
			const put = panel.put<AnswerSentence>({
				fill: (fence) => ({ system: prompt.replaceAll('{{FENCE}}', fence), user: dataOf(asked, fence) }),
				schema: SENTENCES_SCHEMA,
				check: (given, { fence }) => checkAnswer(given, { fence, passages }),
				onSentence: ({ text, passages: citations }) => steps.add({ type: 'sentence', text: text.trim(), citations }),
				onForget: () => steps.add({ type: 'none', reason: 'what was told does not hold' }),
				record: ({ outcome, reason, sentences }, { provider, costUsd }) => {
					const answer = outcome === 'told' ? answerOf(sentences, provider) : undefined;
					return records.addNarration({
						...{ key: keyOf(provider), violationId: '', provider: provider.provider, model: provider.model },
						...{ prompt: version, outcome, reason, atMicros: now(), costUsd },
						...{ text: answer?.text ?? null, citations: answer?.citations ?? [] },
					});
				},
			});
			put.then(
				(answer) =>
					steps.end(
						'reason' in answer
							? { type: 'none', reason: answer.reason }
							: { type: 'told', answer: answerOf(answer.asked.sentences, answer.provider) },
					),
				(error: unknown) => {
					log.error({ err: error }, 'cannot answer a question');
					steps.end({ type: 'none', reason: 'something failed here' });
				},
			);
			yield* steps.until(signal);
		},
	};
}

/** As they come, to the one who asked. */
function createSteps() {
	const waiting: AnswerStep[] = [];
	let isOver = false;
	let changed = Promise.withResolvers<void>();
	function add(step: AnswerStep): void {
		waiting.push(step);
		changed.resolve();
		changed = Promise.withResolvers<void>();
	}
	return {
		add,
		end(step: AnswerStep) {
			isOver = true;
			add(step);
		},
		async *until(signal: AbortSignal): AsyncIterable<AnswerStep> {
			const gone = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
			while (!signal.aborted) {
				for (let step = waiting.shift(); step; step = waiting.shift()) yield step;
				if (isOver) return;
				await Promise.race([changed.promise, gone]);
			}
		},
	};
}

/** Where it stands belongs to it: a number in a heading is a number of the passage. */
function textOf(found: Found): string {
	const where = found.kind === 'document' ? [found.title, found.heading ?? ''] : [found.title];
	return [...where, found.text].filter((one) => one !== '').join('\n');
}

function dataOf(
	{ question, passages }: { readonly question: string; readonly passages: ReadonlyMap<string, string> },
	fence: string,
): string {
	const data = { question, passages: [...passages].map(([id, text]) => ({ id, text: visible(text) })) };
	return `${fence}\n${JSON.stringify(data)}\n${fence}`;
}

/** Without what nobody sees. */
const visible = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();

function answerOf(sentences: readonly AnswerSentence[], { provider, model }: Provider): ApiAnswer {
	return {
		text: sentences.map(({ text }) => text.trim()).join(' '),
		model: `${provider}/${model}`,
		citations: [...new Set(sentences.flatMap(({ passages }) => passages))],
	};
}

function digest(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
