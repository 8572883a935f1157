import { Registry } from 'prom-client';
import { encodeRowsRecord } from '#contracts/rows.ts';
import { createSqliteJournal } from '#server/journal/sqlite/journal.ts';
import { silent } from '../embedded/testing.ts';
import type { EmbeddedStore } from '../embedded/spawn.ts';
import { storeOf } from './store.ts';
import { createStoreWriter } from '../writer.ts';

/**
 * For writer.kill.test.ts: a process with journal and writer that publishes as fast as it may until it is told to
 * finish, and says what was acknowledged.
 */
export interface SenderStart {
	readonly file: string;
	readonly server: Pick<EmbeddedStore, 'url' | 'username' | 'password'>;
	readonly rowsPerRecord: number;
}

async function send({ file, server, rowsPerRecord }: SenderStart): Promise<void> {
	const now = () => Date.now() * 1000;
	let isFinishing = false;
	process.once('message', () => (isFinishing = true));
	const journal = await createSqliteJournal({ file, log: silent, now, reserveBytes: 0 });
	const store = storeOf(server, now);
	const writer = createStoreWriter({ journal, store, partition: 0, log: silent, registry: new Registry(), now });
	writer.start();
	const source = { source: 'sender', epoch: 'e' };
	for (let seq = (await journal.highestOf('sender', 'e')) + 1; !isFinishing; seq += 1) {
		const rows = Array.from({ length: rowsPerRecord }, (_, i) => ({
			stream: 1 + (i % 4),
			tMicros: 1.7e15 + seq * 1000 + i,
			v: seq,
			quality: 192 as const,
		}));
		const bytes = encodeRowsRecord(rows, { receivedMicros: now(), historical: false });
		await journal.publish({ topic: 'points', partition: 0, id: { ...source, seq }, bytes });
		process.send?.({ acknowledged: seq });
	}
	const last = await journal.lastSeq('points', 0);
	while (writer.position() < last) await new Promise((resolve) => setTimeout(resolve, 10));
	// Killed between the journal's commit and its own word, an earlier sender left one more than it told of.
	process.send?.({ acknowledged: await journal.highestOf('sender', 'e'), done: true });
}

process.once('message', (start) => void send(start as SenderStart));
