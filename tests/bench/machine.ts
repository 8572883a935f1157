import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

export interface Machine {
	readonly cpu: string;
	readonly cores: number;
	readonly memoryGb: number;
	readonly node: string;
}

export function readMachine(): Machine {
	const all = cpus();
	return {
		cpu: all[0]?.model ?? 'unknown',
		cores: all.length,
		memoryGb: Math.round(totalmem() / 1e9),
		node: process.version,
	};
}

/** Runnable tasks, mean of the last minute: on a quiet machine well below its cores. */
export function readLoad(): number {
	return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}

/** @returns the commit measured, with `+` when files differ from it */
export function readCommit(): string {
	const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
	try {
		return (
			git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+')
		);
	} catch {
		return 'unknown';
	}
}
