export const DECIMALS = ['language', 'point', 'comma'] as const;
export const HOURS = ['24', '12'] as const;
export const ZONES = ['local', 'utc'] as const;

/** How numbers and times are written on a page, besides its language. */
export interface Manner {
	/** `language`: a comma in German, a point in English. */
	readonly decimals: (typeof DECIMALS)[number];
	readonly hours: (typeof HOURS)[number];
	/** Whose clock times are of: the reader's own, or UTC. */
	readonly zone: (typeof ZONES)[number];
}

export const USUAL_MANNER: Manner = { decimals: 'language', hours: '24', zone: 'local' };

// Like the language of messages: every number on a page asks, and to hand it to each would hand it through everything.
let read = (): Manner => USUAL_MANNER;

/** The page's settings answer from now on; what is written in plain Node (reports, pictures) stays as usual. */
export function overwriteManner(next: () => Manner): void {
	read = next;
}

export function manner(): Manner {
	return read();
}
