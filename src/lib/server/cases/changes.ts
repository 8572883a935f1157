import type { Verdict } from '#contracts/verdict.ts';
import type { Violation } from '#contracts/violation.ts';
import type { CaseChange } from './port.ts';

export interface Change {
	readonly change: CaseChange;
	readonly violation: Violation;
}

/**
 * What to tell of the violations that a batch of verdicts changed, each with its newest content: what opened first,
 * what ended last; an update only where neither happened.
 */
export function changesOf(verdicts: readonly Verdict[], violations: readonly Violation[]): readonly Change[] {
	const opened = idsOf(verdicts, 'violation.opened');
	const ended = idsOf(verdicts, 'violation.ended');
	return violations.flatMap((violation): Change[] => {
		const { id } = violation;
		const changes: CaseChange[] = [];
		if (opened.has(id)) changes.push('opened');
		if (ended.has(id)) changes.push('ended');
		if (changes.length === 0) changes.push('updated');
		return changes.map((change) => ({ change, violation }));
	});
}

function idsOf(verdicts: readonly Verdict[], type: 'violation.opened' | 'violation.ended'): ReadonlySet<string> {
	return new Set(verdicts.flatMap((verdict) => (verdict.type === type ? [verdict.episode.id] : [])));
}
