import { loadPrices } from '#lib/llm/price.ts';
import { collectorType, type Collector, type CollectorContext } from '../kit/collector.ts';
import { createAsker } from './asker.ts';
import { createBudget } from './budget.ts';
import { llmProbeSchema, targetSchema, type LlmProbeConfig, type Target } from './config.ts';
import { startControlServer, type ControlServer } from './control.ts';
import { createTransport } from './exchange.ts';
import { probe } from './prober.ts';
import { createProvider } from './providers/create.ts';
import { unitsOf, type Owner } from './unit.ts';

export const llmProbe = collectorType(llmProbeSchema, createLlmProbe);

/** Asks language models the same question again and again, and measures how the answers come. */
function createLlmProbe(config: LlmProbeConfig, { clock, random }: CollectorContext): Collector {
	return {
		async start(emitter, signal) {
			const nowMs = () => performance.now();
			const transport = createTransport({ nowMs, connections: config.connections });
			const control = config.control ? await startControlServer() : undefined;
			try {
				const prices = await loadPrices();
				const deadlines = { firstTokenMs: config.firstToken, idleMs: config.idle, totalMs: config.total };
				// Before the first call: loading a client holds up whatever is measured meanwhile.
				const ownerOf = async (target: Target): Promise<Owner> => {
					const provider = await createProvider(target);
					const asker = createAsker({ target, provider, transport, deadlines, prices, clock, nowMs });
					return { target, asker, isFree: target.baseUrl !== undefined && target.baseUrl === control?.baseUrl };
				};
				const owners = await Promise.all([...config.targets, ...controlTargets(control)].map(ownerOf));
				const units = unitsOf(config, owners);
				const budget = createBudget(config.budget, emitter.cursor());
				await probe({ units, emitter, clock, random, budget, maxConcurrent: config.maxConcurrent, signal });
			} finally {
				transport.close();
				await control?.close();
			}
		},
	};
}

function controlTargets(control: ControlServer | undefined): Target[] {
	if (!control) return [];
	const { baseUrl } = control;
	return [targetSchema.parse({ provider: 'openai-compatible', name: 'control', model: 'loopback', baseUrl })];
}
