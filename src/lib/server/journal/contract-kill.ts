import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { JournalUnderTest } from './contract-subject.ts';
import { readSome, textOf, toBytes } from './contract-reading.ts';
import type { Journal } from './port.ts';

const ROUNDS = 3;
const ACKS_PER_ROUND = 2000;

/** Starts a publisher, waits until so many were acknowledged, kills it with SIGKILL. @returns the highest acknowledged number */
async function killUnderLoad(subject: JournalUnderTest, folder: string): Promise<number> {
	const script = fileURLToPath(new URL('./contract-child.ts', import.meta.url));
	const child = spawn(process.execPath, [script, subject.openModule.href, folder], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const exited = once(child, 'exit');
	let highest = 0;
	let acks = 0;
	for await (const line of createInterface({ input: child.stdout })) {
		highest = Math.max(highest, Number(line));
		acks += 1;
		if (acks === ACKS_PER_ROUND) child.kill('SIGKILL');
	}
	expect(await exited).toEqual([null, 'SIGKILL']);
	return highest;
}

/** Sends again around the end, as a collector does that knows less than the journal. @returns all numbers kept, in order */
async function numbersAfterResend(journal: Journal, acknowledged: number): Promise<number[]> {
	const highest = await journal.highestOf('child', 'e');
	expect(highest).toBeGreaterThanOrEqual(acknowledged);
	for (let seq = highest - 50; seq <= highest; seq += 1) {
		const id = { source: 'child', epoch: 'e', seq };
		const again = await journal.publish({ topic: 'points', partition: 0, bytes: toBytes(String(seq)), id });
		expect(again.duplicate).toBe(true);
	}
	const range = { topics: ['points'] as const, partition: 0, fromSeq: 1, count: highest };
	return (await readSome(journal, range)).map((record) => Number(textOf(record).trim()));
}

export function killContract(subject: JournalUnderTest): void {
	it('kill -9 under load loses nothing acknowledged, and a resend doubles nothing', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'journal-'));
		for (let round = 0; round < ROUNDS; round += 1) {
			const acknowledged = await killUnderLoad(subject, folder);
			const journal = await subject.open(folder);
			const numbers = await numbersAfterResend(journal, acknowledged);
			expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => i + 1));
			expect(await journal.lastSeq('points', 0)).toBe(numbers.length);
			await journal.close();
		}
		await rm(folder, { recursive: true });
	});
}
