/** How large a screen is and from how far away it is read. */
export interface Viewing {
	/** Diagonal of the screen. */
	readonly inches: number;
	readonly metres: number;
}

const MM_PER_INCH = 25.4;
/** NUREG-0700: labels of a control room are 16 minutes of arc high at the largest distance. */
const LEAST_ARC_MINUTES = 16;
/** How high capitals of IBM Plex Sans are, in its size. */
const CAPITAL_EM = 0.698;

/**
 * The size of type whose capitals are readable from there.
 *
 * @param screen in CSS pixels: the whole of it, not the window
 * @returns CSS pixels
 */
export function readablePx(
	{ inches, metres }: Viewing,
	screen: { readonly width: number; readonly height: number },
): number {
	const mmPerPx = (inches * MM_PER_INCH) / Math.hypot(screen.width, screen.height);
	const capitalMm = metres * 1000 * Math.tan((LEAST_ARC_MINUTES / 60 / 180) * Math.PI);
	return capitalMm / CAPITAL_EM / mmPerPx;
}

/** @returns what the address of this one screen says, in place of what the file says of all */
export function viewingOf(file: Viewing, parameters: URLSearchParams): Viewing {
	const read = (name: 'inches' | 'metres', least: number, most: number) => {
		const value = Number(parameters.get(name) ?? NaN);
		return value >= least && value <= most ? value : file[name];
	};
	return { inches: read('inches', 5, 500), metres: read('metres', 0.3, 100) };
}

/** The shorter side of the largest telephones, in CSS pixels; monitors begin far above. */
const HAND_PX = 500;

/** @returns whether a screen is held in a hand; its address may say that it is a small monitor seen from somewhere */
export function isHandheld(
	screen: { readonly width: number; readonly height: number },
	parameters: URLSearchParams,
): boolean {
	const isSaid = parameters.has('inches') || parameters.has('metres');
	return !isSaid && Math.min(screen.width, screen.height) < HAND_PX;
}

/** Where the picture stands in each minute, in parts of the most that it moves: nothing stands still for long. */
const SHIFTS: readonly (readonly [x: number, y: number])[] = [
	[0, 0],
	[1, 0],
	[1, 1],
	[0, 1],
	[-1, 1],
	[-1, 0],
	[-1, -1],
	[0, -1],
	[1, -1],
];

/** @param nowMs any clock; a new place each minute */
export function shiftAt(nowMs: number, mostPx: number): readonly [x: number, y: number] {
	const [x, y] = SHIFTS[Math.floor(nowMs / 60_000) % SHIFTS.length] ?? [0, 0];
	return [x * mostPx, y * mostPx];
}
