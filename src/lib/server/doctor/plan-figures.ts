/** A measured figure and how to measure it again; all of what `doctor --plan` computes with is here. */
export interface Figure {
	readonly value: number;
	readonly unit: string;
	readonly what: string;
	/** The command that gives it, and where and when it gave this. */
	readonly source: string;
}

const MACHINE = '2 cores of an AMD EPYC, Node 24.21, 2026-11-21';

/** What one point costs one core, and what everything costs in memory and on disk. */
export const FIGURES = {
	main: {
		value: 4.98,
		unit: 'µs a point',
		what: 'of the thread that reads, judges and writes verdicts: line protocol, 1,000 points a request, four rules, in control',
		source: `npm run bench -- steady: 49.8 % of a core at 100,049 points/s (tests/bench/baseline.json); ${MACHINE}`,
	},
	threads: {
		value: 3.65,
		unit: 'µs a point',
		what: 'of the other threads of the hub: journal, violations',
		source: `npm run bench -- steady: 36.5 % of a core at 100,049 points/s (tests/bench/baseline.json); ${MACHINE}`,
	},
	store: {
		value: 3.2,
		unit: 'µs a point',
		what: 'inserted into the embedded store with rollups and last value, and merged',
		source: `npm run bench -- steady: 32 % of a core at 100,049 points/s (tests/bench/baseline.json); ${MACHINE}`,
	},
	memory: {
		value: 1.049e9,
		unit: 'bytes',
		what: 'all processes at 100,000 points/s of 1,000 streams, at most',
		source: `npm run bench -- steady: memoryMb.most (tests/bench/baseline.json); ${MACHINE}`,
	},
	storeMemory: {
		value: 0.58e9,
		unit: 'bytes',
		what: 'what the store may take beyond that for queries: its bound of 1 GB less 421 MB',
		source: 'max_server_memory_usage in store/embedded/engine.ts; npm run bench -- steady: memoryMb.store',
	},
	streamMemory: {
		value: 85e3,
		unit: 'bytes a stream',
		what: 'window of 2,000 plotted points for screens (80 kB) and the state of its rules',
		source: 'engine/README.md: 40 bytes a point of the window, 3.4 kB of state',
	},
	point: {
		value: 6.8,
		unit: 'bytes a point',
		what: 'on disk, compressed, last values included: normal noise with four decimals',
		source: `npm run bench -- stored (docs/performance.md); ${MACHINE}`,
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
