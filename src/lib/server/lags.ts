import type { Journal } from './journal/port.ts';

export const READERS = ['engine', 'store', 'cases'] as const;
export type ReaderName = (typeof READERS)[number];

export interface Lag {
	/** Records of the journal that the reader has still to take. */
	readonly records: number;
	/** For how long the oldest of them has been there, to the second; 0 = level. */
	readonly seconds: number;
}

export type Lags = Readonly<Record<ReaderName, Lag>>;

/** After a store that was away for hours a few minutes' precision are enough. */
const MAX_MARKS = 1200;

/**
 * How far behind the readers of the journal are, in records and in time. Each is measured against what it reads: cases
 * read verdicts only, and ticks that nobody stores would else look like a backlog.
 */
export function createLags(parts: {
	readonly journal: Pick<Journal, 'lastSeq'>;
	readonly partition: number;
	readonly positions: Readonly<Record<ReaderName, () => number>>;
	readonly nowMs: () => number;
}): { read(): Promise<Lags> } {
	const { journal, partition, positions, nowMs } = parts;
	const marks: Record<ReaderName, { readonly seq: number; readonly atMs: number }[]> = {
		engine: [],
		store: [],
		cases: [],
	};

	async function newest(): Promise<Record<ReaderName, number>> {
		const topics = ['points', 'commands', 'verdicts', 'calls', 'logs'] as const;
		const [points = 0, commands = 0, verdicts = 0, calls = 0, logs = 0] = await Promise.all(
			topics.map((topic) => journal.lastSeq(topic, partition)),
		);
		const inputs = Math.max(points, commands);
		return { engine: inputs, store: Math.max(inputs, verdicts, calls, logs), cases: verdicts };
	}

	function lagOf(reader: ReaderName, seq: number): Lag {
		const position = positions[reader]();
		const own = marks[reader];
		if (seq > (own.at(-1)?.seq ?? 0)) own.push({ seq, atMs: nowMs() });
		const first = own.findIndex((mark) => mark.seq > position);
		own.splice(0, first < 0 ? own.length - 1 : first);
		if (own.length > MAX_MARKS) marks[reader] = own.filter((_, i) => i % 2 === 0 || i === own.length - 1);
		const oldest = own[0];
		if (oldest === undefined || oldest.seq <= position) return { records: 0, seconds: 0 };
		return { records: seq - position, seconds: Math.max(0, nowMs() - oldest.atMs) / 1000 };
	}

	return {
		async read() {
			const seqs = await newest();
			const entries = READERS.map((reader) => [reader, lagOf(reader, seqs[reader])] as const);
			return Object.fromEntries(entries) as unknown as Lags;
		},
	};
}
