import type { Violation } from '#contracts/violation.ts';
import type { ChangedViolation, ViolationChange, WantedChange } from '../metadata/port-violations.ts';

export type CaseChange = 'opened' | 'updated' | 'ended' | 'acknowledged' | 'resolved';

/** The reader of verdicts that keeps violations; tells listeners once a change is committed. */
export interface Cases {
	start(): Promise<void>;
	stop(): Promise<void>;
	/** Journal position of the last verdict record applied. */
	position(): number;
	onChange(listener: (change: CaseChange, violation: Violation) => void): () => void;
	/** What somebody does about it; one after the other. @returns undefined when there is none */
	change(id: string, change: ViolationChange): Promise<Violation | undefined>;
	/** All of these, some dozens in a transaction. @returns those that exist and were as they had to be */
	changeAll(changes: readonly WantedChange[]): Promise<readonly ChangedViolation[]>;
	acknowledge(id: string, by: string): Promise<Violation | undefined>;
	resolve(id: string, by: string): Promise<Violation | undefined>;
}
