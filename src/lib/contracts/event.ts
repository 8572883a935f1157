/** What happened beside the measurements: it explains a shift, it is never judged. */
export const EVENT_KINDS = [
	'deploy',
	'model-version',
	'setpoint',
	'recipe',
	'tool',
	'material',
	'lot',
	'part',
	'operator',
	'mode',
	'shift',
	'maintenance',
	'collector',
	'note',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Of these one is in force until the next of its kind on the same target; of the others one without an end is a moment. */
const LASTING: ReadonlySet<EventKind> = new Set([
	'recipe',
	'tool',
	'material',
	'lot',
	'part',
	'operator',
	'mode',
	'shift',
]);

export function isLasting(kind: EventKind): boolean {
	return LASTING.has(kind);
}

export type EventAttributes = Readonly<Record<string, string | number | boolean | null>>;

export interface NewEvent {
	readonly site: string;
	readonly kind: EventKind;
	readonly fromMicros: number;
	/** Null: a moment, or not over yet. */
	readonly toMicros: number | null;
	readonly title: string;
	/** Null: the whole site, or `streams`. */
	readonly asset: string | null;
	/** Keys of streams, whatever their labels; with some, `asset` is null. */
	readonly streams: readonly string[];
	readonly attributes: EventAttributes;
}

export interface SiteEvent extends NewEvent {
	/** The same for the same kind, start, title and target on a site: telling it twice changes nothing. */
	readonly id: string;
}

/** What may be mended later; who and what it is about may not. */
export type EventChange = Partial<Pick<SiteEvent, 'toMicros' | 'title' | 'attributes'>>;
