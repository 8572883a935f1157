import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '#contracts/config.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { EngineView } from './engine/port.ts';
import type { Knowledge } from './knowledge/port.ts';
import type { Metadata } from './metadata/port.ts';
import { createPrices } from './rca/narration/prices.ts';
import { createAnswerer, type Answerer } from './rca/answer/answerer.ts';
import { createNarrator } from './rca/narration/narrator.ts';
import { countQuestions, createPanel } from './rca/narration/panel.ts';
import { readPrompt } from './rca/narration/prompt.ts';
import { createProvider } from './rca/narration/providers.ts';
import type { Rca } from './rca/port.ts';
import { createRca, type Narrator } from './rca/rca.ts';
import type { Store } from './store/port.ts';

type NarrationConfig = Pick<Config, 'rca' | 'prices'>;

/** The analysis of violations, with the language models of the configuration where there are some. */
export function composeRca(parts: {
	readonly config: NarrationConfig;
	readonly metadata: Metadata;
	readonly store: Store;
	readonly engine: EngineView;
	readonly knowledge?: Pick<Knowledge, 'passages' | 'search'>;
	/** Names of the collectors that write to a site. */
	readonly collectorsOf: (site: string) => readonly string[];
	readonly now: NowMicros;
	readonly log: Logger;
	readonly registry: Registry;
}): {
	readonly rca: Rca;
	/** Providers, budget and prices from now on; equal ones change nothing. */
	configure(config: NarrationConfig): Promise<void>;
	stop(): Promise<void>;
} {
	const questions = countQuestions(parts.registry);
	let config: NarrationConfig = { rca: parts.config.rca, prices: parts.config.prices };
	let asked = askedOf();

	/** Who is asked: one panel, so that narrations and answers share budget and breakers. */
	function askedOf(): { readonly narrator: Narrator; readonly answerer: Answerer } | undefined {
		const { llm } = config.rca;
		if (!llm) return undefined;
		const { metadata, now, log } = parts;
		const records = metadata.rca;
		const panel = createPanel({
			providers: llm.providers.map((one) => createProvider(one, (path) => readFileSync(path, 'utf8'))),
			dailyBudgetUsd: llm.dailyBudgetUsd,
			prices: createPrices(config.prices),
			random: randomBytes,
			...{ records, now, log, questions },
		});
		const narrator = createNarrator({ panel, prompt: readPrompt(), records, now, log });
		return { narrator, answerer: createAnswerer({ panel, records, now, log }) };
	}

	return {
		rca: createRca({
			...parts,
			narrator: () => asked?.narrator,
			answerer: () => asked?.answerer,
			search: parts.knowledge?.search,
		}),
		async configure({ rca, prices }) {
			if (isDeepStrictEqual(config, { rca, prices })) return;
			config = { rca, prices };
			const before = asked;
			asked = askedOf();
			await before?.narrator.stop();
		},
		stop: async () => asked?.narrator.stop(),
	};
}
