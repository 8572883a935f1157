import { ConfigError } from '#contracts/error.ts';
import { isGap, type Collector, type Emission, type Emitter, type GapSeen, type PointSeen } from '../collector.ts';

/** What a collector emits, in memory, as if each emission had been written at once. */
export interface Recording {
	readonly emitter: Emitter;
	readonly emissions: Emission[];
	readonly faults: string[];
	readonly streams: string[];
	points(): PointSeen[];
	gaps(): GapSeen[];
	cursor(): unknown;
	notes(): ReadonlyMap<string, Uint8Array>;
}

/** @param cursor where an earlier run had stood */
function createRecording(cursor?: unknown, onEmit: (emission: Emission) => void = () => {}): Recording {
	const notes = new Map<string, Uint8Array>();
	const recording: Recording = {
		emissions: [],
		faults: [],
		streams: [],
		points: () => recording.emissions.flatMap(({ seen }) => seen.filter((one): one is PointSeen => !isGap(one))),
		gaps: () => recording.emissions.flatMap(({ seen }) => seen.filter(isGap)),
		cursor: () => recording.emissions.findLast((emission) => emission.cursor !== undefined)?.cursor ?? cursor,
		notes: () => notes,
		emitter: {
			cursor: () => recording.cursor(),
			notes: () => recording.notes(),
			stream({ key, labels = {} }) {
				if (key === '') throw new ConfigError('a stream needs a name');
				const name = `${key} ${JSON.stringify(labels)}`;
				if (!recording.streams.includes(name)) recording.streams.push(name);
				return recording.streams.indexOf(name);
			},
			async emit(emission) {
				// What is kept is what the disk would keep.
				for (const [name, bytes] of emission.notes ?? []) notes.set(name, bytes.slice());
				recording.emissions.push(JSON.parse(JSON.stringify(emission)) as Emission);
				await Promise.resolve();
				onEmit(emission);
			},
			fault: (message) => void recording.faults.push(message),
		},
	};
	return recording;
}

/** Starts a collector and stops it once `enough` says so, or it has ended. */
export async function record(
	collector: Collector,
	options: { readonly cursor?: unknown; readonly enough?: (recording: Recording) => boolean } = {},
): Promise<Recording> {
	const stop = new AbortController();
	const recording = createRecording(options.cursor, () => {
		if (options.enough?.(recording)) stop.abort();
	});
	await collector.start(recording.emitter, stop.signal);
	return recording;
}
