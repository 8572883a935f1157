import { CAUSES, type CauseName } from '#contracts/cause.ts';
import type { StreamKind } from '#contracts/stream.ts';
import type { Finding } from './finding.ts';

/** In nats, before anything is known: what needs a trace of its own (an event, another stream) begins lower. */
const BEFORE: Readonly<Partial<Record<CauseName, number>>> = {
	unknown: 0.9,
	'normal-variation': -0.2,
	'process-shift': 0,
	'sensor-bias': -0.3,
	'setpoint-change': -1.1,
	'material-change': -1.2,
	'upstream-disturbance': -0.9,
	'tool-wear-drift': -0.4,
	'collector-or-clock': -1,
	'stale-baseline': -0.8,
	'sensor-stuck': -0.8,
	'sensor-noise': -0.5,
	'cyclic-environment': -0.7,
	'mixed-sources': -0.6,
	'over-adjustment': -0.6,
	'provider-slowdown': 0,
	'model-version-change': -0.6,
	'client-or-network': -0.6,
	'provider-errors': -0.7,
	'rate-limited': -0.8,
	'prompt-length-change': -0.5,
	'output-length-change': -0.5,
	'cache-change': -0.6,
	queueing: -0.6,
	'cold-start': -0.7,
};

const OF_MODELS: ReadonlySet<CauseName> = new Set([
	...([
		'provider-slowdown',
		'provider-errors',
		'rate-limited',
		'model-version-change',
		'prompt-length-change',
	] as const),
	...(['output-length-change', 'cache-change', 'client-or-network', 'cold-start', 'queueing'] as const),
]);
const OF_BOTH: ReadonlySet<CauseName> = new Set([
	'collector-or-clock',
	'stale-baseline',
	'normal-variation',
	'unknown',
]);

/** What is named at all: the catalogue of the other kind of stream is not looked at. */
export function candidatesFor(kind: StreamKind): readonly CauseName[] {
	return CAUSES.filter((cause) => OF_BOTH.has(cause) || OF_MODELS.has(cause) === (kind === 'llm'));
}

export interface Ranked {
	readonly cause: CauseName;
	readonly score: number;
	/** Indices of findings, the strongest first. */
	readonly for: readonly number[];
	readonly against: readonly number[];
}

/** Evidence that says less than this for or against a cause is not listed with it. */
const LEAST_NATS = 0.25;
/** Findings are not independent of each other, so their sum says too much. */
const DAMPING = 0.8;

/**
 * Causes by the sum of what the findings say, as shares of all (softmax).
 *
 * Shares are strengths of evidence, not probabilities: they are not calibrated on what the causes turned out to be.
 *
 * @param feedback factors on the shares, 0.8 to 1.2: enough to settle what is close, too little to bury evidence
 */
export function rank(
	findings: readonly Finding[],
	{ kind, feedback }: { readonly kind: StreamKind; readonly feedback: ReadonlyMap<CauseName, number> },
): Ranked[] {
	const scored = candidatesFor(kind).map((cause) => {
		const said = findings.map(({ speaks }, i) => ({ i, nats: speaks[cause] ?? 0 }));
		const sum = said.reduce((total, { nats }) => total + nats, BEFORE[cause] ?? 0);
		const listed = said
			.filter(({ nats }) => Math.abs(nats) >= LEAST_NATS)
			.toSorted((a, b) => Math.abs(b.nats) - Math.abs(a.nats));
		return {
			cause,
			nats: DAMPING * sum + Math.log(feedback.get(cause) ?? 1),
			for: listed.filter(({ nats }) => nats > 0).map(({ i }) => i),
			against: listed.filter(({ nats }) => nats < 0).map(({ i }) => i),
		};
	});
	const top = Math.max(...scored.map(({ nats }) => nats));
	const total = scored.reduce((sum, { nats }) => sum + Math.exp(nats - top), 0);
	return scored
		.map(({ nats, ...rest }) => ({ ...rest, score: Math.exp(nats - top) / total }))
		.toSorted((a, b) => b.score - a.score);
}
