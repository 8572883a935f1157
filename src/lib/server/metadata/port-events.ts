import type { EventChange, EventKind, NewEvent, SiteEvent } from '#contracts/event.ts';
import type { Sites } from '#contracts/rights.ts';
import type { Actor } from './port-acts.ts';

export interface EventFilter {
	/** Sites that the reader may see. */
	readonly sites: Sites;
	/** Takes what overlaps the range; what is not over goes on. */
	readonly fromMicros?: number;
	readonly toMicros?: number;
	readonly kind?: EventKind;
	/** What is about this stream or asset: named, or its asset, or the whole site. */
	readonly of?: { readonly asset: string; readonly key?: string };
	readonly limit: number;
	readonly cursor?: string;
}

export interface EventRecords {
	/** One that is there already (its id says so) stays as it is. Of lasting kinds the one before ends here. */
	add(event: NewEvent): Promise<SiteEvent>;
	get(id: string): Promise<SiteEvent | undefined>;
	/** The one that began last first. @throws InputError for a cursor that is none of ours */
	list(filter: EventFilter): Promise<{ readonly items: readonly SiteEvent[]; readonly cursor: string | null }>;
	/** @returns undefined when there is none */
	change(id: string, change: EventChange, by: Actor): Promise<SiteEvent | undefined>;
	remove(id: string, by: Actor): Promise<void>;
}
