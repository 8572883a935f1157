import { z } from 'zod';
import { InputError } from './error.ts';
import { EVENT_KINDS, type EventKind, type NewEvent } from './event.ts';
import { timeFault } from './time.ts';

/** Kinds that a tag of a controller can tell: what is in force now, and what it was set to. */
export const TAG_KINDS = [
	'lot',
	'part',
	'tool',
	'shift',
	'mode',
	'recipe',
	'material',
	'operator',
	'setpoint',
	'note',
] as const satisfies readonly EventKind[];

/** What a collector has seen happen: the site is that of its connection. */
export interface SeenEvent {
	readonly kind: (typeof TAG_KINDS)[number];
	readonly tMicros: number;
	readonly title: string;
	readonly asset: string;
	readonly attributes: Readonly<Record<string, string | number>>;
}

/** What nobody sees has no business in a line that a screen shows. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const line = (most: number) =>
	z
		.string()
		.trim()
		.min(1)
		.max(most)
		.refine((text) => !INVISIBLE.test(text), 'has a character that nobody sees');

const schema = z.strictObject({
	kind: z.enum(EVENT_KINDS).pipe(z.enum(TAG_KINDS)),
	tMicros: z.number().int(),
	title: line(200),
	asset: line(200),
	attributes: z.record(line(100), z.union([z.string().max(1000), z.number()])).default({}),
});

/** @throws InputError for a document that is none */
export function readSeenEvent(
	document: unknown,
	{ site, nowMicros }: { readonly site: string; readonly nowMicros: number },
): NewEvent {
	const read = schema.safeParse(document);
	if (!read.success) {
		const [issue] = read.error.issues;
		throw new InputError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is no event'}`);
	}
	const { kind, tMicros, title, asset, attributes } = read.data;
	const late = timeFault(tMicros, nowMicros);
	if (late !== undefined) throw new InputError(`tMicros: ${late}`);
	return { site, kind, fromMicros: tMicros, toMicros: null, title, asset, streams: [], attributes };
}

/** A journal record of topic `events`: for who wants to know in which order they came; they are kept in metadata. */
export function encodeSeenEvents(record: {
	readonly receivedMicros: number;
	readonly events: readonly NewEvent[];
}): Uint8Array {
	return new TextEncoder().encode(JSON.stringify({ version: 1, ...record }));
}
