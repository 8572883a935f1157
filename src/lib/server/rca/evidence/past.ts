import { isCause } from '#contracts/cause.ts';
import type { Finding } from '../finding.ts';
import type { PastViolation, Situation } from '../situation.ts';
import { percent } from './words.ts';

/** However often something was the cause, it is only a hint this time. */
const MOST_NATS = 1.2;
const LEAST_LIKENESS = 0.5;

/** What violations that looked alike were resolved with, and what is written about such. */
export function pastFindings(situation: Situation): Finding[] {
	return [...resolved(situation), ...passages(situation)];
}

function resolved({ past, violation }: Situation): Finding[] {
	const by = new Map<string, PastViolation[]>();
	for (const one of past)
		if (one.cause !== null && one.likeness >= LEAST_LIKENESS) by.set(one.cause, [...(by.get(one.cause) ?? []), one]);
	return [...by].map(([cause, alike]) => {
		const weight = alike.reduce((sum, { likeness }) => sum + likeness, 0);
		const nats = Math.min(MOST_NATS, 0.5 * weight);
		const [best] = alike.toSorted((a, b) => b.likeness - a.likeness);
		return {
			kind: 'similar' as const,
			value: alike.length,
			fromMicros: Math.min(...alike.map(({ firstMicros }) => firstMicros)),
			toMicros: Math.max(...alike.map(({ firstMicros }) => firstMicros)),
			query: `GET /api/v1/violations/${best?.id ?? ''}`,
			detail: `${alike.length} violation${alike.length === 1 ? ' that looked alike was' : 's that looked alike were'} resolved as ${cause} (up to ${percent(best?.likeness ?? 0)} alike).`,
			speaks: isCause(cause) && violation.rule !== 'no-data' ? { [cause]: nats } : {},
		};
	});
}

/** Words of documents name no cause here: who writes into a log must not steer what is found. */
function passages({ passages: found, violation }: Situation): Finding[] {
	return found.slice(0, 3).map(({ document, text, score }) => ({
		kind: 'passage' as const,
		value: score,
		fromMicros: violation.firstMicros,
		toMicros: violation.lastMicros,
		query: `GET /api/v1/search?q=${encodeURIComponent(document)}`,
		detail: `${document.slice(0, 80)}: ${text.slice(0, 200)}`,
		speaks: {},
	}));
}
