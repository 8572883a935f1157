import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { parseVerdicts, type Verdict } from '#contracts/verdict.ts';
import type { Journal, Topic } from '#server/journal/port.ts';
import { createSqliteJournal } from '#server/journal/sqlite/journal.ts';
import { createEngine, type Engine, type EngineParts } from '../engine.ts';
import type { Input } from './records.ts';

export const log = pino({ level: 'silent' });

/** A journal in a folder of its own. */
export interface JournalBed {
	readonly journal: Journal;
	readonly folder: string;
	/** The same file again, as after a restart of the process. */
	reopen(): Promise<Journal>;
	close(): Promise<void>;
}

export async function createJournalBed(more: { readonly capBytes?: number } = {}): Promise<JournalBed> {
	const folder = await mkdtemp(join(tmpdir(), 'sigmascope-engine-'));
	const open = () => createSqliteJournal({ file: join(folder, 'journal.db'), log, now: () => 1e15, ...more });
	let journal = await open();
	return {
		folder,
		get journal() {
			return journal;
		},
		async reopen() {
			await journal.close();
			journal = await open();
			return journal;
		},
		async close() {
			await journal.close();
			await rm(folder, { recursive: true });
		},
	};
}

export function engineOn(journal: Journal, more: Partial<EngineParts> = {}): Engine {
	return createEngine({ journal, partition: 0, log, registry: new Registry(), ...more });
}

export async function publish(journal: Journal, inputs: readonly Input[]): Promise<void> {
	if (inputs.length > 0) await journal.publishAll(inputs.map((input) => ({ ...input, partition: 0 })));
}

/** The bytes of all records of a topic, as Latin-1, oldest first. */
export async function recordsOf(journal: Journal, topic: Topic): Promise<readonly string[]> {
	const found: string[] = [];
	const last = await journal.lastSeq(topic, 0);
	const stop = new AbortController();
	if (last === 0) return found;
	for await (const records of journal.read({ topics: [topic], partition: 0, fromSeq: 1, signal: stop.signal })) {
		found.push(...records.map(({ bytes }) => Buffer.from(bytes).toString('latin1')));
		if (records.at(-1)!.seq >= last) stop.abort();
	}
	return found;
}

export async function verdictsOf(journal: Journal): Promise<readonly Verdict[]> {
	const records = await recordsOf(journal, 'verdicts');
	return records.flatMap((text) => parseVerdicts(Buffer.from(text, 'latin1')).verdicts);
}
