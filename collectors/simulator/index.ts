import { QUALITY } from '#contracts/point.ts';
import type { SeenEvent } from '#contracts/seen-event.ts';
import { MICROS_PER_MS, MICROS_PER_SECOND } from '#contracts/time.ts';
import {
	collectorType,
	type Collector,
	type CollectorContext,
	type Emitter,
	type GapSeen,
	type PointSeen,
} from '../kit/collector.ts';
import { cellStreams } from './cell-streams.ts';
import { simulatorSchema, type SimulatorConfig } from './config.ts';
import { PROGRAMME } from './faults.ts';
import { machineStream } from './machine-stream.ts';
import { MACHINES, PROVIDERS } from './plant.ts';
import { scenarioSource } from './scenario/source.ts';
import { makeScenario } from './scenario/scenario.ts';
import { providerStreams } from './provider-streams.ts';
import type { Sample, Source } from './source.ts';

export const simulator = collectorType(simulatorSchema, createSimulator);

/** Where it stands: everything up to `untilMicros` has been emitted. Both in microseconds since 1970. */
interface Cursor {
	readonly startedMicros: number;
	readonly untilMicros: number;
}

const TICK_MS = 100;
/** Simulated time that is emitted at once while it catches up. */
const CHUNK_MICROS = 60 * MICROS_PER_SECOND;
/** What is older than this when it is emitted is history. */
const LIVE_MICROS = 60 * MICROS_PER_SECOND;
/** Numbers that one stream's noise may use. */
const NUMBERS_PER_SOURCE = 8;
/** Beyond those of all lines, so that a cell is the same however many there are. */
const CELLS_FROM = 1_000_000;

/** A plant and some LLM providers, made up: every value follows from the seed and the time since the first start. */
function createSimulator(config: SimulatorConfig, { clock }: CollectorContext): Collector {
	const { sources, warmupMicros } = programmeOf(config);
	const catchUpMicros = Math.max(warmupMicros, LIVE_MICROS);

	function begin(cursor: unknown): Cursor {
		if (isCursor(cursor)) return cursor;
		const earliest = clock.nowMicros() - warmupMicros;
		const startedMicros = Math.floor(earliest / MICROS_PER_SECOND) * MICROS_PER_SECOND;
		return { startedMicros, untilMicros: startedMicros - 1 };
	}

	return {
		async start(emitter, signal) {
			const streams = sources.map((source) => source.streams.map(emitter.stream));
			let at = begin(emitter.cursor());
			while (!signal.aborted) {
				const now = clock.nowMicros();
				if (now - at.untilMicros > catchUpMicros + CHUNK_MICROS)
					at = await skip({ emitter, sources, streams: streams.flat(), at, toMicros: now - catchUpMicros });
				const untilMicros = Math.min(now, at.untilMicros + CHUNK_MICROS);
				const seen = sources.flatMap((source, i) => seenBetween(source, streams[i] ?? [], at, untilMicros));
				const events = sources.flatMap((source) => eventsBetween(source, at, untilMicros));
				at = { ...at, untilMicros: Math.max(at.untilMicros, untilMicros) };
				if (seen.length + events.length > 0)
					await emitter.emit({ seen: inOrder(seen), events, cursor: at, historical: untilMicros < now - LIVE_MICROS });
				if (untilMicros === now) await clock.sleep(TICK_MS, signal);
			}
		},
	};
}

/** It was away for longer than it makes up for: a gap, as any device would leave. What is in force since is told. */
async function skip(options: {
	readonly emitter: Emitter;
	readonly sources: readonly Source[];
	readonly streams: readonly number[];
	readonly at: Cursor;
	readonly toMicros: number;
}): Promise<Cursor> {
	const { at, toMicros } = options;
	const cursor = { ...at, untilMicros: toMicros };
	const gap = { fromMicros: at.untilMicros, toMicros, reason: 'the simulator was not running' };
	const events = options.sources.flatMap((source) => eventsBetween(source, at, toMicros).slice(-1));
	await options.emitter.emit({ seen: options.streams.map((stream) => ({ stream, ...gap })), events, cursor });
	return cursor;
}

/** What is made up, and how much of it lies in the past at the first start: of a scenario all of its calm. */
function programmeOf(config: SimulatorConfig): { readonly sources: Source[]; readonly warmupMicros: number } {
	const { inject: cause, seed, size, confounders } = config;
	if (cause === undefined) return { sources: sourcesOf(config), warmupMicros: config.warmup * MICROS_PER_MS };
	const scenario = makeScenario({ cause, seed, size, confounders, startMicros: 0 });
	return { sources: [scenarioSource(scenario)], warmupMicros: scenario.onsetMicros };
}

function sourcesOf({ seed, every, lines, cells, faults }: SimulatorConfig): Source[] {
	const programme = faults === 'scheduled' ? PROGRAMME : [];
	const machines = Array.from({ length: lines }, (_, line) =>
		MACHINES.flatMap(({ kind, area, characteristics }) =>
			characteristics.map((characteristic) => ({
				key: `${kind}-${line + 1}/${characteristic.name}`,
				on: `${kind}/${characteristic.name}`,
				area,
				characteristic,
			})),
		),
	).flat();
	return [
		...PROVIDERS.map((provider, i) => providerStreams({ provider, seed, programme, number: i * NUMBERS_PER_SOURCE })),
		...machines.map((machine, i) =>
			machineStream({
				...machine,
				everyMs: every,
				seed,
				programme,
				number: (PROVIDERS.length + i) * NUMBERS_PER_SOURCE,
			}),
		),
		...Array.from({ length: cells }, (_, i) =>
			cellStreams({ asset: `mill-${i + 1}`, everyMs: every, seed, number: CELLS_FROM + i * NUMBERS_PER_SOURCE }),
		),
	];
}

function seenBetween(
	source: Source,
	streams: readonly number[],
	{ startedMicros, untilMicros: from }: Cursor,
	to: number,
): (PointSeen | GapSeen)[] {
	const seen = (sample: Sample): PointSeen | GapSeen => {
		const stream = streams[sample.stream] ?? 0;
		const tMicros = startedMicros + sample.atMicros;
		if ('v' in sample) return { stream, tMicros, v: sample.v, quality: QUALITY.good };
		return { stream, fromMicros: startedMicros + sample.gapFrom, toMicros: tMicros, reason: 'sensor disconnected' };
	};
	return [...source.between(from - startedMicros, to - startedMicros)].map(seen);
}

function eventsBetween(source: Source, { startedMicros, untilMicros: from }: Cursor, to: number): SeenEvent[] {
	const events = source.events?.(from - startedMicros, to - startedMicros) ?? [];
	return [...events].map(({ atMicros, ...event }) => ({ ...event, tMicros: startedMicros + atMicros }));
}

function inOrder(seen: readonly (PointSeen | GapSeen)[]): (PointSeen | GapSeen)[] {
	const time = (one: PointSeen | GapSeen) => ('v' in one ? one.tMicros : one.toMicros);
	return seen.toSorted((a, b) => time(a) - time(b));
}

function isCursor(cursor: unknown): cursor is Cursor {
	return typeof cursor === 'object' && cursor !== null && 'startedMicros' in cursor && 'untilMicros' in cursor;
}
