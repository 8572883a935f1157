import type { Sites } from '#contracts/rights.ts';

/** Who did something, as the audit keeps it. */
export interface Actor {
	readonly name: string;
	/** `person:7`, `key:3`; null where only a name is known. */
	readonly id: string | null;
	readonly address: string | null;
}

export interface NewAct {
	readonly by: Actor;
	/** `key.create`, `person.change`, `plan`, `acknowledged`, … */
	readonly act: string;
	/** `violation:<id>`, `stream:<id>`, `key:<id>`, `person:<id>`, `server`. */
	readonly subject: string;
	/** Null: about the whole server, or several sites. */
	readonly site: string | null;
	readonly detail?: string | null;
	readonly before?: unknown;
	readonly after?: unknown;
}

export interface Act extends Required<NewAct> {
	readonly id: number;
	readonly atMicros: number;
}

export interface ActFilter {
	/** What is of no one site is shown to who sees all. */
	readonly sites: Sites;
	readonly act?: string;
	readonly subject?: string;
	readonly actor?: string;
	readonly fromMicros?: number;
	readonly toMicros?: number;
	readonly beforeId?: number;
	readonly limit: number;
}

export interface ActRecords {
	add(act: NewAct): Promise<void>;
	/** The newest first. */
	list(filter: ActFilter): Promise<{ readonly items: readonly Act[]; readonly cursor: string | null }>;
	/** @returns the first row that does not follow from the one before; null when none was changed or taken out */
	verify(): Promise<{ readonly checked: number; readonly brokenAt: number | null }>;
}
