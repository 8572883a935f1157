import { parseArgs } from 'node:util';
import { BASELINE_FILE } from './baseline.ts';

export interface BenchOptions {
	/** Of these; empty = all. */
	readonly names: readonly string[];
	readonly runs: number;
	readonly save: string | undefined;
	readonly compare: string | undefined;
}

/** A baseline is worth what its spread is worth. */
const RUNS_TO_SAVE = 3;

/** `[NAME…] [--runs N] [--save [FILE]] [--compare [FILE]]`. @throws Error for what it does not know */
export function parseOptions(args: readonly string[]): BenchOptions {
	const { values, positionals } = parseArgs({
		args: withFiles(args),
		options: { runs: { type: 'string' }, save: { type: 'string' }, compare: { type: 'string' } },
		allowPositionals: true,
	});
	const runs = Number(values.runs ?? (values.save === undefined ? 1 : RUNS_TO_SAVE));
	if (!Number.isInteger(runs) || runs < 1) throw new Error(`cannot run "${values.runs}" times: not a whole number`);
	return { names: positionals, runs, save: values.save, compare: values.compare };
}

/** Both files may be left out: a baseline file ends in .json, and the name of a bench does not. */
function withFiles(args: readonly string[]): string[] {
	return args.flatMap((arg, i) =>
		(arg === '--save' || arg === '--compare') && !args[i + 1]?.endsWith('.json') ? [arg, BASELINE_FILE] : [arg],
	);
}
