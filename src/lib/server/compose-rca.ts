import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '#contracts/config.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { EngineView } from './engine/port.ts';
import type { Knowledge } from './knowledge/port.ts';
import type { Metadata } from './metadata/port.ts';
import { createPrices } from './rca/narration/prices.ts';
import { countQuestions, createNarrator } from './rca/narration/narrator.ts';
import { readPrompt } from './rca/narration/prompt.ts';
import { createProvider } from './rca/narration/providers.ts';
import type { Rca } from './rca/port.ts';
import { createRca } from './rca/rca.ts';
import type { Store } from './store/port.ts';

/** The analysis of violations, with the language models of the configuration where there are some. */
export function composeRca(parts: {
	readonly config: Pick<Config, 'rca' | 'prices'>;
	readonly metadata: Metadata;
	readonly store: Store;
	readonly engine: EngineView;
	readonly knowledge?: Pick<Knowledge, 'passages'>;
	readonly now: NowMicros;
	readonly log: Logger;
	readonly registry: Registry;
}): { readonly rca: Rca; stop(): Promise<void> } {
	const { config, metadata, now, log, registry } = parts;
	const { llm } = config.rca;
	const questions = countQuestions(registry);
	const narrator =
		llm &&
		createNarrator({
			providers: llm.providers.map((one) => createProvider(one, (path) => readFileSync(path, 'utf8'))),
			prompt: readPrompt(),
			dailyBudgetUsd: llm.dailyBudgetUsd,
			records: metadata.rca,
			prices: createPrices(config.prices),
			random: randomBytes,
			...{ now, log, questions },
		});
	return { rca: createRca({ ...parts, narrator }), stop: async () => narrator?.stop() };
}
