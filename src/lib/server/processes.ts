import { readFileSync } from 'node:fs';

/** What one process of the product takes. */
export interface ProcessUse {
	readonly name: string;
	readonly pid: number;
	readonly memoryBytes: number;
	/** User and system time since it began. */
	readonly cpuSeconds: number;
	/** Of one core, since it was looked at before; null at the first look. */
	readonly corePercent: number | null;
}

/** Linux counts processor time in hundredths of a second for everybody (USER_HZ) and memory in pages. */
const TICKS_PER_SECOND = 100;
const UTIME = 11;
const RSS_KILOBYTES = /^VmRSS:\s+(\d+) kB$/m;

/** Those that can be looked at: /proc is Linux's, elsewhere this process knows itself only. */
export function createProcesses(nowMs: () => number) {
	let before = new Map<number, { readonly cpuSeconds: number; readonly atMs: number }>();

	return (children: readonly { readonly name: string; readonly pid: number | undefined }[]): ProcessUse[] => {
		const atMs = nowMs();
		const found = [
			ownUse(),
			...children.flatMap(({ name, pid }) => (pid === undefined ? [] : (readChild(name, pid) ?? []))),
		];
		const uses = found.map((use) => {
			const last = before.get(use.pid);
			const seconds = last && (atMs - last.atMs) / 1000;
			const corePercent =
				last && seconds ? Math.round((1000 * (use.cpuSeconds - last.cpuSeconds)) / seconds) / 10 : null;
			return { ...use, corePercent };
		});
		before = new Map(uses.map(({ pid, cpuSeconds }) => [pid, { cpuSeconds, atMs }]));
		return uses;
	};
}

type Use = Omit<ProcessUse, 'corePercent'>;

function ownUse(): Use {
	const { user, system } = process.cpuUsage();
	const memoryBytes = process.memoryUsage.rss();
	return { name: 'hub', pid: process.pid, memoryBytes, cpuSeconds: (user + system) / 1e6 };
}

function readChild(name: string, pid: number): Use | undefined {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The name in parentheses may have spaces; fields are counted from behind it.
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		const kilobytes = RSS_KILOBYTES.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
		const cpuSeconds = (Number(fields[UTIME]) + Number(fields[UTIME + 1])) / TICKS_PER_SECOND;
		return { name, pid, memoryBytes: Number(kilobytes) * 1024, cpuSeconds };
	} catch {
		return undefined;
	}
}
