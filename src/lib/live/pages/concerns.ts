import type { Severity } from '#contracts/violation.ts';
import type { Standing } from '#lib/format/freshness.ts';

/** A stream as it was just found. */
export interface Found<T> {
	readonly id: string;
	readonly stream: T;
	readonly standing: Standing;
	/** Of the worst violation that goes on. */
	readonly severity: Severity | undefined;
	/** This machine's clock when it began. */
	readonly sinceMs: number;
	/** Of its newest point. */
	readonly ageMs: number | undefined;
	/** A plan says that there should be points. */
	readonly isExpected: boolean;
}

/** Something that a crew has to know of now. */
export interface Concern<T> extends Found<T> {
	/** It is over since then; said for a while, so that what comes and goes does not make the list flicker. */
	readonly overMs: number | undefined;
	/** What its place hangs on: when it came, however often it has been over for a moment since. */
	readonly cameMs: number;
}

const LINGER_MS = 15_000;
/** What fell silent longer ago, and nobody expects, is history: a finished test, an import. */
const NEWS_MS = 24 * 3_600_000;

export function isConcern({ standing, ageMs, isExpected }: Found<unknown>): boolean {
	switch (standing) {
		case 'violating':
		case 'bad-quality':
		case 'stale':
			return true;
		case 'no-data':
			return isExpected || (ageMs !== undefined && ageMs < NEWS_MS);
		case 'learning':
		case 'not-judged':
		case 'in-control':
			return false;
	}
}

/**
 * The worst first, then the newest. Neither changes while a concern lasts, so an entry moves only when another one
 * comes or goes.
 *
 * @param before what this returned last
 * @param nowMs this machine's clock
 */
export function nextConcerns<T>(
	before: readonly Concern<T>[],
	found: readonly Found<T>[],
	nowMs: number,
): readonly Concern<T>[] {
	const known = new Map(before.map((concern) => [concern.id, concern]));
	const next: Concern<T>[] = [];
	for (const one of found) {
		const earlier = known.get(one.id);
		if (isConcern(one)) {
			const same = earlier?.standing === one.standing && earlier.severity === one.severity;
			next.push({ ...one, overMs: undefined, cameMs: same ? earlier.cameMs : one.sinceMs });
		} else if (earlier && nowMs - (earlier.overMs ?? nowMs) < LINGER_MS)
			next.push({ ...earlier, overMs: earlier.overMs ?? nowMs });
	}
	return next.sort((a, b) => rankOf(a) - rankOf(b) || b.cameMs - a.cameMs || (a.id < b.id ? -1 : 1));
}

function rankOf({ standing, severity }: Found<unknown>): number {
	if (standing === 'violating') return { critical: 0, warning: 1, info: 4 }[severity ?? 'warning'];
	return standing === 'stale' ? 3 : 2;
}

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];

export function worstOf(severities: readonly Severity[]): Severity | undefined {
	return SEVERITIES.find((severity) => severities.includes(severity));
}
