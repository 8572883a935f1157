import type { z } from 'zod';
import { issueWords, nearestBranch } from '#contracts/issue-words.ts';
import { type Path, type Positions, spellPath } from './positions.ts';
import { hintFor } from '#contracts/suggest.ts';

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
	if (issue.code === 'invalid_union' && issue.message === '') {
		const nearest = nearestBranch(issue.errors);
		if (nearest.length > 0) return nearest.flatMap((inner) => faultsOfIssue(inner, context, path));
	}
	const words = issueWords(issue, { isMissing: positions.node(path) === undefined, shown: context.shown(path) });
	return [{ position: positions.of(path), path: spellPath(path), message: context.clean(words) }];
}

export function unknownKey(path: Path, key: string, known: readonly string[], positions: Positions): ConfigFault {
	return {
		position: positions.ofKey(path, key),
		path: spellPath([...path, key]),
		message: `unknown key; ${hintFor(key, known)}`,
	};
}
