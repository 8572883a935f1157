import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg, totalmem } from 'node:os';
import { type Finding, graded, ok, spellBytes, warn } from './finding.ts';

/** Hub 255 MB and store 372 MB at 1,000 points/s (see ./plan-figures.ts); the store may take 1 GB. */
const NEEDED_MEMORY_BYTES = 1.0e9;
const ROOMY_MEMORY_BYTES = 2.0e9;
const NEEDED_FILES = 1024;
const ROOMY_FILES = 8192;
const STEP_MS = 50;
const WATCH_MS = 250;
const MIN_NODE_MAJOR = 24;
/** Nobody's clock is right that says so: this program is younger. */
const EARLIEST_MS = Date.UTC(2026, 0, 1);

/** What of the machine this process may have. */
export interface MachineFacts {
	/** undefined = no bound below the machine's. */
	readonly memoryLimitBytes: number | undefined;
	readonly memoryBytes: number;
	readonly openFiles: number | undefined;
	readonly cores: number;
	readonly load: number;
	readonly node: string;
	readonly sqlite: string;
	readonly chdb: string | undefined;
}

export function machineFindings(facts: MachineFacts): Finding[] {
	return [memory(facts), ...files(facts), cores(facts), versions(facts)];
}

function memory({ memoryLimitBytes, memoryBytes }: MachineFacts): Finding {
	const bytes = Math.min(memoryLimitBytes ?? Infinity, memoryBytes);
	const where = memoryLimitBytes === undefined || memoryLimitBytes > memoryBytes ? 'of the machine' : 'by its cgroup';
	return graded('limits.memory', {
		found: `${spellBytes(bytes)} ${where}`,
		mend: 'hub and store take about 0.7 GB at 1,000 points/s and the store up to 1 GB: give it 2 GB (mem_limit, MemoryMax)',
		isFail: bytes < NEEDED_MEMORY_BYTES,
		isWarn: bytes < ROOMY_MEMORY_BYTES,
	});
}

function files({ openFiles }: MachineFacts): Finding[] {
	if (openFiles === undefined) return [];
	return [
		graded('limits.files', {
			found: `${openFiles} open files`,
			mend: 'each socket and each part of a table is one: raise it (ulimit -n, LimitNOFILE=, nofile of the container)',
			isFail: openFiles < NEEDED_FILES,
			isWarn: openFiles < ROOMY_FILES,
		}),
	];
}

function cores({ cores, load }: MachineFacts): Finding {
	return graded('limits.cores', {
		found: `${cores} cores, load ${load.toFixed(1)}`,
		mend: 'hub and store are two busy processes: others on this machine keep them waiting',
		isFail: false,
		isWarn: cores < 2 || load > 2 * cores,
	});
}

function versions({ node, sqlite, chdb }: MachineFacts): Finding {
	const found = `node ${node}, sqlite ${sqlite}, chdb ${chdb ?? 'not installed'}`;
	if (chdb === undefined)
		return warn(
			'versions',
			found,
			'the embedded store cannot start: npm ci, or set CLICKHOUSE_URL to a ClickHouse of yours',
		);
	return graded('versions', {
		found,
		mend: 'start it by `npm start` or the image, which bring Node 24',
		isFail: Number(node.split('.')[0]) < MIN_NODE_MAJOR,
		isWarn: false,
	});
}

/** What this process sees; /proc and cgroups are Linux's, elsewhere they are not known. */
export function readMachine(chdb: string | undefined): MachineFacts {
	const constrained = process.constrainedMemory();
	const limits = existsSync('/proc/self/limits') ? readFileSync('/proc/self/limits', 'utf8') : '';
	const openFiles = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
	return {
		memoryLimitBytes: constrained > 0 && constrained < 2 ** 60 ? constrained : undefined,
		memoryBytes: totalmem(),
		openFiles: openFiles === undefined ? undefined : Number(openFiles),
		cores: availableParallelism(),
		load: loadavg()[0] ?? 0,
		node: process.versions.node,
		sqlite: process.versions.sqlite ?? 'unknown',
		chdb,
	};
}

export interface Clocks {
	readonly wallMs: () => number;
	readonly monotonicMs: () => number;
	readonly sleep: (ms: number) => Promise<void>;
}

/** Whether the wall clock runs, and runs as fast as the one that nobody sets. */
export async function clockFindings(clocks: Clocks, remote?: { readonly offsetMs: number }): Promise<Finding[]> {
	const wall = clocks.wallMs();
	if (wall < EARLIEST_MS)
		return [
			graded('clock', {
				found: `it is ${new Date(wall).toISOString()}`,
				mend: 'the clock was never set: points are stamped by it. Set it and run an NTP client (chrony, systemd-timesyncd)',
				isFail: true,
				isWarn: false,
			}),
		];
	const offset = () => clocks.wallMs() - clocks.monotonicMs();
	const before = offset();
	for (let waited = 0; waited < WATCH_MS; waited += STEP_MS) await clocks.sleep(STEP_MS);
	const stepMs = Math.abs(offset() - before);
	const findings = [
		graded('clock.steady', {
			found: `wall clock and monotonic clock apart by ${stepMs.toFixed(1)} ms after ${WATCH_MS} ms`,
			mend: 'the clock is being set by leaps: use an NTP client that slews (chrony), and only one',
			isFail: false,
			isWarn: stepMs > 20,
		}),
		ntpFinding(),
	];
	if (remote === undefined) return findings;
	const { offsetMs } = remote;
	return [
		...findings,
		graded('clock.offset', {
			found: `the server's clock is ${Math.round(offsetMs)} ms from the one here (answers tell whole seconds)`,
			mend: 'points stamped here would be refused when they are five minutes ahead: synchronise both clocks',
			isFail: Math.abs(offsetMs) > 60_000,
			isWarn: Math.abs(offsetMs) > 2_000,
		}),
	];
}

/** An NTP client leaves a mark; that there is none means only that it cannot be known here (in a container the host has it). */
function ntpFinding(): Finding {
	const marks = ['/run/systemd/timesync/synchronized', '/run/chrony/chronyd.pid', '/var/run/ntpd.pid'];
	const found = marks.find(existsSync);
	return ok('clock.ntp', found === undefined ? 'not known here whether a time service runs' : `time service: ${found}`);
}
