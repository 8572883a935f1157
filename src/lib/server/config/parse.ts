import type { z } from 'zod';
import { type CollectorConfig, type Config, configSchema } from '#contracts/config.ts';
import { OWN_WORDS } from '#contracts/issue-words.ts';
import type { DerivedRule } from '#contracts/derived.ts';
import { patternOf } from '#contracts/derived.ts';
import { quote } from '#contracts/stream.ts';
import { hintFor } from '#contracts/suggest.ts';
import { type ReadDocument, readDocument } from './document.ts';
import type { Env } from './interpolate.ts';
import { type ConfigFault, faultsOfIssue } from './issues.ts';
import { type ChosenPlan, createPlanFor } from './plan-for.ts';
import { spellPath, type Path } from './positions.ts';
import { keysAt } from './schema-keys.ts';

export interface ParseOptions {
	/** As it is to be named in faults. */
	readonly file: string;
	readonly env: Env;
	/** What is wrong with the options of one collector, parsed with `OWN_WORDS`; paths begin at its entry. */
	readonly collectorIssues?: (collector: CollectorConfig) => readonly z.core.$ZodIssue[];
	/** Schemas of alert channels by type. */
	readonly channelSchemas?: Readonly<Record<string, z.ZodType>>;
	/** Schemas by collector type: only to tell what a mistyped option may have meant. */
	readonly collectorSchemas?: Readonly<Record<string, z.ZodType>>;
}

export interface ParsedConfig {
	/** undefined when there are faults. */
	readonly config: Config | undefined;
	/** `file:line:column path: message`, in the order of the file. */
	readonly faults: readonly string[];
	/** Plans from `streams:`, the first match wins. */
	readonly planFor: (name: Parameters<ReturnType<typeof createPlanFor>>[0]) => ChosenPlan;
	readonly derived: readonly PlacedDerived[];
}

export interface PlacedDerived {
	readonly rule: DerivedRule;
	/** `file:line` where it stands. */
	readonly source: string;
}

/** `sigmascope.yaml` (interfaces.md), every fault at once. Reads no file and no environment of its own. */
export function parseConfig(text: string, options: ParseOptions): ParsedConfig {
	const { file } = options;
	const document = readDocument(text, options.env);
	if (document.faults.length > 0) return refused(file, document.faults);
	const value = document.value ?? {};
	const result = configSchema.safeParse(value, OWN_WORDS);
	const context = { ...document, keysAt: (path: Path) => keysAt(configSchema, path) };
	const faults = result.success ? [] : result.error.issues.flatMap((issue) => faultsOfIssue(issue, context));
	faults.push(...faultsOfCollectors(collectorsOf(value), document, options));
	if (result.success)
		faults.push(...faultsOfT2(result.data, document), ...faultsOfChannels(result.data, document, options));
	if (!result.success || faults.length > 0) return refused(file, faults);
	const rules = result.data.streams.map((rule, i) => ({
		...rule,
		source: `${file}:${document.positions.line(['streams', i])}`,
	}));
	const derived = result.data.derived.map((rule, i) => ({
		rule,
		source: `${file}:${document.positions.line(['derived', i])}`,
	}));
	return { config: result.data, faults: [], planFor: createPlanFor(rules, result.data.derived), derived };
}

function refused(file: string, faults: readonly ConfigFault[]): ParsedConfig {
	const lines = faults.toSorted(byPosition).map(({ position, path, message }) => {
		const where = path === '' ? '' : ` ${path}:`;
		return `${file}:${position}${where} ${message}`;
	});
	return { config: undefined, faults: lines, planFor: createPlanFor([]), derived: [] };
}

function byPosition(a: ConfigFault, b: ConfigFault): number {
	const [[lineA = 0, columnA = 0], [lineB = 0, columnB = 0]] = [a, b].map((one) =>
		one.position.split(':').map(Number),
	) as [number[], number[]];
	return lineA - lineB || columnA - columnB;
}

/** A plan for T2 can judge nothing but a T2: one that may match something else is a mistake. */
function faultsOfT2({ streams, derived }: Config, { positions }: ReadDocument): ConfigFault[] {
	const known = derived.filter(({ formula }) => formula.kind === 't2').map(patternOf);
	return streams.flatMap(({ match, plan }, i): ConfigFault[] => {
		if (plan.chart !== 't2' || known.includes(match.key)) return [];
		const mend =
			known.length === 0
				? 'declare one under derived: with t2: [its streams]'
				: `match.key has to be the name of one: ${known.map(quote).join(', ')}`;
		const path = ['streams', i, 'plan', 'chart'];
		return [{ position: positions.of(path), path: spellPath(path), message: `t2 is of several streams; ${mend}` }];
	});
}

/** Collectors as far as they can be told from the rest, also when something else is wrong with the file. */
function collectorsOf(value: unknown): readonly unknown[] {
	const { collectors } = value as { collectors?: unknown };
	return Array.isArray(collectors) ? collectors : [];
}

function faultsOfCollectors(
	collectors: readonly unknown[],
	document: ReadDocument,
	options: ParseOptions,
): ConfigFault[] {
	const firstOf = new Map<unknown, number>();
	return collectors.flatMap((collector, i) => {
		if (typeof collector !== 'object' || collector === null) return [];
		const { name, type } = collector as { name?: unknown; type?: unknown };
		const faults: ConfigFault[] = [];
		const first = firstOf.get(name);
		if (first !== undefined) faults.push(twice(document, i, { name, first }));
		else if (typeof name === 'string') firstOf.set(name, i);
		if (typeof name === 'string' && typeof type === 'string')
			faults.push(...faultsOfOptions(collector as CollectorConfig, ['collectors', i], { document, options }));
		return faults;
	});
}

/** Options of a channel are judged by its kind, as a collector's are by the collector. */
function faultsOfChannels(
	{ alerts }: Config,
	document: ReadDocument,
	{ channelSchemas = {} }: ParseOptions,
): ConfigFault[] {
	const known = Object.keys(channelSchemas);
	return Object.entries(alerts.routes).flatMap(([name, { channels }]) =>
		channels.flatMap((channel, i): ConfigFault[] => {
			const root = ['alerts', 'routes', name, 'channels', i];
			const schema = channelSchemas[channel.type];
			if (!schema) {
				const path = [...root, 'type'];
				const message = `there is no channel ${quote(channel.type)}; ${hintFor(channel.type, known)}`;
				return [{ position: document.positions.of(path), path: spellPath(path), message }];
			}
			const result = schema.safeParse(channel, OWN_WORDS);
			const context = { ...document, keysAt: (path: Path) => keysAt(schema, path.slice(root.length)) };
			return result.success ? [] : result.error.issues.flatMap((issue) => faultsOfIssue(issue, context, root));
		}),
	);
}

function twice(document: ReadDocument, i: number, { name, first }: { name: unknown; first: number }): ConfigFault {
	const line = document.positions.line(['collectors', first]);
	return {
		position: document.positions.of(['collectors', i, 'name']),
		path: `collectors[${i}].name`,
		message: `${quote(String(name))} is the name of the collector in line ${line} already`,
	};
}

function faultsOfOptions(
	collector: CollectorConfig,
	root: Path,
	{ document, options }: { readonly document: ReadDocument; readonly options: ParseOptions },
): ConfigFault[] {
	const schema = options.collectorSchemas?.[collector.type];
	const context = {
		...document,
		keysAt: (path: Path) => (schema === undefined ? [] : keysAt(schema, path.slice(root.length))),
	};
	return (options.collectorIssues?.(collector) ?? []).flatMap((issue) => faultsOfIssue(issue, context, root));
}
