import { zoneOf, type Segment } from '#lib/chart/segments.ts';
import { formatDeviation } from '#lib/format/number.ts';
import * as m from '#messages';

/** Where on the scale of its zones a value is: -3 and 3 are the limits, the borders between are whole numbers. */
const MOST = 3.7;

/** @returns undefined where limits have no zones to speak of */
export function zonePlace(v: number, { centre, sigma, lcl, ucl, zones }: Segment): number | undefined {
	if (!Number.isFinite(v) || !(sigma > 0)) return undefined;
	const [a = centre - 2 * sigma, b = centre - sigma, c = centre + sigma, d = centre + 2 * sigma] = zones ?? [];
	const borders = [
		Number.isFinite(lcl) ? lcl : centre - 3 * sigma,
		a,
		b,
		centre,
		c,
		d,
		Number.isFinite(ucl) ? ucl : centre + 3 * sigma,
	];
	let i = 0;
	while (i < borders.length - 2 && v > (borders[i + 1] ?? Infinity)) i++;
	const [from = 0, to = 1] = [borders[i], borders[i + 1]];
	// Limits of counts end at zero, which may be closer than a zone is wide.
	if (!(to > from)) return undefined;
	return Math.max(-MOST, Math.min(MOST, i - 3 + (v - from) / (to - from)));
}

/** @returns `+1.4 σ, zone B`; empty where nothing is known to compare with */
export function zoneWords(v: number, segment: Segment): string {
	const zone = zoneOf(v, segment);
	const words = [
		formatDeviation(v, segment.centre, segment.sigma),
		zone === undefined ? '' : zone === 'beyond' ? m.boards_beyond_the_limits() : m.chart_zone({ zone }),
	];
	return words.filter((word) => word !== '').join(', ');
}
