import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeCommand, type Command } from '#contracts/command.ts';
import { planSchema, type PlanInput } from '#contracts/plan.ts';
import { encodeRowsRecord, type Row } from '#contracts/rows.ts';
import { parseVerdicts, type Verdict } from '#contracts/verdict.ts';
import type { Journal } from '#server/journal/port.ts';
import { createSqliteJournal } from '#server/journal/sqlite/journal.ts';
import { createEngine } from './engine.ts';

const SECOND = 1_000_000;
const log = pino({ level: 'silent' });
let folder: string;
let journal: Journal;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'engine-'));
	journal = await createSqliteJournal({ file: join(folder, 'journal.db'), log, now: () => Date.now() * 1000 });
});
afterEach(async () => {
	await journal.close();
	await rm(folder, { recursive: true });
});

const publish = (command: Command) =>
	journal.publish({ topic: 'commands', partition: 0, bytes: encodeCommand(command) });
const publishRows = (rows: readonly Row[]) =>
	journal.publish({
		topic: 'points',
		partition: 0,
		bytes: encodeRowsRecord(rows, { receivedMicros: 0, historical: false }),
	});
const declare = (id: number, plan: PlanInput) =>
	publish({
		type: 'stream',
		stream: { id, site: 'a', key: `k/${id}`, labels: {}, asset: 'k', kind: 'machine', unit: '' },
		plan: planSchema.parse(plan),
		planRevision: 1,
	});
const rowsOf = (values: readonly number[]): Row[] =>
	values.map((v, i) => ({ stream: 1, tMicros: i * SECOND, v, quality: 192 }));

async function verdictsOf(): Promise<Verdict[]> {
	const found: Verdict[] = [];
	const last = await journal.lastSeq('verdicts', 0);
	if (last === 0) return found;
	const range = { topics: ['verdicts'], partition: 0, fromSeq: 1, signal: new AbortController().signal } as const;
	for await (const records of journal.read(range)) {
		for (const { bytes } of records) found.push(...parseVerdicts(bytes).verdicts);
		if (records.at(-1)!.seq >= last) break;
	}
	return found;
}

describe('an engine on a journal', () => {
	it('finds one point beyond zone A, with ten points of context on each side', async () => {
		await declare(1, { baseline: { centre: 0, sigma: 1 }, rules: [1] });
		await publishRows(rowsOf([...Array(10).fill(0), 4, ...Array(10).fill(0)]));
		const engine = createEngine({ journal, partition: 0, log, registry: new Registry() });
		await engine.start();
		await engine.caughtUp();
		const verdicts = await verdictsOf();
		const ended = verdicts.filter((verdict) => verdict.type === 'violation.updated');
		expect(ended).toMatchObject([
			{ episode: { chart: 'i', rule: 1, side: 'above', points: 1, context: { complete: true } } },
		]);
		await engine.stop();
	});
});
