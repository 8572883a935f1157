/** A measured figure and how to measure it again; all of what `doctor --plan` computes with is here. */
export interface Figure {
	readonly value: number;
	readonly unit: string;
	readonly what: string;
	/** The command that gives it, and where and when it gave this. */
	readonly source: string;
}

const MACHINE = '2 cores of an AMD EPYC that others used at the same time, Node 24.21, 2026-11-21';

/** What one point costs one core, and what everything costs in memory and on disk. */
export const FIGURES = {
	parse: {
		value: 0.78,
		unit: 'µs a point',
		what: 'line protocol read, named and checked for duplicates',
		source: `node src/lib/server/ingest/lines.bench.ts: 1,285,442 points/s of one core; ${MACHINE}`,
	},
	judge: {
		value: 1.43,
		unit: 'µs a point',
		what: 'judged by four rules, verdicts encoded, 10,000 streams in control',
		source: `node src/lib/server/engine/bench.ts: 0.7 M points/s of one core (engine/README.md); ${MACHINE}`,
	},
	store: {
		value: 1.86,
		unit: 'µs a point',
		what: 'inserted into the embedded store with rollup and last value, and merged',
		source: `npm run bench -- queries: 536,722 rows/s inserted (tests/bench/baseline.json); ${MACHINE}`,
	},
	memory: {
		value: 627e6,
		unit: 'bytes',
		what: 'hub and store at 1,000 points/s of 48 streams',
		source: `npm run bench -- live-latency: memoryMb.all (tests/bench/baseline.json); ${MACHINE}`,
	},
	storeMemory: {
		value: 0.63e9,
		unit: 'bytes',
		what: 'what the store may take beyond that: its bound of 1 GB less 372 MB',
		source: 'max_server_memory_usage in store/embedded/spawn.ts; npm run bench -- live-latency: memoryMb.store',
	},
	streamMemory: {
		value: 85e3,
		unit: 'bytes a stream',
		what: 'window of 2,000 plotted points for screens (80 kB) and the state of its rules',
		source: 'engine/README.md: 40 bytes a point of the window, 3.4 kB of state',
	},
	point: {
		value: 11.6,
		unit: 'bytes a point',
		what: 'on disk, compressed: values with three decimals, one a second',
		source: `a backup of 20 million points of 1,000 streams is 232 MB (docs/operating.md); ${MACHINE}`,
	},
	minute: {
		value: 12.6,
		unit: 'bytes a stream and minute',
		what: 'rollup of a minute that has points',
		source: `14.4 million rows took 173 MiB in the embedded store; ${MACHINE}`,
	},
	journal: {
		value: 21,
		unit: 'bytes a point',
		what: 'a row of the journal, which holds what the store has not taken yet',
		source: 'ROW_BYTES in contracts/rows.ts: a format, not a measurement',
	},
} as const satisfies Readonly<Record<string, Figure>>;
