import { Counter, type Registry } from 'prom-client';
import type { Logger } from 'pino';
import { MICROS_PER_SECOND, type NowMicros } from '#contracts/time.ts';
import type { PriceBook } from '#lib/llm/price-book.ts';
import type { RcaRecords } from '../../metadata/port-rca.ts';
import { ask, MAX_TOKENS, type Asked, type Telling } from './ask.ts';
import { createBreaker } from './breaker.ts';
import { USUAL_DEADLINES, type Deadlines } from './deadlines.ts';
import type { Provider } from './providers.ts';

export interface PanelOptions {
	/** In the order in which they are asked. */
	readonly providers: readonly Provider[];
	readonly dailyBudgetUsd: number;
	readonly records: Pick<RcaRecords, 'spentUsd'>;
	readonly prices: () => Promise<PriceBook>;
	readonly now: NowMicros;
	readonly random: (bytes: number) => Uint8Array;
	readonly log: Logger;
	readonly questions: Counter<'provider' | 'outcome'>;
	readonly deadlines?: Deadlines;
}

/** What is put to the panel. */
export interface Order<S extends Telling> {
	/** The one that the question is about: not asked while another is there. */
	readonly suspect?: string | undefined;
	fill(fence: string): { readonly system: string; readonly user: string };
	readonly schema: object;
	/** @returns a sentence that may be shown, or why it may not */
	check(given: unknown, at: { readonly index: number; readonly fence: string }): S | string;
	onSentence(sentence: S): void;
	/** What was told so far does not hold. */
	onForget(): void;
	/** Whatever it came to is kept. */
	record(asked: Asked<S>, by: { readonly provider: Provider; readonly costUsd: number }): Promise<void>;
}

/** The language models of the configuration, with one budget and one memory of who fails, whatever they are asked. */
export interface Panel {
	/** Those that would be asked, in order. */
	candidates(suspect?: string): readonly Provider[];
	put<S extends Telling>(
		order: Order<S>,
	): Promise<{ readonly asked: Asked<S>; readonly provider: Provider } | { readonly reason: string }>;
	stop(): void;
}

/** There also where nobody is asked, so that a dashboard finds it. */
export function countQuestions(registry: Registry): Counter<'provider' | 'outcome'> {
	return new Counter({
		name: 'sigmascope_narrations_total',
		help: 'Questions put to language models about analyses and searches, by what they came to',
		labelNames: ['provider', 'outcome'],
		registers: [registry],
	});
}

const DAY_MICROS = 86_400 * MICROS_PER_SECOND;
/** A model whose price is not known is taken for an expensive one, so that the budget holds. */
const DEAREST_USD_PER_TOKEN = 75e-6;
const CHARS_PER_TOKEN = 3;

/** The next provider where one fails or says what does not hold; nobody once the day's budget is spent. */
export function createPanel(options: PanelOptions): Panel {
	const { providers, records, now } = options;
	const breakers = new Map(providers.map((provider) => [provider, createBreaker()]));
	const over = new AbortController();
	let reservedUsd = 0;

	function candidates(suspect?: string): readonly Provider[] {
		const others = providers.filter(({ provider }) => provider !== suspect);
		return others.length > 0 ? others : providers;
	}

	async function isAffordable(mostUsd: number): Promise<boolean> {
		if (mostUsd === 0) return true;
		const spent = await records.spentUsd(now() - (now() % DAY_MICROS));
		return spent + reservedUsd + mostUsd <= options.dailyBudgetUsd;
	}

	async function askOne<S extends Telling>(order: Order<S>, provider: Provider): Promise<Asked<S>> {
		const fence = `data-${Buffer.from(options.random(9)).toString('hex')}`;
		const asked = await ask({
			provider,
			...order.fill(fence),
			schema: order.schema,
			check: (given, index) => order.check(given, { index, fence }),
			deadlines: options.deadlines ?? USUAL_DEADLINES,
			signal: over.signal,
			onSentence: order.onSentence,
		});
		options.questions.inc({ provider: provider.provider, outcome: asked.outcome });
		if (asked.outcome !== 'told')
			options.log.warn({ provider: provider.provider, reason: asked.reason }, 'nothing was put into words');
		await order.record(asked, { provider, costUsd: await costOf(asked, provider) });
		return asked;
	}

	async function worstCase(order: Pick<Order<Telling>, 'fill'>, provider: Provider): Promise<number> {
		if (provider.isFree) return 0;
		const { system, user } = order.fill('data');
		const inputTokens = Math.ceil((system.length + user.length) / CHARS_PER_TOKEN);
		return priceOf({ inputTokens, outputTokens: MAX_TOKENS }, provider);
	}

	async function costOf({ usage }: Asked<Telling>, provider: Provider): Promise<number> {
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

	return {
		candidates,
		async put(order) {
			let reason = 'every language model failed lately';
			for (const provider of candidates(order.suspect)) {
				const breaker = breakers.get(provider)!;
				if (breaker.isHeld(now())) continue;
				const mostUsd = await worstCase(order, provider);
				if (!(await isAffordable(mostUsd))) {
					reason = `the daily budget of ${options.dailyBudgetUsd} USD is spent`;
					continue;
				}
				reservedUsd += mostUsd;
				try {
					const asked = await askOne(order, provider);
					if (asked.outcome === 'failed') breaker.failed(now());
					else breaker.succeeded();
					if (asked.outcome === 'told') return { asked, provider };
					reason = asked.reason ?? reason;
				} finally {
					reservedUsd -= mostUsd;
				}
				order.onForget();
			}
			return { reason };
		},
		stop: () => over.abort(),
	};
}
