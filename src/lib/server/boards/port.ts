import type { ApiBoard, ApiBoardFile, ApiBoardInfo } from '#contracts/board.ts';
import type { Sites } from '#contracts/rights.ts';
import type { ScreenOrder, ScreenReport } from '#contracts/screen.ts';

/** Walls and dashboards: those of files, and the ones that come with the product. */
export interface Boards {
	/** Those that may be shown to who sees these sites, by name. */
	list(sites: Sites): readonly ApiBoardInfo[];
	/** @returns undefined when there is none of this name for who sees these sites */
	get(name: string, sites: Sites): ApiBoard | undefined;
	/** Every file with what is wrong with it: about the whole server. */
	files(): readonly ApiBoardFile[];
	/** Where they are looked for. */
	readonly folder: string;
}

export interface Screen {
	readonly id: string;
	/** Of whoever it is let in as: `key:3`. */
	readonly by: string;
	readonly name: string;
	readonly sites: Sites;
	readonly seenMicros: number;
	readonly report: ScreenReport;
	/** What it has not carried out yet. */
	readonly order: ScreenOrder | undefined;
}

/** Screens on walls: what they say of themselves, and what somebody wants of them. */
export interface Screens {
	/** @returns what the screen is to do */
	take(
		who: { readonly by: string; readonly name: string; readonly sites: Sites },
		report: ScreenReport,
	): ScreenOrder | null;
	/** Those that show one of these sites. */
	list(sites: Sites): readonly Screen[];
	/** @returns false when there is no such screen for who manages these sites */
	order(id: string, sites: Sites, what: { readonly path: string } | { readonly reload: true }): boolean;
}
