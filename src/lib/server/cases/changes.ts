import type { Violation } from '#contracts/violation.ts';
import type { Applied } from './apply.ts';
import type { CaseChange } from './port.ts';

export interface Change {
	readonly change: CaseChange;
	readonly violation: Violation;
}

/**
 * What to tell of the violations that a batch of records changed, each with its newest content: what opened first,
 * what ended last; an update only where neither happened.
 */
export function changesOf({ violations, hasOpened, hasEnded }: Applied): readonly Change[] {
	return violations.flatMap((violation): Change[] => {
		const { id } = violation;
		const changes: CaseChange[] = [];
		if (hasOpened(id)) changes.push('opened');
		if (hasEnded(id)) changes.push('ended');
		if (changes.length === 0) changes.push('updated');
		return changes.map((change) => ({ change, violation }));
	});
}
