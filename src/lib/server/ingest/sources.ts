import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import { ROW_BYTES, rowMicros, rowStream } from '#contracts/rows.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';

/** A source whose clock is off, by how much: above 0 it is ahead of the hub's. */
export interface ClockOffset {
	readonly source: string;
	readonly offsetSeconds: number;
}

/** Live rows of one source that came together. */
export interface Arrived {
	/** `key:<name>`, or `<site>/<collector>`. */
	readonly source: string;
	readonly receivedMicros: number;
	readonly view: DataView;
	/** Where the rows begin in `view`. */
	readonly from: number;
	readonly count: number;
	/** The newest time that was refused for being ahead of the hub's clock. */
	readonly refusedMicros?: number | undefined;
}

/** What is known of who sends: whether its clock is right, and what it sends twice. */
export interface Sources {
	note(arrived: Arrived): void;
	duplicates(source: string, points: number): void;
	/** Of a stream whose source has a clock that is off now. */
	clockOf(streamId: number): ClockOffset | undefined;
}

interface Source {
	sinceMicros: number;
	/** Largest of (t - received) since then: delay only makes it smaller, so the largest says most of the clock. */
	ahead: number;
	/** Windows in a row in which it was behind. */
	behind: number;
	offset: ClockOffset | undefined;
	readonly streams: Set<number>;
}

const WINDOW_MICROS = 10 * MICROS_PER_SECOND;
/** No delay explains a time of the future; the rest is left to clocks that are kept roughly. */
const AHEAD_MICROS = 2 * MICROS_PER_SECOND;
/** What is older may have waited in a queue; what is always older has a slow clock, or a queue that never empties. */
const BEHIND_MICROS = 60 * MICROS_PER_SECOND;
const BEHIND_WINDOWS = 3;
/** Names come from outside: more are not kept apart. */
const MOST_SOURCES = 1000;
const MOST_STREAMS = 10_000;
const SAMPLES = 16;

export function createSources({ registry, log }: { readonly registry: Registry; readonly log: Logger }): Sources {
	const sources = new Map<string, Source>();
	const byStream = new Map<number, Source>();
	const registers = [registry];
	const offsets = new Gauge({
		name: 'sigmascope_ingest_source_clock_offset_seconds',
		help: 'How far ahead of the hub a source stamps, at the least delay of ten seconds; negative = behind or delayed',
		labelNames: ['source'],
		registers,
	});
	const twice = new Counter({
		name: 'sigmascope_ingest_source_duplicates_total',
		help: 'Points that were there already, by source',
		labelNames: ['source'],
		registers,
	});

	function sourceOf(name: string, nowMicros: number): Source | undefined {
		const known = sources.get(name);
		if (known !== undefined || sources.size >= MOST_SOURCES) return known;
		const made = { sinceMicros: nowMicros, ahead: -Infinity, behind: 0, offset: undefined, streams: new Set<number>() };
		sources.set(name, made);
		return made;
	}

	function conclude(name: string, source: Source): void {
		const { ahead } = source;
		source.behind = ahead < -BEHIND_MICROS ? source.behind + 1 : 0;
		const offsetSeconds = Math.round(ahead / 1000) / 1000;
		offsets.set({ source: name }, offsetSeconds);
		const isOff = ahead > AHEAD_MICROS || source.behind >= BEHIND_WINDOWS;
		if (isOff && source.offset === undefined)
			log.warn({ source: name, offsetSeconds }, `the clock of ${name} is ${words(offsetSeconds)}; set it by NTP`);
		if (!isOff && source.offset !== undefined) {
			log.info({ source: name, offsetSeconds }, `the clock of ${name} is right again`);
			for (const streamId of source.streams) byStream.delete(streamId);
			source.streams.clear();
		}
		source.offset = isOff ? { source: name, offsetSeconds } : undefined;
	}

	/** Only while its clock is off: nobody else's points cost anything. */
	function mark(source: Source, { view, from, count }: Arrived): void {
		for (let i = 0; i < count && source.streams.size < MOST_STREAMS; i++) {
			const streamId = rowStream(view, from + i * ROW_BYTES);
			source.streams.add(streamId);
			byStream.set(streamId, source);
		}
	}

	return {
		note(arrived) {
			const { source: name, receivedMicros } = arrived;
			const source = sourceOf(name, receivedMicros);
			if (source === undefined) return;
			source.ahead = Math.max(source.ahead, newestOf(arrived) - receivedMicros);
			const watched = receivedMicros - source.sinceMicros;
			// A hub's clock that steps back begins a new window: what was compared with the old one says nothing.
			if (watched >= WINDOW_MICROS) conclude(name, source);
			if (watched >= WINDOW_MICROS || watched < 0) {
				source.sinceMicros = receivedMicros;
				source.ahead = -Infinity;
			}
			if (source.offset !== undefined) mark(source, arrived);
		},
		duplicates(source, points) {
			if (points > 0) twice.inc({ source: sources.has(source) ? source : 'other' }, points);
		},
		clockOf: (streamId) => byStream.get(streamId)?.offset,
	};
}

function words(offsetSeconds: number): string {
	const seconds = `${Math.abs(offsetSeconds)} s`;
	return offsetSeconds > 0 ? `${seconds} ahead` : `${seconds} behind, or its points are always that late`;
}

/** Of some rows, the last one among them: that is the newest where rows come in order. */
function newestOf({ view, from, count, refusedMicros = -Infinity }: Arrived): number {
	let newest = refusedMicros;
	const step = Math.max(1, Math.floor(count / SAMPLES));
	for (let i = count - 1; i >= 0; i -= step) newest = Math.max(newest, rowMicros(view, from + i * ROW_BYTES));
	return newest;
}
