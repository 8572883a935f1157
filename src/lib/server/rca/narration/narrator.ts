import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { MICROS_PER_SECOND, type NowMicros } from '#contracts/time.ts';
import type { RcaRecords } from '../../metadata/port-rca.ts';
import { modelOf } from '../evidence/target.ts';
import type { NarrationStep } from '../port.ts';
import type { NarrationQuestion, Narrator } from '../rca.ts';
import type { Asked } from './ask.ts';
import { faultOf, parseSentence, type Sentence } from './check.ts';
import type { Panel } from './panel.ts';
import { ANSWER_SCHEMA, type Prompt } from './prompt.ts';
import type { Provider } from './providers.ts';
import { createTelling, type Telling } from './telling.ts';

export interface NarratorOptions {
	readonly panel: Panel;
	readonly prompt: Prompt;
	readonly records: Pick<RcaRecords, 'addNarration' | 'narration'>;
	readonly now: NowMicros;
	readonly log: Logger;
}

/** What goes on changes with every point; it is put into words again this much later at the earliest. */
const LEAST_PAUSE_MICROS = 600 * MICROS_PER_SECOND;
/**
 * Has analyses put into words: one question for one state of the evidence, whoever asks for it; the next provider where one fails or
 * says what does not hold; nobody once the day's budget is spent.
 */
export function createNarrator(options: NarratorOptions): Narrator {
	const { panel, prompt, records, now } = options;
	const under = new Map<string, Telling>();
	const prepared = new Map<string, number>();

	const keyOf = (question: NarrationQuestion, { provider, model }: Provider) =>
		digest([
			question.about.violation.id,
			question.evidence.map(({ kind, detail }) => [kind, detail]),
			question.hypotheses.map(({ cause }) => cause),
			prompt.version,
			provider,
			model,
		]);

	async function run(question: NarrationQuestion, telling: Telling): Promise<void> {
		const answer = await panel.put<Sentence>({
			suspect: suspectOf(question),
			fill: (fence) => prompt.fill(question, fence),
			schema: ANSWER_SCHEMA,
			check: (given, at) => faultOf(given, { ...at, of: question }) ?? parseSentence(given),
			onSentence: telling.sentence,
			onForget: telling.forget,
			async record(asked, { provider, costUsd }) {
				const told = asked.outcome === 'told' ? narrationOf(asked, provider) : undefined;
				await records.addNarration({
					key: keyOf(question, provider),
					violationId: question.about.violation.id,
					...{ provider: provider.provider, model: provider.model, prompt: prompt.version },
					...{ outcome: asked.outcome, reason: asked.reason, atMicros: now() },
					...{ text: told?.text ?? null, citations: told?.citations ?? [], costUsd },
				});
			},
		});
		if ('reason' in answer) telling.give(answer.reason);
		else telling.tell(narrationOf(answer.asked, answer.provider));
	}

	function begin(question: NarrationQuestion): Telling {
		const key = digest([
			question.evidence.map(({ detail }) => detail),
			question.hypotheses.map(({ cause }) => cause),
			question.about.violation.id,
		]);
		const known = under.get(key);
		if (known) return known;
		const telling = createTelling();
		under.set(key, telling);
		run(question, telling)
			.catch((error: unknown) => {
				options.log.error({ err: error }, 'cannot put an analysis into words');
				telling.give('something failed here');
			})
			.finally(() => under.delete(key));
		return telling;
	}

	async function told(question: NarrationQuestion) {
		const found = await records.narration(
			panel.candidates(suspectOf(question)).map((provider) => keyOf(question, provider)),
		);
		return found?.text
			? { text: found.text, model: `${found.provider}/${found.model}`, citations: found.citations }
			: null;
	}

	return {
		told,
		async *tell(question, signal): AsyncIterable<NarrationStep> {
			const narration = await told(question);
			if (narration) return yield { type: 'told', narration };
			yield* begin(question).steps(signal);
		},
		prepare(question) {
			const { id } = question.about.violation;
			for (const [one, atMicros] of prepared) if (atMicros < now() - LEAST_PAUSE_MICROS) prepared.delete(one);
			if (prepared.has(id)) return;
			prepared.set(id, now());
			begin(question);
		},
		async stop() {
			panel.stop();
			await Promise.all([...under.values()].map((telling) => telling.ended));
		},
	};
}

/** The one that the alarm is about. */
function suspectOf({ about }: NarrationQuestion): string | undefined {
	return modelOf(about.stream)?.provider.toLowerCase();
}

function narrationOf({ sentences }: Asked<Sentence>, { provider, model }: Provider) {
	const citations = [...new Set(sentences.flatMap(({ evidence }) => evidence))];
	return { text: sentences.map(({ text }) => text.trim()).join(' '), model: `${provider}/${model}`, citations };
}

function digest(of: unknown): string {
	return createHash('sha256').update(JSON.stringify(of)).digest('hex');
}
