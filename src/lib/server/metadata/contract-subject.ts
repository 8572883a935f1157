import type { Metadata } from './port.ts';

/** What the parts of the suite work on: a fresh one for each test. */
export interface Subject {
	metadata(): Metadata;
	reopen(): Promise<void>;
}
