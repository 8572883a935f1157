import type { Logger } from 'pino';
import { z } from 'zod';
import type { CollectorConfig } from '#contracts/config.ts';
import type { InputFault } from '#contracts/error.ts';
import type { Clock } from './kit/clock.ts';
import { createLife, type Life } from './kit/life.ts';
import { spoolOptionsSchema } from './kit/spool-options.ts';
import type { CollectorsSetup, CollectorsStatus } from './messages.ts';
import { COLLECTORS } from './registry.ts';

export interface RunningCollectors {
	/** Replaces what runs: collectors whose entry has not changed go on untouched. */
	configure(setup: CollectorsSetup): Promise<void>;
	status(): CollectorsStatus;
	/** Ends all of them; what they have emitted is on disk afterwards. */
	stop(): Promise<void>;
}

/** Runs configured collectors in this process, each with its own queue and connection, so that none waits for another. */
export function createCollectors(options: {
	readonly log: Logger;
	readonly clock: Clock;
	/** 0 to 1. */
	readonly random: () => number;
}): RunningCollectors {
	const lives = new Map<string, { readonly text: string; readonly life: Life }>();
	let last = Promise.resolve();

	async function stopOthers(texts: ReadonlyMap<string, string>): Promise<void> {
		const gone = [...lives].filter(([name, { text }]) => texts.get(name) !== text);
		await Promise.all(gone.map(([, { life }]) => life.stop()));
		for (const [name] of gone) lives.delete(name);
	}

	async function configure({ collectors, ...hub }: CollectorsSetup): Promise<void> {
		const texts = new Map(collectors.map((config) => [config.name, JSON.stringify([config, hub])]));
		await stopOthers(texts);
		for (const config of collectors)
			if (!lives.has(config.name)) {
				const life = createLife({ ...options, ...hub, ...partsOf(config) });
				lives.set(config.name, { text: texts.get(config.name) ?? '', life });
			}
	}

	/** One after the other, whoever asks. */
	function inTurn(act: () => Promise<void>): Promise<void> {
		last = last.then(act, act);
		return last;
	}

	return {
		configure: (setup) => inTurn(() => configure(setup)),
		status: () => ({ collectors: [...lives.values()].map(({ life }) => life.status()) }),
		stop: () => inTurn(() => stopOthers(new Map())),
	};
}

/** What is wrong with a collector's entry in the configuration; paths begin below the entry: `$.file`. */
export function collectorFaults(config: CollectorConfig): InputFault[] {
	const { type, options, spoolOptions } = partsOf(config);
	if (!type) return [{ path: '$.type', message: unknownType(config.type) }];
	return [type.schema.safeParse(options), spoolOptionsSchema.safeParse(spoolOptions)].flatMap((result, i) =>
		result.success ? [] : faultsOf(result.error, i === 0 ? '$' : '$.spool'),
	);
}

function faultsOf(error: z.ZodError, root: string): InputFault[] {
	return error.issues.map(({ path, message }) => ({
		path: path.reduce<string>((at, key) => at + (typeof key === 'number' ? `[${key}]` : `.${String(key)}`), root),
		message,
	}));
}

/** The options of the type without what every collector has. */
function partsOf(config: CollectorConfig) {
	const { name, type: typeName, site, isolate: _, spool: spoolOptions = {}, ...options } = config;
	const known = COLLECTORS[typeName];
	return { name, typeName, site, type: known, spoolOptions, options };
}

function unknownType(type: string): string {
	return `there is no collector type ${JSON.stringify(type)}; there are ${Object.keys(COLLECTORS).join(', ')}`;
}
