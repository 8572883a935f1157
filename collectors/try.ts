import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import type { CollectorConfig } from '#contracts/config.ts';
import { ConfigError } from '#contracts/error.ts';
import { systemClock, type Clock } from './kit/clock.ts';
import type { Discovered, SourceType } from '#contracts/trial.ts';
import type { DiscoverContext } from './kit/collector.ts';
import { startTrial, type Trial } from './kit/trial.ts';
import { COLLECTORS } from './registry.ts';
import { partsOf } from './run.ts';

export interface TryOptions {
	readonly clock?: Clock;
	/** 0 to 1. */
	readonly random?: () => number;
	/** Of all collectors: each has its certificates below. */
	readonly spoolFolder: string;
	/** What collectors say to themselves; nobody unless given. */
	readonly log?: Logger;
}

/** Tries a configured source without taking anything of it. @throws ConfigError when its entry is wrong */
export function tryCollector(config: CollectorConfig, tryOptions: TryOptions): Trial {
	const { spoolFolder, clock = systemClock(), random = Math.random, log = pino({ level: 'silent' }) } = tryOptions;
	const { type, typeName, options, name } = partsOf(config);
	if (!type) throw new ConfigError(`there is no collector type ${JSON.stringify(typeName)}`);
	return startTrial({ type, options, name, folder: join(spoolFolder, name), clock, random, log });
}

/** Types whose sources have something to choose from. */
export function sourceTypes(): SourceType[] {
	return Object.entries(COLLECTORS).flatMap(([type, { discover }]) =>
		discover ? [{ type, option: discover.option, narrows: discover.narrows }] : [],
	);
}

/** The entry with what suffices to connect, where it asks for nothing yet. */
export function drafted(config: CollectorConfig): CollectorConfig {
	const discover = COLLECTORS[config.type]?.discover;
	return discover && config[discover.option] === undefined ? { ...config, ...discover.draft } : config;
}

/**
 * What the source of this entry has to give. What the entry asks for itself is needed by nobody here and may be missing.
 *
 * @throws ConfigError or RetriableError with what to do
 */
export function discoverSource(
	config: CollectorConfig,
	{
		spoolFolder,
		clock = systemClock(),
		...context
	}: Pick<TryOptions, 'clock' | 'spoolFolder'> & Pick<DiscoverContext, 'argument' | 'forMs' | 'signal'>,
): Promise<readonly Discovered[]> {
	const { type, typeName, options, name } = partsOf(drafted(config));
	if (!type?.discover) throw new ConfigError(`a collector of type ${typeName} has nothing to browse`);
	return type.discover.run(options, { ...context, clock, name, folder: join(spoolFolder, name) });
}
