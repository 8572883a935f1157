import type { Logger } from 'pino';
import { z } from 'zod';
import { collectorSchema, type CollectorConfig } from '#contracts/config.ts';
import { ConfigError, type InputFault } from '#contracts/error.ts';
import { createExclusive } from '#contracts/exclusive.ts';
import { issueWords, nearestBranch, OWN_WORDS } from '#contracts/issue-words.ts';
import { systemClock, type Clock } from './kit/clock.ts';
import type { ActContext, CollectorType } from './kit/collector.ts';
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
	const inTurn = createExclusive();

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

	return {
		configure: (setup) => inTurn(() => configure(setup)),
		status: () => ({ collectors: [...lives.values()].map(({ life }) => life.status()) }),
		stop: () => inTurn(() => stopOthers(new Map())),
	};
}

/** What is wrong with a collector's entry, for whoever can word it with its place in a file; parsed with `OWN_WORDS`. */
export function collectorIssues(config: CollectorConfig): z.core.$ZodIssue[] {
	const { type, options, spoolOptions } = partsOf(config);
	if (!type) return [{ code: 'custom', path: ['type'], input: config.type, message: unknownType(config.type) }];
	const own = type.schema.safeParse(options, OWN_WORDS).error?.issues ?? [];
	const spool = spoolOptionsSchema.safeParse(spoolOptions, OWN_WORDS).error?.issues ?? [];
	return [...own, ...spool.map((issue) => ({ ...issue, path: ['spool', ...issue.path] }))];
}

/**
 * What the collector of this entry can be had to do at a terminal.
 *
 * @throws ConfigError when it cannot do this
 */
export function actOf(
	config: CollectorConfig,
	name: string,
): (terminal: Omit<ActContext, 'name' | 'clock'>) => Promise<void> {
	const { type, typeName, options } = partsOf(config);
	const act = type?.acts[name];
	if (!act) throw new ConfigError(`cannot --${name} with ${JSON.stringify(config.name)}: ${actsText(typeName, type)}`);
	return (terminal) => act.run(options, { ...terminal, name: config.name, clock: systemClock() });
}

function actsText(typeName: string, type: CollectorType | undefined): string {
	const names = Object.keys(type?.acts ?? {}).map((name) => `--${name}`);
	return `a collector of type ${typeName} has ${names.join(', ') || 'nothing of the kind'}`;
}

/** The keys that an entry of each type may have, for guessing what a mistyped one was meant to be. */
export const collectorSchemas: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
	Object.entries(COLLECTORS).map(([type, { schema }]) => [
		type,
		z.union([schema, collectorSchema.extend({ spool: spoolOptionsSchema })]),
	]),
);

/** The same in words; paths begin below the entry: `$.file`. Values are not quoted, as some are secrets. */
export function collectorFaults(config: CollectorConfig): InputFault[] {
	return collectorIssues(config).flatMap((issue) => faultsOf(issue, { root: [], config }));
}

function faultsOf(
	issue: z.core.$ZodIssue,
	{ root, config }: { readonly root: readonly PropertyKey[]; readonly config: CollectorConfig },
): InputFault[] {
	const path = [...root, ...issue.path];
	if (issue.code === 'unrecognized_keys')
		return issue.keys.map((key) => ({ path: spell([...path, key]), message: 'there is no such option' }));
	if (issue.code === 'invalid_union' && issue.message === '') {
		const nearest = nearestBranch(issue.errors);
		if (nearest.length > 0) return nearest.flatMap((inner) => faultsOf(inner, { root: path, config }));
	}
	const isMissing = valueAt(config, path) === undefined;
	return [{ path: spell(path), message: issueWords(issue, { isMissing, shown: 'this value' }) }];
}

function spell(path: readonly PropertyKey[]): string {
	return path.reduce<string>((at, key) => at + (typeof key === 'number' ? `[${key}]` : `.${String(key)}`), '$');
}

function valueAt(from: unknown, path: readonly PropertyKey[]): unknown {
	return path.reduce<unknown>(
		(value, key) => (typeof value === 'object' && value !== null ? value[key as keyof typeof value] : undefined),
		from,
	);
}

/** The options of the type without what every collector has. */
export function partsOf(config: CollectorConfig) {
	const { name, type: typeName, site, isolate: _, spool: spoolOptions = {}, ...options } = config;
	const known = COLLECTORS[typeName];
	return { name, typeName, site, type: known, spoolOptions, options };
}

function unknownType(type: string): string {
	return `there is no collector type ${JSON.stringify(type)}; there are ${Object.keys(COLLECTORS).join(', ')}`;
}
