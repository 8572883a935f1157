import { readFileSync, readdirSync } from 'node:fs';
import { descendants } from '../product.ts';
import { nameOf } from './memory.ts';

const MS_PER_TICK = 10;

/** CPU time in milliseconds of a process's main thread, its other threads, and of each child, since their start. */
export function cpuOf(pid: number): Readonly<Record<string, number>> {
	const threads = threadsOf(pid);
	const main = threads.get(pid) ?? 0;
	const times: Record<string, number> = { main, mainOtherThreads: sum(threads) - main };
	for (const child of descendants(pid)) times[nameOf(child)] = sum(threadsOf(child));
	return times;
}

/** Of two answers of `cpuOf`: what was used in between. */
export function cpuSince(
	before: Readonly<Record<string, number>>,
	after: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
	return Object.fromEntries(Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)]));
}

function threadsOf(pid: number): Map<number, number> {
	const times = new Map<number, number>();
	for (const thread of readdirSync(`/proc/${pid}/task`)) {
		const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		times.set(Number(thread), (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK);
	}
	return times;
}

function sum(times: ReadonlyMap<number, number>): number {
	return [...times.values()].reduce((total, ms) => total + ms, 0);
}
