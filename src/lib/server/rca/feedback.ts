import type { CauseName } from '#contracts/cause.ts';
import type { Stream } from '#contracts/stream.ts';
import type { Violation } from '#contracts/violation.ts';
import type { CauseCount } from '../metadata/port-rca.ts';

/** What a click may do to a score at most: evidence must not be buried under clicks. */
const MOST = 0.2;
/** As if so many had said each already: the first click says little. */
const PRIOR = 2;

/** Violations that are alike enough to learn from each other. */
export function signatureOf({ rule, side }: Violation, { kind, key }: Stream): string {
	return `${kind} ${key.slice(key.lastIndexOf('/') + 1)} rule ${rule} ${side}`;
}

/** Factors on scores, 0.8 to 1.2: the share of those who said that it was right, smoothed (Beta of two and two). */
export function factorsOf(counts: readonly CauseCount[]): ReadonlyMap<CauseName, number> {
	return new Map(
		counts.map(({ cause, right, wrong }) => {
			const share = (right + PRIOR) / (right + wrong + 2 * PRIOR);
			return [cause, 1 + MOST * (2 * share - 1)];
		}),
	);
}
