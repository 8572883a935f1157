/** What a screen on a wall tells of itself every few seconds: `POST /api/v1/screens/report`. */
export interface ScreenReport {
	/** Made up by the screen and kept there. */
	readonly screen: string;
	/** What it shows: `/wall/line-3?asset=press-1`. */
	readonly path: string;
	/** Of a playlist: which of its walls. */
	readonly page: string;
	/** Of the pages it runs. */
	readonly version: string;
	readonly width: number;
	readonly height: number;
	readonly upSeconds: number;
	/** Tiles whose values are of the present, and all of them. */
	readonly fresh: number;
	readonly tiles: number;
	readonly sound: 'off' | 'armed' | 'not-armed';
	/** The machine is kept from going to sleep. */
	readonly isAwake: boolean;
	/** How often the server was lost since it was opened, and faults of the page itself. */
	readonly lost: number;
	readonly faults: number;
	/** Where the browser tells it. */
	readonly heapMb: number | null;
	/** The order that was carried out last. */
	readonly done: string | null;
}

/** What somebody wants of a screen. */
export type ScreenOrder =
	{ readonly id: string; readonly path: string } | { readonly id: string; readonly reload: true };

/** Answer to a report. */
export interface ScreenAnswer {
	readonly order: ScreenOrder | null;
}

/** A row of `GET /api/v1/screens`. */
export interface ApiScreen {
	/** Null: let in, and nothing heard of it since the server was started. */
	readonly id: string | null;
	/** Of its key, or of who is signed in there. */
	readonly name: string;
	/** Null: it shows every site. */
	readonly sites: readonly string[] | null;
	readonly seenAt: string | null;
	/** An order that it has not carried out yet. */
	readonly ordered: string | null;
	readonly report: Omit<ScreenReport, 'screen' | 'done'> | null;
}
