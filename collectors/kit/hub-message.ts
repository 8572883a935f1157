import { z } from 'zod';
import type { ToCollector } from '#contracts/collect.ts';
import { InputError } from '#contracts/error.ts';

const seq = z.number().int().nonnegative();

/** Loose: a newer hub may say more than we know. */
const schema = z.union([
	z.object({ welcome: z.object({ streams: z.array(z.number()), resumeAfter: seq, maxBytes: z.number().positive() }) }),
	z.object({ ack: seq }),
	z.object({ retry: seq, afterMs: z.number().nonnegative() }),
	z.object({ refused: seq, error: z.string() }),
]);

/** @throws InputError for what no hub says: the other side is something else */
export function parseToCollector(text: string): ToCollector {
	const parsed = schema.safeParse(parseJson(text));
	if (!parsed.success) throw new InputError(`cannot read the hub's message ${JSON.stringify(text.slice(0, 80))}`);
	return parsed.data;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
