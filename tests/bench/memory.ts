import { readFileSync } from 'node:fs';
import { descendants } from '../product.ts';

const KIB_PER_MB = 1000;

/** Resident memory of a process and its children in MB, by what they run. */
export function memoryOf(pid: number): Readonly<Record<string, number>> {
	const parts: Record<string, number> = { main: residentMb(pid) };
	for (const child of descendants(pid)) parts[nameOf(child)] = residentMb(child);
	return { ...parts, all: Object.values(parts).reduce((sum, mb) => sum + mb, 0) };
}

function residentMb(pid: number): number {
	const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
	return Math.round(Number(line?.[1] ?? 0) / KIB_PER_MB);
}

export function nameOf(pid: number): string {
	const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
	return /(store|collectors)\//.exec(command)?.[1] ?? `process ${pid}`;
}
