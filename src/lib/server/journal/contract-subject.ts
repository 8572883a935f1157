import type { NowMicros } from '#contracts/time.ts';
import type { Journal } from './port.ts';

/** Opens the journal of a folder; the same folder holds the same journal again after a close or a crash. */
export type OpenJournal = (
	folder: string,
	options?: { readonly capBytes?: number; readonly now?: NowMicros },
) => Promise<Journal>;

export interface JournalUnderTest {
	readonly name: string;
	readonly open: OpenJournal;
	/** A module that exports the same `open`: the child process that gets killed loads it. */
	readonly openModule: URL;
}
