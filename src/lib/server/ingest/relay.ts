import type { Journal } from '#server/journal/port.ts';
import type { Metadata } from '#server/metadata/port.ts';

const ROWS_PER_ROUND = 500;

/**
 * Moves the outbox into the journal, oldest first, until it is empty. A crash between publishing and `done` repeats the
 * rows; their ids make that harmless.
 *
 * @throws JournalFullError
 */
export async function relayOutbox(parts: {
	readonly outbox: Metadata['outbox'];
	readonly journal: Journal;
	readonly partition: number;
}): Promise<void> {
	const { outbox, journal, partition } = parts;
	for (;;) {
		const rows = await outbox.pending(ROWS_PER_ROUND);
		if (rows.length === 0) return;
		await journal.publishAll(
			rows.map((row) => ({
				topic: 'commands' as const,
				partition,
				id: { key: row.key },
				bytes: row.bytes,
			})),
		);
		await outbox.done(rows.map((row) => row.id));
	}
}
