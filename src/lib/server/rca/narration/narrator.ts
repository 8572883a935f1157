import { createHash } from 'node:crypto';
import { Counter, type Registry } from 'prom-client';
import type { Logger } from 'pino';
import { MICROS_PER_SECOND, type NowMicros } from '#contracts/time.ts';
import type { PriceBook } from '#lib/llm/price-book.ts';
import type { RcaRecords } from '../../metadata/port-rca.ts';
import { modelOf } from '../evidence/target.ts';
import type { NarrationStep } from '../port.ts';
import type { NarrationQuestion, Narrator } from '../rca.ts';
import { ask, MAX_TOKENS, type Asked } from './ask.ts';
import { createBreaker } from './breaker.ts';
import { USUAL_DEADLINES, type Deadlines } from './deadlines.ts';
import type { Prompt } from './prompt.ts';
import type { Provider } from './providers.ts';
import { createTelling, type Telling } from './telling.ts';

export interface NarratorOptions {
	/** In the order in which they are asked. */
	readonly providers: readonly Provider[];
	readonly prompt: Prompt;
	readonly dailyBudgetUsd: number;
	readonly records: Pick<RcaRecords, 'addNarration' | 'narration' | 'spentUsd'>;
	readonly prices: () => Promise<PriceBook>;
	readonly now: NowMicros;
	readonly random: (bytes: number) => Uint8Array;
	readonly log: Logger;
	readonly questions: Counter<'provider' | 'outcome'>;
	readonly deadlines?: Deadlines;
}

/** There also where nobody is asked, so that a dashboard finds it. */
export function countQuestions(registry: Registry): Counter<'provider' | 'outcome'> {
	return new Counter({
		name: 'sigmascope_narrations_total',
		help: 'Questions put to language models about analyses, by what they came to',
		labelNames: ['provider', 'outcome'],
		registers: [registry],
	});
}

const DAY_MICROS = 86_400 * MICROS_PER_SECOND;
/** What goes on changes with every point; it is put into words again this much later at the earliest. */
const LEAST_PAUSE_MICROS = 600 * MICROS_PER_SECOND;
/** A model whose price is not known is taken for an expensive one, so that the budget holds. */
const DEAREST_USD_PER_TOKEN = 75e-6;
const CHARS_PER_TOKEN = 3;

/**
 * Has analyses put into words: one question for one state of the evidence, whoever asks for it; the next provider where one fails or
 * says what does not hold; nobody once the day's budget is spent.
 */
export function createNarrator(options: NarratorOptions): Narrator {
	const { providers, prompt, records, now } = options;
	const under = new Map<string, Telling>();
	const prepared = new Map<string, number>();
	const breakers = new Map(providers.map((provider) => [provider, createBreaker()]));
	const over = new AbortController();
	let reservedUsd = 0;

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
		let reason = 'every language model failed lately';
		for (const provider of candidates(providers, question)) {
			const breaker = breakers.get(provider)!;
			if (breaker.isHeld(now())) continue;
			const mostUsd = provider.isFree ? 0 : await worstCase(question, provider);
			if (
				mostUsd > 0 &&
				(await records.spentUsd(now() - (now() % DAY_MICROS))) + reservedUsd + mostUsd > options.dailyBudgetUsd
			) {
				reason = `the daily budget of ${options.dailyBudgetUsd} USD is spent`;
				continue;
			}
			reservedUsd += mostUsd;
			try {
				const asked = await askOne(question, { provider, telling });
				if (asked.outcome === 'failed') breaker.failed(now());
				else breaker.succeeded();
				if (asked.outcome === 'told') return telling.tell(narrationOf(asked, provider));
				reason = asked.reason ?? reason;
			} finally {
				reservedUsd -= mostUsd;
			}
			telling.forget();
		}
		telling.give(reason);
	}

	async function askOne(
		question: NarrationQuestion,
		{ provider, telling }: { provider: Provider; telling: Telling },
	): Promise<Asked> {
		const fence = `data-${Buffer.from(options.random(9)).toString('hex')}`;
		const onSentence = telling.sentence;
		const deadlines = options.deadlines ?? USUAL_DEADLINES;
		const asked = await ask({ provider, prompt, question, fence, deadlines, signal: over.signal, onSentence });
		options.questions.inc({ provider: provider.provider, outcome: asked.outcome });
		if (asked.outcome !== 'told')
			options.log.warn({ provider: provider.provider, reason: asked.reason }, 'an analysis was not put into words');
		const told = asked.outcome === 'told' ? narrationOf(asked, provider) : undefined;
		await records.addNarration({
			key: keyOf(question, provider),
			violationId: question.about.violation.id,
			...{ provider: provider.provider, model: provider.model, prompt: prompt.version },
			...{ outcome: asked.outcome, reason: asked.reason, atMicros: now() },
			...{ text: told?.text ?? null, citations: told?.citations ?? [], costUsd: await costOf(asked, provider) },
		});
		return asked;
	}

	async function worstCase(question: NarrationQuestion, provider: Provider): Promise<number> {
		const { system, user } = prompt.fill(question, 'data');
		const inputTokens = Math.ceil((system.length + user.length) / CHARS_PER_TOKEN);
		return priceOf({ inputTokens, outputTokens: MAX_TOKENS }, provider);
	}

	async function costOf({ usage }: Asked, provider: Provider): Promise<number> {
		if (provider.isFree) return 0;
		return priceOf({ inputTokens: usage.inputTokens ?? 0, outputTokens: usage.outputTokens ?? 0 }, provider);
	}

	async function priceOf(
		tokens: { readonly inputTokens: number; readonly outputTokens: number },
		{ provider, model }: Provider,
	): Promise<number> {
		const usage = { ...tokens, cachedTokens: null, cacheWriteTokens: null, reasoningTokens: null };
		const price = (await options.prices()).costOf({ provider, model, usage, atMicros: now() });
		return price?.usd ?? (tokens.inputTokens + tokens.outputTokens) * DEAREST_USD_PER_TOKEN;
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
		const found = await records.narration(candidates(providers, question).map((provider) => keyOf(question, provider)));
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
			over.abort();
			await Promise.all([...under.values()].map((telling) => telling.ended));
		},
	};
}

/** Never the one that the alarm is about, while another is there. */
function candidates(providers: readonly Provider[], { about }: NarrationQuestion): readonly Provider[] {
	const suspect = modelOf(about.stream)?.provider.toLowerCase();
	const others = providers.filter(({ provider }) => provider !== suspect);
	return others.length > 0 ? others : providers;
}

function narrationOf({ sentences }: Asked, { provider, model }: Provider) {
	const citations = [...new Set(sentences.flatMap(({ evidence }) => evidence))];
	return { text: sentences.map(({ text }) => text.trim()).join(' '), model: `${provider}/${model}`, citations };
}

function digest(of: unknown): string {
	return createHash('sha256').update(JSON.stringify(of)).digest('hex');
}
