import { pino } from 'pino';
import { ConfigError } from '#contracts/error.ts';
import { keyFault } from '#contracts/stream.ts';
import { systemClock } from '../clock.ts';
import { isGap, type CollectorType, type Emission, type GapSeen, type PointSeen } from '../collector.ts';

/** A collector that runs against a real peer, what it emits kept in memory. */
export interface RunningCollector {
	readonly faults: string[];
	readonly logged: string[];
	/** Key, unit and labels of each, by its handle. */
	readonly streams: string[];
	points(key?: string): PointSeen[];
	gaps(key?: string): GapSeen[];
	values(key: string): number[];
	/** `lot A7 of press-1`, in order. */
	events(): string[];
	cursor(): unknown;
	stop(): Promise<void>;
	/** Rejects with what ended it. */
	readonly done: Promise<void>;
}

export function runCollector(
	type: CollectorType,
	config: object,
	{ cursor, folder = '' }: { readonly cursor?: unknown; readonly folder?: string } = {},
): RunningCollector {
	const stop = new AbortController();
	const emissions: Emission[] = [];
	const faults: string[] = [];
	const logged: string[] = [];
	const streams: string[] = [];
	const lastCursor = () => emissions.findLast((emission) => emission.cursor !== undefined)?.cursor ?? cursor;
	const emitter = {
		cursor: lastCursor,
		notes: () => new Map<string, Uint8Array>(),
		stream({ key, unit, labels }: { key: string; unit?: string; labels?: object }) {
			const cause = keyFault(key);
			if (cause !== undefined) throw new ConfigError(cause);
			const name = [key, unit, ...Object.entries(labels ?? {}).map((label) => label.join('='))]
				.filter(Boolean)
				.join(' ');
			if (!streams.includes(name)) streams.push(name);
			return streams.indexOf(name);
		},
		async emit(emission: Emission) {
			emissions.push(JSON.parse(JSON.stringify(emission)) as Emission);
			await Promise.resolve();
		},
		fault: (message: string) => void faults.push(message),
	};
	const log = pino({}, { write: (line: string) => void logged.push(line) });
	const context = {
		name: 'test',
		log,
		clock: systemClock(),
		random: Math.random,
		folder,
		onReached: (what: string) => log.info(what),
	};
	const done = type.create(config, context).start(emitter, stop.signal);
	done.catch(() => undefined);
	const of = <T extends { readonly stream: number }>(some: T[], key: string | undefined) =>
		key === undefined ? some : some.filter(({ stream }) => streams[stream]?.split(' ')[0] === key);
	const seen = () => emissions.flatMap((emission) => emission.seen);
	const points = (key?: string) =>
		of(
			seen().filter((one): one is PointSeen => !isGap(one)),
			key,
		);
	return {
		faults,
		logged,
		streams,
		points,
		gaps: (key) => of(seen().filter(isGap), key),
		values: (key) => points(key).map(({ v }) => v),
		events: () =>
			emissions.flatMap(({ events = [] }) => events.map(({ kind, title, asset }) => `${kind} ${title} of ${asset}`)),
		cursor: lastCursor,
		done,
		async stop() {
			stop.abort();
			await done;
		},
	};
}
