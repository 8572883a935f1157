import type { z } from 'zod';
import { quote } from '#contracts/stream.ts';
import { type Path, type Positions, spellPath } from './positions.ts';
import { hintFor } from './suggest.ts';

/** One line of a configuration fault: `3:7` and `streams[0].plan.rules: …`. */
export interface ConfigFault {
	readonly position: string;
	readonly path: string;
	readonly message: string;
}

export interface IssueContext {
	readonly positions: Positions;
	/** The value as it stands in the file: never what a variable put there, which may be a secret. */
	readonly shown: (path: Path) => string;
	/** The text with values of variables put back to what the file says. */
	readonly clean: (message: string) => string;
	/** Keys that the schema knows at a path. */
	readonly keysAt: (path: Path) => readonly string[];
}

/** What zod found, in our words and with its place in the file. */
export function faultsOfIssue(issue: z.core.$ZodIssue, context: IssueContext, root: Path = []): ConfigFault[] {
	const path = [...root, ...issue.path];
	const { positions } = context;
	if (issue.code === 'unrecognized_keys')
		return issue.keys.map((key) => unknownKey(path, key, context.keysAt(path), positions));
	if (issue.code === 'invalid_union') {
		const nearest = nearestBranch(issue.errors);
		if (nearest.length > 0) return nearest.flatMap((inner) => faultsOfIssue(inner, context, path));
	}
	return [{ position: positions.of(path), path: spellPath(path), message: wordsFor(issue, path, context) }];
}

export function unknownKey(path: Path, key: string, known: readonly string[], positions: Positions): ConfigFault {
	return {
		position: positions.ofKey(path, key),
		path: spellPath([...path, key]),
		message: `unknown key; ${hintFor(key, known)}`,
	};
}

/** Of a union, the alternative that least is wrong with: most likely the one that was meant. */
function nearestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
	const [first = [], ...others] = branches;
	return others.reduce((best, branch) => (branch.length < best.length ? branch : best), first);
}

function wordsFor(issue: z.core.$ZodIssue, path: Path, { shown, clean, positions }: IssueContext): string {
	const isMissing = positions.node(path) === undefined;
	switch (issue.code) {
		case 'invalid_type':
			return isMissing
				? `is missing; it must be ${article(issue.expected)}`
				: `must be ${article(issue.expected)}, not ${shown(path)}`;
		case 'invalid_value': {
			const allowed = issue.values.map(String);
			const known = allowed.length === 1 ? `only ${quote(allowed[0] ?? '')} is allowed` : undefined;
			return `${shown(path)} is not allowed; ${known ?? hintFor(shown(path).replace(/^"|"$/g, ''), allowed)}`;
		}
		case 'too_small':
			return `${shown(path)} is too small: ${bound(issue.origin, issue.minimum, issue.inclusive === false ? 'more than' : 'at least')}`;
		case 'too_big':
			return `${shown(path)} is too large: ${bound(issue.origin, issue.maximum, issue.inclusive === false ? 'less than' : 'at most')}`;
		default:
			return clean(issue.message);
	}
}

function bound(origin: string, limit: number | bigint, words: string): string {
	if (origin === 'string') return `${words} ${limit} characters`;
	return origin === 'array' ? `${words} ${limit} entries` : `${words} ${limit}`;
}

function article(type: string): string {
	const name = { array: 'list', object: 'map', record: 'map', int: 'whole number', string: 'text' }[type] ?? type;
	return `a ${name}`;
}
