import type { z } from 'zod';
import { quote } from './stream.ts';
import { hintFor } from './suggest.ts';

/** For `safeParse`: texts that a schema brings stay, zod's own become empty, so that `issueWords` knows them apart. */
export const OWN_WORDS = { error: () => '' } as const;

export interface IssueValue {
	/** Nothing stands at the place of the issue. */
	readonly isMissing: boolean;
	/** What stands there, as it may be shown. */
	readonly shown: string;
}

/**
 * What is wrong and what would be right, for whoever wrote the value and knows nothing of schemas.
 *
 * @param issue of a schema parsed with `OWN_WORDS`
 */
export function issueWords(issue: z.core.$ZodIssue, { isMissing, shown }: IssueValue): string {
	if (issue.message !== '') return issue.message;
	switch (issue.code) {
		case 'invalid_type':
			return isMissing
				? `is missing; it must be ${article(issue.expected)}`
				: `must be ${article(issue.expected)}, not ${shown}`;
		case 'invalid_value': {
			const allowed = issue.values.map(String);
			if (isMissing) return `is missing; allowed: ${allowed.join(', ')}`;
			const known = allowed.length === 1 ? `only ${quote(allowed[0] ?? '')} is allowed` : undefined;
			return `${shown} is not allowed; ${known ?? hintFor(shown.replace(/^"|"$/g, ''), allowed)}`;
		}
		case 'too_small':
			return `${shown} is too small: ${bound(issue.origin, issue.minimum, issue.inclusive === false ? 'more than' : 'at least')}`;
		case 'too_big':
			return `${shown} is too large: ${bound(issue.origin, issue.maximum, issue.inclusive === false ? 'less than' : 'at most')}`;
		case 'not_multiple_of':
			return `${shown} must be a multiple of ${issue.divisor}`;
		case 'invalid_format':
			return `${shown} is no ${FORMATS[issue.format] ?? 'text of the form that is wanted here'}`;
		case 'invalid_key':
			return `${shown} has a name that is not allowed here`;
		default:
			return isMissing ? 'is missing' : `${shown} is not allowed here`;
	}
}

/** Of a union, the alternative that least is wrong with: most likely the one that was meant. */
export function nearestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
	const [first = [], ...others] = branches;
	return others.reduce((best, branch) => (branch.length < best.length ? branch : best), first);
}

const FORMATS: Readonly<Record<string, string>> = { url: 'address (scheme://host…)', email: 'e-mail address' };

function bound(origin: string, limit: number | bigint, words: string): string {
	if (origin === 'string') return `${words} ${limit} characters`;
	return origin === 'array' ? `${words} ${limit} entries` : `${words} ${limit}`;
}

function article(type: string): string {
	const name = { array: 'list', object: 'map', record: 'map', int: 'whole number', string: 'text' }[type] ?? type;
	return `a ${name}`;
}
