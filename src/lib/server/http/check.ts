import type { z } from '@hono/zod-openapi';
import type { InputFault } from '#contracts/error.ts';
import { Problem } from './problem.ts';

type Issue = z.core.$ZodIssue;

/**
 * Checks one input of a request.
 *
 * @param root where the input stands: `$` for a body, `query`, `path`
 * @throws Problem 400 with every fault and its path
 */
export function check<S extends z.ZodType>(schema: S, value: unknown, root: string): z.output<S> {
	const result = schema.safeParse(value);
	if (result.success) return result.data;
	const faults = result.error.issues.flatMap((issue) => faultsOf(issue, root)).slice(0, 100);
	const first = faults[0];
	throw new Problem(400, first ? `${first.path}: ${first.message}` : 'The input is not what it should be.', { faults });
}

/** @throws Problem 400: which of two values counts is a guess, and guesses about filters show what nobody asked for */
export function onlyOnce(query: URLSearchParams): Record<string, string> {
	const twice = [...query.keys()].find((name) => query.getAll(name).length > 1);
	if (twice !== undefined) {
		const fault = { path: `query.${twice}`, message: 'is given more than once' };
		throw new Problem(400, `${fault.path}: ${fault.message}`, { faults: [fault] });
	}
	return Object.fromEntries(query);
}

function faultsOf(issue: Issue, root: string): InputFault[] {
	const at = issue.path.reduce<string>(step, root);
	if (issue.code === 'unrecognized_keys')
		return issue.keys.map((key) => ({ path: step(at, key), message: 'is not known here' }));
	if (issue.code === 'invalid_union') {
		// Of several readings the one that came furthest is the one that was meant.
		const [closest] = [...issue.errors].sort((a, b) => depth(b) - depth(a));
		if (closest && closest.length > 0) return closest.flatMap((inner) => faultsOf(inner, at));
	}
	return [{ path: at, message: issue.message }];
}

function step(path: string, key: PropertyKey): string {
	if (typeof key === 'number') return `${path}[${key}]`;
	return /^[\p{L}_][\p{L}\d_-]*$/u.test(String(key))
		? `${path}.${String(key)}`
		: `${path}[${JSON.stringify(String(key))}]`;
}

function depth(issues: readonly Issue[]): number {
	return Math.max(0, ...issues.map((issue) => issue.path.length));
}
