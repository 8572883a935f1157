import { backup, DatabaseSync } from 'node:sqlite';

/** The database as it was at one moment, however long it takes to copy it. */
export interface PinnedDatabase {
	copyTo(file: string): Promise<void>;
	release(): void;
}

/** A reader of its own beside the one that works: writers neither wait for it nor show in it. */
export function pinDatabase(file: string): PinnedDatabase {
	const db = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
	try {
		// The first read of a transaction decides what it sees.
		db.exec('BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1');
	} catch (error) {
		db.close();
		throw error;
	}
	return {
		async copyTo(copy) {
			await backup(db, copy);
			const made = new DatabaseSync(copy);
			made.exec('PRAGMA journal_mode = DELETE');
			made.close();
		},
		release: () => db.close(),
	};
}
