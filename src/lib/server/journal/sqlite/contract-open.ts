import { join } from 'node:path';
import { pino } from 'pino';
import type { OpenJournal } from '../contract-subject.ts';
import { createSqliteJournal } from './journal.ts';

/** The SQLite journal of a folder, for the contract suite and its child process. */
export const open: OpenJournal = (folder, options = {}) =>
	createSqliteJournal({
		file: join(folder, 'journal.db'),
		log: pino({ level: 'silent' }),
		now: () => Date.now() * 1000,
		reserveBytes: 0,
		...options,
	});
