import type { Logger } from 'pino';
import type { TrialReport, TrialStream } from '#contracts/trial.ts';
import { ConfigError, messageOf } from '#contracts/error.ts';
import { keyFault, labelsFault, quote, type Labels } from '#contracts/stream.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import type { Clock } from './clock.ts';
import {
	isGap,
	type CollectorType,
	type Emission,
	type Emitter,
	type Entry,
	type StreamDeclaration,
} from './collector.ts';

export interface Trial {
	report(): TrialReport;
	/** Of every entry at least one value has come, or it is over. */
	isComplete(): boolean;
	stop(): Promise<void>;
}

export interface TrialOptions {
	readonly type: CollectorType;
	/** The collector's own, unchecked. */
	readonly options: unknown;
	readonly name: string;
	/** That of the running collector, whose certificate the source may know. */
	readonly folder: string;
	readonly clock: Clock;
	readonly random: () => number;
	readonly log: Logger;
}

/** For a picture and for advice; what came before is counted. */
const VALUES_KEPT = 300;
const MOST_STREAMS = 2000;
const MOST_FAULTS = 50;
const STOP_WITHIN_MS = 1000;

interface Kept {
	readonly key: string;
	readonly unit: string;
	readonly labels: Labels;
	readonly entry: string | undefined;
	points: number;
	values: TrialStream['values'][number][];
	noValue: string | null;
}

/**
 * Runs the collector itself for a while, with nothing behind it: what can be said of a source before it is taken is what the
 * running collector would see. Nothing is kept, and nobody's session is taken over.
 *
 * @throws ZodError when the options are not what the schema wants
 */
export function startTrial({ type, options, clock, ...context }: TrialOptions): Trial {
	const stopping = new AbortController();
	const beganMicros = clock.nowMicros();
	const entries = type.entries(options);
	const streams: Kept[] = [];
	const handles = new Map<string, number>();
	let faults: string[] = [];
	let reached: TrialReport['reached'] = null;
	let error: string | null = null;
	let isOver = false;
	const ranMs = () => Math.round((clock.nowMicros() - beganMicros) / MICROS_PER_MS);

	function take({ seen }: Emission): void {
		for (const one of seen) {
			const stream = streams[one.stream];
			if (!stream) continue;
			if (isGap(one)) {
				// A gap that comes with a value tells of the time before it.
				stream.noValue = one.reason;
				continue;
			}
			stream.noValue = null;
			stream.points++;
			stream.values.push({ tMicros: one.tMicros, v: one.v, quality: one.quality });
			if (stream.values.length > 2 * VALUES_KEPT) stream.values = stream.values.slice(-VALUES_KEPT);
		}
	}

	function declare({ key, unit = '', labels = {}, entry }: StreamDeclaration): number {
		const cause = keyFault(key) ?? labelsFault(labels);
		if (cause !== undefined) throw new ConfigError(`cannot use this name for a stream: ${cause}`);
		const id = JSON.stringify([key, unit, Object.entries(labels).sort()]);
		const known = handles.get(id);
		if (known !== undefined) return known;
		if (streams.length >= MOST_STREAMS)
			throw new ConfigError(`more than ${MOST_STREAMS} streams; narrow what is taken`);
		handles.set(id, streams.length);
		return streams.push({ key, unit, labels, entry, points: 0, values: [], noValue: null }) - 1;
	}

	const emitter: Emitter = {
		cursor: () => undefined,
		notes: () => new Map(),
		stream: declare,
		async emit(emission) {
			take(emission);
			await Promise.resolve();
		},
		fault(message) {
			faults = [...faults.filter((one) => one !== message), message].slice(-MOST_FAULTS);
		},
	};
	const onReached = (what: string) => (reached ??= { what, afterMs: ranMs() });
	const collector = type.createTrial(options, { ...context, clock, onReached });
	const done = collector
		.start(emitter, stopping.signal)
		.catch((cause: unknown) => void (error = messageOf(cause)))
		.finally(() => (isOver = true));

	const shown = ({ key, unit, labels, points, values, noValue }: Kept): TrialStream => ({
		...{ key, unit, labels, points, noValue },
		values: values.slice(-VALUES_KEPT),
	});
	const of = (place: string | undefined) => streams.filter(({ entry }) => entry === place);
	const places = new Set(entries.map(({ place }) => place));
	const isAbout = ({ place, name, stream, marks = [quote(name)] }: Entry) => {
		const keys = [...of(place).map(({ key }) => key), ...(stream === undefined ? [] : [stream])];
		const texts = [...marks, ...keys.map(quote)];
		return (fault: string) => texts.some((text) => fault.includes(text));
	};

	return {
		report() {
			const about = entries.map((entry) => faults.filter(isAbout(entry)));
			return {
				...{ reached, error, isOver, ranMs: ranMs() },
				entries: entries.map(({ place, name, stream }, i) => ({
					...{ place, name, ...(stream === undefined ? {} : { stream }) },
					streams: of(place).map(shown),
					faults: about[i] ?? [],
				})),
				streams: streams.filter(({ entry }) => entry === undefined || !places.has(entry)).map(shown),
				faults: faults.filter((fault) => !about.some((some) => some.includes(fault))),
			};
		},
		isComplete() {
			if (isOver) return true;
			const hasValue = ({ points }: Kept) => points > 0;
			if (entries.length === 0) return streams.length > 0 && streams.every(hasValue);
			return entries.every(({ place }) => of(place).length > 0 && of(place).every(hasValue));
		},
		async stop() {
			stopping.abort();
			await Promise.race([done, clock.sleep(STOP_WITHIN_MS, new AbortController().signal)]);
		},
	};
}
