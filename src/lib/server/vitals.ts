import { statfs } from 'node:fs/promises';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Journal, JournalStats } from './journal/port.ts';
import { type Lags, type ReaderName, READERS } from './lags.ts';
import { createProcesses, type ProcessUse } from './processes.ts';
import type { Rates } from './rates.ts';
import type { StoreSizes } from './store/port.ts';
import type { Supervisor } from './supervisor.ts';

/** What is looked at again and again, as it was last: for metrics, the System page and the product's own streams. */
export interface Vitals {
	readonly journal: JournalStats | undefined;
	readonly lags: Lags | undefined;
	readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | undefined;
	readonly store: StoreSizes | undefined;
	readonly processes: readonly ProcessUse[];
}

export interface VitalsSources {
	readonly journal: Pick<Journal, 'stats'>;
	readonly readLags: () => Promise<Lags>;
	readonly storeSizes: () => Promise<StoreSizes>;
	readonly writerLag: () => { readonly rows: number; readonly insertingMs: number };
	readonly supervisors: () => readonly Supervisor[];
	readonly dataFolder: string;
	readonly registry: Registry;
	readonly rates: Pick<Rates, 'look'>;
	readonly nowMs: () => number;
	readonly versions: Readonly<Record<string, string>>;
}

const LOOK_EVERY_MS = 1000;
/** Counting parts costs the store a query. */
const STORE_EVERY_LOOKS = 20;

export interface VitalsPart {
	start(): void;
	stop(): Promise<void>;
	now(): Vitals;
}

export function createVitals(sources: VitalsSources): VitalsPart {
	let vitals: Vitals = { journal: undefined, lags: undefined, disk: undefined, store: undefined, processes: [] };
	let timer: NodeJS.Timeout | undefined;
	let running: Promise<void> = Promise.resolve();
	let looks = 0;
	const readProcesses = createProcesses(sources.nowMs);
	registerVitals(sources, () => vitals);

	async function look(): Promise<void> {
		const children = sources.supervisors().map((one) => ({ name: one.name, pid: one.pid() }));
		await sources.rates.look();
		const [journal, lags, disk, store] = await Promise.all([
			known(sources.journal.stats()),
			known(sources.readLags()),
			known(statfs(sources.dataFolder)),
			vitals.store === undefined || looks++ % STORE_EVERY_LOOKS === 0 ? known(sources.storeSizes()) : vitals.store,
		]);
		vitals = {
			journal,
			lags,
			disk: disk && { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize },
			store,
			processes: readProcesses(children),
		};
	}

	return {
		start() {
			running = look();
			// One look at a time: on a disk that does not answer they would pile up.
			timer = setInterval(() => void (running = running.then(look)), LOOK_EVERY_MS);
		},
		async stop() {
			clearInterval(timer);
			await running;
		},
		now: () => vitals,
	};
}

/** What cannot be looked at now is not known, and no sample of it is given. */
const known = <T>(value: Promise<T>): Promise<T | undefined> => value.catch(() => undefined);

function registerVitals(sources: VitalsSources, vitals: () => Vitals): void {
	const { registry, supervisors, writerLag } = sources;
	const registers = [registry];
	const plain = (name: string, help: string, read: () => number | undefined) =>
		new Gauge({
			name: `sigmascope_${name}`,
			help,
			registers,
			collect() {
				const value = read();
				if (value === undefined) this.remove();
				else this.set(value);
			},
		});
	const labelled = <L extends string>(
		Kind: typeof Gauge | typeof Counter,
		{ name, help, label }: { readonly name: string; readonly help: string; readonly label: L },
		read: () => readonly (readonly [label: string, value: number])[],
	) =>
		new Kind({
			name: `sigmascope_${name}`,
			help,
			labelNames: [label],
			registers,
			collect(this: Gauge | Counter) {
				this.reset();
				for (const [of, value] of read()) this.inc({ [label]: of }, value);
			},
		});
	const ofReaders = (read: (reader: ReaderName, lags: Lags) => number) => {
		const { lags } = vitals();
		return lags === undefined ? [] : READERS.map((reader) => [reader, read(reader, lags)] as const);
	};

	labelled(
		Gauge,
		{ name: 'reader_lag_records', help: 'Journal records that a reader has still to take', label: 'reader' },
		() => ofReaders((reader, lags) => lags[reader].records),
	);
	labelled(Gauge, { name: 'reader_lag_seconds', help: 'How long the oldest of them has waited', label: 'reader' }, () =>
		ofReaders((reader, lags) => lags[reader].seconds),
	);
	plain('journal_cap_bytes', 'Bytes that the journal may hold', () => vitals().journal?.capBytes);
	plain('journal_first_seq', 'Seq of the oldest record that is kept', () => vitals().journal?.firstSeq);
	plain('journal_refusing', '1 while points are refused because journal or disk are full', () => {
		const { journal } = vitals();
		return journal && (journal.refusing === null ? 0 : 1);
	});
	plain('disk_free_bytes', 'Free on the disk of the data folder', () => vitals().disk?.freeBytes);
	plain('disk_total_bytes', 'Size of that disk', () => vitals().disk?.totalBytes);
	plain('store_waiting_rows', 'Points read from the journal that wait for their insert', () => writerLag().rows);
	plain(
		'store_inserting_seconds',
		'How long the insert under way has taken; 0 = none is',
		() => writerLag().insertingMs / 1000,
	);
	plain('store_rows', 'Rows in the store', () => vitals().store?.rows);
	plain('store_bytes', 'Bytes that they take on disk', () => vitals().store?.bytes);
	plain(
		'store_parts',
		'Active parts of its tables; thousands mean that merges do not keep up',
		() => vitals().store?.parts,
	);
	labelled(Gauge, { name: 'part_up', help: '1 while a supervised process runs', label: 'part' }, () =>
		supervisors().map((one) => [one.name, one.state() === 'running' ? 1 : 0] as const),
	);
	labelled(Counter, { name: 'part_restarts_total', help: 'Times that it was started again', label: 'part' }, () =>
		supervisors().map((one) => [one.name, one.restarts()] as const),
	);
	labelled(Gauge, { name: 'process_memory_bytes', help: 'Resident memory of each process', label: 'process' }, () =>
		vitals().processes.map(({ name, memoryBytes }) => [name, memoryBytes] as const),
	);
	labelled(
		Counter,
		{ name: 'process_cpu_seconds_total', help: 'Processor time of each process', label: 'process' },
		() => vitals().processes.map(({ name, cpuSeconds }) => [name, cpuSeconds] as const),
	);
	new Gauge({
		name: 'sigmascope_build_info',
		help: 'Versions, as labels',
		labelNames: Object.keys(sources.versions),
		registers,
	}).set({ ...sources.versions }, 1);
}
