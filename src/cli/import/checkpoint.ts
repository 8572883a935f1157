import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileFacts } from './file.ts';

/** Where an import stands; kept in the data folder. Without it an import begins anew and the hub says what it has. */
export interface Checkpoint {
	readonly epoch: string;
	/** Everything up to this number is in the hub's journal, and `place` is where the file goes on after it. */
	readonly seq: number;
	readonly place: unknown;
	readonly facts: FileFacts;
}

export interface CheckpointFile {
	/**
	 * The earlier run of this import over this file, or a first one.
	 *
	 * @param headOf what the file begins with now
	 */
	read(facts: FileFacts, headOf: (bytes: number) => Promise<string>): Promise<Checkpoint>;
	write(checkpoint: Checkpoint): void;
}

export function createCheckpointFile(folder: string, name: string): CheckpointFile {
	const path = join(folder, `${name}.json`);
	return {
		async read(facts, headOf) {
			const known = existsSync(path) ? parse(readFileSync(path, 'utf8')) : undefined;
			const isLonger = known !== undefined && known.facts.bytes <= facts.bytes;
			if (isLonger && known.facts.head === (await headOf(known.facts.headBytes))) return known;
			return firstRun(facts);
		},
		write(checkpoint) {
			mkdirSync(folder, { recursive: true });
			writeFileSync(`${path}.new`, JSON.stringify(checkpoint), { mode: 0o600 });
			renameSync(`${path}.new`, path);
		},
	};
}

/** @param salt makes a numbering that no hub has heard of */
export function firstRun(facts: FileFacts, salt = ''): Checkpoint {
	const text = JSON.stringify([facts.bytes, facts.changedMs, facts.head, salt]);
	return { epoch: createHash('sha256').update(text).digest('hex').slice(0, 32), seq: 0, place: undefined, facts };
}

function parse(text: string): Checkpoint | undefined {
	try {
		return JSON.parse(text) as Checkpoint;
	} catch {
		return undefined;
	}
}
