import { z } from 'zod';

/** Whether an answer is what it should be, in ways that need no judge. */
export const checkSchema = z.union(
	[
		z.strictObject({ exact: z.string().min(1) }),
		z.strictObject({ regex: z.string().min(1).superRefine(mustCompile) }),
		z.strictObject({ json: z.literal(true) }),
		z
			.strictObject({
				length: z.strictObject({ min: z.number().int().min(0).default(0), max: z.number().int().min(1).optional() }),
			})
			.refine(({ length }) => length.min <= (length.max ?? Infinity), 'min is above max'),
	],
	'a check is {exact: text}, {regex: pattern}, {json: true} or {length: {min: 1, max: 100}}',
);
export type Check = z.output<typeof checkSchema>;

export interface NamedCheck {
	/** The label `check` of its stream. */
	readonly name: string;
	passes(text: string): boolean;
}

/** Names are those of the kinds; the second of a kind is `regex-2`. */
export function namedChecks(checks: readonly Check[]): readonly NamedCheck[] {
	const kinds = checks.map((check) => Object.keys(check)[0] ?? '');
	return checks.map((check, i) => {
		const kind = kinds[i] ?? '';
		const earlier = kinds.slice(0, i).filter((one) => one === kind).length;
		return { name: earlier === 0 ? kind : `${kind}-${earlier + 1}`, passes: testOf(check) };
	});
}

function testOf(check: Check): (text: string) => boolean {
	if ('exact' in check) return (text) => text.trim() === check.exact.trim();
	if ('json' in check) return isJson;
	if ('length' in check) {
		const { min, max = Infinity } = check.length;
		return (text) => text.length >= min && text.length <= max;
	}
	const pattern = new RegExp(check.regex, 'u');
	return (text) => pattern.test(text);
}

/** A fence around it is how models like to write it; what is in it has to be JSON. */
function isJson(text: string): boolean {
	const inner = /^\s*```(?:json)?\s*\n([\s\S]*)\n```\s*$/.exec(text)?.[1] ?? text;
	try {
		JSON.parse(inner);
		return true;
	} catch {
		return false;
	}
}

function mustCompile(source: string, context: z.RefinementCtx): void {
	try {
		new RegExp(source, 'u');
	} catch (error) {
		context.addIssue({ code: 'custom', message: `is no regular expression: ${(error as Error).message}` });
	}
}
