import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figures } from './bench.ts';
import type { Machine } from './machine.ts';

/** One bench as it was measured, run by run: how far the runs lie apart is the noise that a comparison allows for. */
export interface Measured {
	readonly workload: string;
	readonly at: string;
	readonly commit: string;
	readonly machine: Machine;
	readonly loadBefore: number;
	readonly runs: readonly Figures[];
}

export type Baseline = Readonly<Record<string, Measured>>;

export const BASELINE_FILE = join(import.meta.dirname, 'baseline.json');

/** @throws Error that names the file, when it is not there or not JSON */
export function readBaseline(file: string): Baseline {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as Baseline;
	} catch (cause) {
		throw new Error(`cannot read baseline "${file}": ${String(cause)}; record one with --save`, { cause });
	}
}

/** What was not measured now stays as it was. */
export function saveBaseline(file: string, measured: Baseline): void {
	const before = existsSync(file) ? readBaseline(file) : {};
	const all = Object.entries({ ...before, ...measured }).toSorted(([a], [b]) => a.localeCompare(b));
	writeFileSync(file, `${JSON.stringify(Object.fromEntries(all), null, '\t')}\n`);
}
