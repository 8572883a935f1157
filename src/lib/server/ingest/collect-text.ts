import type { z } from 'zod';
import { type FromCollector, fromCollector } from '#contracts/collect.ts';
import { InputError, messageOf } from '#contracts/error.ts';
import type { Principal } from '#contracts/principal.ts';

const SITE = /^[a-z0-9][a-z0-9._-]{0,60}$/i;

/** A message that is numbered and not what it should be: refused by its number, the connection goes on. */
export class NumberedInputError extends InputError {
	readonly seq: number;
	constructor(message: string, seq: number) {
		super(message);
		this.seq = seq;
	}
}

/** @throws InputError that names path and cause; NumberedInputError where the message can be refused by its seq */
export function parseText(text: string): FromCollector {
	const document = parseJson(text);
	if (typeof document !== 'object' || document === null) throw new InputError('a message must be a JSON object');
	// The message itself says which of the shapes it means to be: a union's error would name none of them.
	const shape = fromCollector.options.find((option) => Object.keys(option.shape).some((key) => key in document));
	if (shape === undefined) throw new InputError('a message has one of "hello", "declare" and "gap"');
	const result: z.ZodSafeParseResult<FromCollector> = shape.safeParse(document);
	if (result.success) return result.data;
	const [issue] = result.error.issues;
	const message = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`;
	const seq = (document as { seq?: unknown }).seq;
	if (typeof seq === 'number' && Number.isSafeInteger(seq) && seq > 0) throw new NumberedInputError(message, seq);
	throw new InputError(message);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		throw new InputError(`malformed JSON: ${messageOf(error)}`);
	}
}

/**
 * The site that a collector writes to: its key's, unless the key may write to any.
 *
 * @throws InputError when it asks for another
 */
export function siteFor(principal: Principal, asked: string | undefined): string {
	if (asked === undefined || asked === principal.writeSite) return principal.writeSite;
	if (principal.sites !== 'all') throw new InputError(`hello.site: this key writes to "${principal.writeSite}" only`);
	if (!SITE.test(asked)) throw new InputError('hello.site: a site is letters, digits, dots and dashes');
	return asked;
}
