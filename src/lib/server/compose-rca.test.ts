import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { configSchema } from '#contracts/config.ts';
import { composeRca } from './compose-rca.ts';
import type { Metadata } from './metadata/port.ts';
import type { Store } from './store/port.ts';

const configOf = (rca: object) => configSchema.parse({ rca });
const model = (name: string) => ({ llm: { providers: [{ provider: 'ollama', model: name }] } });

it('asks the language models of the configuration of now, without a restart', async () => {
	const { rca, configure, stop } = composeRca({
		config: configOf({}),
		// Nothing is read before somebody asks.
		...{ metadata: {} as Metadata, store: {} as Store, engine: { windows: () => [], limits: () => [] } as never },
		...{ collectorsOf: () => [], now: () => 0, log: pino({ level: 'silent' }), registry: new Registry() },
	});
	expect(rca.narrates()).toBe(false);
	await configure(configOf(model('a')));
	expect(rca.narrates()).toBe(true);
	await configure(configOf({}));
	for await (const step of rca.answer({ sites: 'all', text: 'x' }, new AbortController().signal))
		expect(step).toEqual({ type: 'none', reason: 'no language model is configured' });
	expect(rca.narrates()).toBe(false);
	await stop();
});
