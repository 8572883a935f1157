import type { Stream } from '#contracts/stream.ts';
import type { Violation } from '#contracts/violation.ts';
import type { PastViolation } from '../situation.ts';

/** Below this it is another story. */
const LEAST_LIKENESS = 0.45;
const MOST = 8;

interface Known {
	readonly violation: Violation;
	readonly stream: Stream;
}

/** The nearest of the past by what it was on, which rule on which side, how far and how long. */
export function similarPast(now: Known, past: readonly Known[]): readonly PastViolation[] {
	return past
		.filter(({ violation, stream }) => violation.id !== now.violation.id && stream.kind === now.stream.kind)
		.map((one) => ({
			id: one.violation.id,
			firstMicros: one.violation.firstMicros,
			cause: one.violation.cause,
			likeness: likeness(now, one),
		}))
		.filter((one) => one.likeness >= LEAST_LIKENESS)
		.toSorted((a, b) => b.likeness - a.likeness || b.firstMicros - a.firstMicros)
		.slice(0, MOST);
}

/** 0 to 1; a weighted sum of what is alike. */
function likeness(a: Known, b: Known): number {
	const on = a.stream.id === b.stream.id ? 0.4 : where(a.stream, b.stream);
	const rule =
		a.violation.rule === b.violation.rule ? 0.2 : ruleFamily(a.violation) === ruleFamily(b.violation) ? 0.12 : 0;
	const side = a.violation.side === b.violation.side ? 0.1 : 0;
	const chart = a.violation.chart === b.violation.chart ? 0.05 : 0;
	return (
		on +
		rule +
		side +
		chart +
		0.15 * near(sizeOf(a.violation), sizeOf(b.violation)) +
		0.1 * near(lengthOf(a.violation), lengthOf(b.violation))
	);
}

function where(a: Stream, b: Stream): number {
	const lastOf = (key: string) => key.slice(key.lastIndexOf('/') + 1);
	return (lastOf(a.key) === lastOf(b.key) ? 0.2 : 0) + (a.asset === b.asset ? 0.1 : 0);
}

/** What a level that moved shows in, what a spread that changed does, and single points. */
function ruleFamily({ rule }: Violation): string {
	if (rule === 2 || rule === 3 || rule === 5 || rule === 6) return 'level';
	if (rule === 4 || rule === 7 || rule === 8) return 'spread';
	return rule === 1 || rule === 'limit' ? 'point' : String(rule);
}

const sizeOf = ({ value, centre, sigma }: Violation) => Math.abs((value - centre) / sigma);
const lengthOf = ({ points }: Violation) => points;

/** 1 when equal, a half when one is twice the other. */
function near(a: number, b: number): number {
	return Number.isFinite(a) && Number.isFinite(b) ? Math.exp(-Math.abs(Math.log((a + 0.5) / (b + 0.5)))) : 0;
}
