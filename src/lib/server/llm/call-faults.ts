import type { z } from 'zod';
import type { InputFault } from '#contracts/error.ts';
import { callInputSchema } from '#contracts/llm-call.ts';
import { quote } from '#contracts/stream.ts';
import { nearest } from '#contracts/suggest.ts';

const FIELDS = Object.keys(callInputSchema.shape);

/** What is wrong with a call, with the path of each fault from the call on. */
export function faultsOfCall(issues: readonly z.core.$ZodIssue[], item: unknown): InputFault[] {
	return issues.flatMap((issue): InputFault[] => {
		if (issue.code === 'unrecognized_keys') return issue.keys.map(unknown);
		const [field] = issue.path;
		if (field === undefined) return [{ path: '', message: `is ${shown(item)}, not a call` }];
		const value = (item as Readonly<Record<string, unknown>>)[String(field)];
		const path = `.${String(field)}`;
		if (value === undefined) return [{ path, message: issue.code === 'custom' ? issue.message : 'is missing' }];
		return [{ path, message: `${shown(value)} ${issue.code === 'custom' ? issue.message : wordsOf(issue)}` }];
	});
}

function unknown(key: string): InputFault {
	const meant = nearest(key, FIELDS);
	const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
	return { path: `.${key.slice(0, 60)}`, message: `is not known here${hint}` };
}

function wordsOf(issue: z.core.$ZodIssue): string {
	switch (issue.code) {
		case 'too_small':
			return `is too small: at least ${String(issue.minimum)}`;
		case 'too_big':
			return `is too large: at most ${String(issue.maximum)}`;
		case 'invalid_value':
			return `is none of ${issue.values.map(String).join(', ')}`;
		case 'invalid_type':
			return `is no ${issue.expected === 'int' ? 'whole number' : issue.expected}`;
		default:
			return issue.message;
	}
}

function shown(value: unknown): string {
	if (typeof value === 'string') return quote(value);
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'an array';
	return typeof value === 'object' ? 'an object' : String(value);
}
