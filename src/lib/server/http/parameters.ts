import { z } from '@hono/zod-openapi';
import { parseTime } from '#contracts/time.ts';
import { quote } from '#contracts/stream.ts';
import { notFound } from './problem.ts';

/** A time in a query: RFC 3339 or integer microseconds. */
export const timeParameter = z
	.string()
	.transform((text, context) => {
		const micros = parseTime(text);
		if (micros !== undefined) return micros;
		context.addIssue({
			code: 'custom',
			message: `${quote(text)} is no time: write RFC 3339 (2026-01-31T12:00:00Z) or integer microseconds`,
		});
		return z.NEVER;
	})
	.openapi({
		type: 'string',
		description: 'RFC 3339, or integer microseconds since 1970',
		example: '2026-01-31T12:00:00Z',
	});

export function countParameter(max: number) {
	return z
		.string()
		.regex(/^\d{1,9}$/, 'must be a positive integer')
		.transform(Number)
		.pipe(z.number().int().min(1).max(max))
		.openapi({ type: 'integer', description: `1 to ${max}` });
}

export const flagParameter = z.enum(['true', 'false']).transform((text) => text === 'true');

export const pageParameters = {
	limit: countParameter(1000).default(100),
	cursor: z.string().max(200).optional().openapi({ description: 'From the page before' }),
};

export const idParameter = z.object({ id: z.string().openapi({ description: 'Opaque' }) });

/** @throws Problem 404: an id is opaque, so one that we never gave is one that does not exist */
export function streamIdOf(text: string): number {
	if (!/^[1-9]\d{0,9}$/.test(text)) throw notFound('stream');
	return Number(text);
}

/** A time in a document. */
export const timeField = z.union([z.string(), z.number().int()]).transform((value, context) => {
	const micros = typeof value === 'number' ? value : parseTime(value);
	if (micros !== undefined) return micros;
	context.addIssue({
		code: 'custom',
		message: 'is no time: write RFC 3339 (2026-01-31T12:00:00Z) or integer microseconds',
	});
	return z.NEVER;
});
