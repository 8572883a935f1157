import type { Freshness, Standing } from '#lib/format/freshness.ts';

/** How several streams stand together: the most urgent of them is how their asset stands. */
const URGENCY: readonly Standing[] = [
	'violating',
	'no-data',
	'bad-quality',
	'stale',
	'learning',
	'not-judged',
	'in-control',
];

/** @returns how an asset stands; without a stream there is no data */
export function worstStanding(standings: readonly Standing[]): Standing {
	return URGENCY.find((one) => standings.includes(one)) ?? 'no-data';
}

/** @returns of the freshest: an asset is there as long as one of its streams is */
export function bestFreshness(all: readonly Freshness[]): Freshness {
	return (['live', 'stale', 'dead', 'none'] as const).find((one) => all.includes(one)) ?? 'none';
}
