import { z } from 'zod';
import { TAG_KINDS, type SeenEvent } from '#contracts/seen-event.ts';
import { defaultAsset } from '#contracts/stream.ts';

const MAX_VALUE_CHARS = 120;

/** Option of an entry whose value is no measurement but says what is in force: a lot, a tool, a shift. */
export const eventOption = z
	.union([
		z.enum(TAG_KINDS),
		z.strictObject({
			kind: z.enum(TAG_KINDS),
			title: z.string().min(1).max(200).default('{value}'),
			values: z.record(z.string().max(MAX_VALUE_CHARS), z.string().min(1).max(MAX_VALUE_CHARS)).default({}),
		}),
	])
	.describe(
		"It is no stream: each change of the value begins an event of this kind about the asset of `stream`, and ends the one before. `{ kind: mode, title: 'Mode {value}', values: { 1: automatic, 2: manual } }` words it.",
	);
export type EventOption = z.output<typeof eventOption>;

/** A tag whose changes are events. */
export interface TagEvent {
	/** When it last changed; undefined as long as nothing was ever read. */
	lastMicros(): number | undefined;
	/** What was read; an empty text, or a number that is none, says nothing. */
	take(tMicros: number, value: string | number): void;
}

export interface TagEvents {
	open(declaration: { readonly key: string; readonly event: EventOption }): TagEvent;
	waiting(): number;
	/** What has gathered, and which values are in force now; both for one emission. */
	drain(): { readonly events: readonly SeenEvent[]; readonly notes: ReadonlyMap<string, Uint8Array> };
}

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/**
 * The value that is in force is kept with the event that it began, in one transaction: a collector that is started again knows
 * whether a lot is still the same, and an event is told once.
 *
 * @param known notes of an earlier run
 */
export function createTagEvents(known: ReadonlyMap<string, Uint8Array>): TagEvents {
	let events: SeenEvent[] = [];
	let notes = new Map<string, Uint8Array>();

	return {
		open({ key, event }) {
			const { kind, title, values } = typeof event === 'string' ? { kind: event, title: '{value}', values: {} } : event;
			const worded = (value: string) => (Object.hasOwn(values, value) ? (values[value] ?? value) : value);
			const name = `event ${kind} ${key}`;
			const kept = known.get(name);
			let now = kept && parse(kept);
			return {
				lastMicros: () => now?.tMicros,
				take(tMicros, found) {
					const raw = textOf(found);
					const value = worded(raw);
					// Two numbers of one word are the same.
					if (raw === '' || (now && value === worded(now.value)) || tMicros <= (now?.tMicros ?? -Infinity)) return;
					now = { tMicros, value: raw };
					notes.set(name, new TextEncoder().encode(JSON.stringify(now)));
					const attributes = { tag: key, value, ...(raw === value ? {} : { raw }) };
					const text = title.replaceAll('{value}', value).slice(0, 200);
					events.push({ kind, tMicros, title: text, asset: defaultAsset(key), attributes });
				},
			};
		},
		waiting: () => events.length,
		drain() {
			const drained = { events, notes };
			[events, notes] = [[], new Map()];
			return drained;
		},
	};
}

function textOf(found: string | number): string {
	if (typeof found === 'number') return Number.isFinite(found) ? String(found) : '';
	return found.replaceAll(INVISIBLE, ' ').trim().slice(0, MAX_VALUE_CHARS);
}

const schema = z.object({ tMicros: z.number(), value: z.string() });

function parse(bytes: Uint8Array): z.output<typeof schema> | undefined {
	try {
		return schema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
	} catch {
		return undefined;
	}
}
