import type { Pattern, Signature } from '#rules';
import type { Finding, Speaks } from '../finding.ts';
import { scaled } from '../finding.ts';
import type { Frame } from '../frame.ts';
import { between } from '../series.ts';
import type { Situation } from '../situation.ts';
import { clamp, deviationOf, effectiveCount, meanOf, neighbours } from '../statistics.ts';
import { pointsQuery, shown, shownSpan } from './words.ts';
import { cycleIn } from './cycle.ts';

const SHIFT_AGAINST: Speaks = {
	...{ 'process-shift': -1.3, 'sensor-bias': -1.3, 'setpoint-change': -1.3, 'material-change': -1.3 },
	...{ 'upstream-disturbance': -0.8, 'collector-or-clock': -0.3 },
};

/** What each pattern says, before anything else is known; of machines, and of language models. */
const OF_MACHINE: Readonly<Record<Pattern, Speaks>> = {
	shift: {
		...{ 'process-shift': 1.4, 'sensor-bias': 1.3, 'setpoint-change': 1.2, 'material-change': 1.2 },
		...{ 'upstream-disturbance': 1, 'collector-or-clock': 0.3, 'tool-wear-drift': -1.2, 'sensor-noise': -1.5 },
		...{ 'cyclic-environment': -1.2, 'mixed-sources': -1.5, 'over-adjustment': -1.6, 'normal-variation': -1.5 },
	},
	drift: {
		...{ 'tool-wear-drift': 2.3, 'cyclic-environment': 0.5, 'process-shift': -0.4, 'setpoint-change': -1 },
		...{ 'material-change': -0.9, 'sensor-bias': -0.3, 'upstream-disturbance': 0, 'sensor-noise': -1.5 },
		...{ 'mixed-sources': -1.5, 'over-adjustment': -1.6, 'sensor-stuck': -1, 'normal-variation': -1.2 },
	},
	spike: { ...SHIFT_AGAINST, 'normal-variation': 0.6, unknown: 0.6, 'tool-wear-drift': -1.3, 'over-adjustment': -1 },
	alternation: { ...SHIFT_AGAINST, 'over-adjustment': 2.4, 'mixed-sources': 0.7, 'tool-wear-drift': -1.5 },
	mixture: {
		...SHIFT_AGAINST,
		'mixed-sources': 2.4,
		'sensor-noise': 0.4,
		'tool-wear-drift': -1.5,
		'over-adjustment': 0.2,
	},
	stratification: { ...SHIFT_AGAINST, 'sensor-stuck': 1, 'stale-baseline': 0.5, 'normal-variation': 0.3 },
	spread: {
		...SHIFT_AGAINST,
		'sensor-noise': 2.2,
		'mixed-sources': 0.5,
		'over-adjustment': 0.2,
		'tool-wear-drift': -1,
	},
	none: {
		...SHIFT_AGAINST,
		'normal-variation': 1.6,
		'tool-wear-drift': -1.2,
		'sensor-noise': -0.8,
		'mixed-sources': -0.8,
	},
};
const OF_MODEL: Readonly<Record<Pattern, Speaks>> = {
	shift: {
		...{ 'provider-slowdown': 0.8, 'model-version-change': 0.6, 'prompt-length-change': 0.5, 'cache-change': 0.5 },
		...{
			'output-length-change': 0.5,
			queueing: 0.4,
			'client-or-network': 0.4,
			'cold-start': -0.7,
			'normal-variation': -1.5,
		},
	},
	drift: {
		queueing: 0.7,
		'prompt-length-change': 0.4,
		'provider-slowdown': 0.3,
		'cold-start': -0.7,
		'normal-variation': -1.2,
	},
	spike: {
		'cold-start': 1,
		'client-or-network': 0.2,
		unknown: 0.4,
		'normal-variation': 0.5,
		'model-version-change': -1,
	},
	alternation: { unknown: 0.4 },
	mixture: { 'rate-limited': 0.4, 'client-or-network': 0.2 },
	stratification: { 'cache-change': 0.2, 'normal-variation': 0.3 },
	spread: { queueing: 0.4, 'rate-limited': 0.4, 'client-or-network': 0.4, 'provider-slowdown': 0.2 },
	none: { 'normal-variation': 1.6, 'provider-slowdown': -0.6 },
};

const PATTERN_WORDS: Readonly<Record<Pattern, (size: number) => string>> = {
	spike: (size) => `a single spike of ${shown(size)} sigma`,
	shift: (size) => `a step of ${shown(size)} sigma`,
	drift: (size) => `a drift of ${shown(size)} sigma per point`,
	alternation: (size) => `values that take turns (correlation of neighbours ${shown(size)})`,
	mixture: (size) => `two levels ${shown(size)} sigma apart in no order`,
	stratification: (size) => `${shown(size)} times the usual spread: less than the limits expect`,
	spread: (size) => `${shown(size)} times the usual spread without a new level`,
	none: () => 'nothing that a process in control would not show',
};

/** What the stream itself looks like: onset, pattern, a frozen value, a cycle, and whether it went back to normal. */
export function ownFindings(situation: Situation, frame: Frame): Finding[] {
	return [
		...onset(situation, frame),
		...pattern(situation, frame),
		...frozen(situation, frame),
		...afterwards(situation, frame),
	];
}

function base({ stream }: Situation, { calm, during, endMicros, onset: { tMicros } }: Frame) {
	const fromMicros = calm.tMicros[Math.max(0, calm.tMicros.length - during.tMicros.length)] ?? tMicros;
	return { fromMicros, toMicros: endMicros, query: pointsQuery(stream.id, fromMicros, endMicros) };
}

function withSeries(situation: Situation, frame: Frame) {
	const { fromMicros, toMicros } = base(situation, frame);
	return { series: { stream: situation.stream.key, points: between(situation.own, fromMicros, toMicros) } };
}

function onset(situation: Situation, frame: Frame): Finding[] {
	const { onset: when } = frame;
	if (when.sure === 0) return [];
	const width = when.toMicros - when.fromMicros;
	const before = situation.violation.firstMicros - when.tMicros;
	return [
		{
			...base(situation, frame),
			kind: 'onset',
			value: before / 1e6,
			fromMicros: when.fromMicros,
			toMicros: when.toMicros,
			detail: `${before > 0 ? `It began ${shownSpan(before)} before the first signal` : 'It began with the first signal'}${
				width > 0 ? `, give or take ${shownSpan(width / 2)}` : ''
			}.`,
			speaks: {},
		},
	];
}

function pattern(situation: Situation, frame: Frame): Finding[] {
	const cycle = cycleIn(situation, frame);
	if (cycle) return [cycle];
	if (!frame.signature) return [];
	const { size, candidates } = frame.signature;
	const table = situation.stream.kind === 'llm' ? OF_MODEL : OF_MACHINE;
	const total: Record<string, number> = {};
	for (const one of takingTime(candidates, frame))
		for (const [cause, nats] of Object.entries(table[one.pattern]))
			total[cause] = (total[cause] ?? 0) + nats * one.weight;
	const isShare = situation.stream.key.endsWith('/error') || situation.stream.key.endsWith('/pass');
	return [
		{
			...base(situation, frame),
			...withSeries(situation, frame),
			kind: 'pattern',
			value: size,
			detail: `The points show ${PATTERN_WORDS[frame.signature.pattern](size)}.`,
			speaks: isShare ? {} : total,
		},
	];
}

/** A ramp of a few points and a step look alike, and wear takes its time: before that, most of it may be a step. */
const LEAST_DRIFT_POINTS = 18;

function takingTime(candidates: Signature['candidates'], { during }: Frame): Signature['candidates'] {
	const share = Math.min(1, during.v.length / LEAST_DRIFT_POINTS);
	const drift = candidates.find(({ pattern }) => pattern === 'drift')?.weight ?? 0;
	return candidates.map(({ pattern, weight }) => {
		if (pattern === 'drift') return { pattern, weight: weight * share };
		return { pattern, weight: pattern === 'shift' ? weight + drift * (1 - share) : weight };
	});
}

/** A run of equal values that chance, given how often neighbours are equal in the calm, does not make. */
function frozen(situation: Situation, frame: Frame): Finding[] {
	const { calm, during } = frame;
	if (situation.stream.kind === 'llm' || calm.v.length < 20) return [];
	const longest = longestRun(during.v);
	const equal = (equalNeighbours(calm.v) + 0.5) / (calm.v.length + 1);
	const surprise = -(Math.log(during.v.length) + (longest - 1) * Math.log(equal));
	if (longest < 5 || surprise < Math.log(1000)) return [];
	return [
		{
			...base(situation, frame),
			...withSeries(situation, frame),
			kind: 'pattern',
			value: longest,
			detail: `${longest} points in a row have exactly the same value; before, ${Math.max(1, longestRun(calm.v))} at most did.`,
			speaks: {
				'sensor-stuck': clamp(1.5 + surprise / 8, 1.5, 5),
				'process-shift': -1.5,
				'sensor-bias': -1.2,
				'stale-baseline': -1,
			},
		},
	];
}

function longestRun(v: Float64Array): number {
	let [longest, run] = [1, 1];
	for (let i = 1; i < v.length; i++) {
		run = v[i] === v[i - 1] ? run + 1 : 1;
		longest = Math.max(longest, run);
	}
	return longest;
}

function equalNeighbours(v: Float64Array): number {
	let equal = 0;
	for (let i = 1; i < v.length; i++) if (v[i] === v[i - 1]) equal++;
	return equal;
}

const FRESH = 40;
const LEAST_FRESH = 6;

/** The points after the first signal were not chosen for being odd: if they look like the calm, it may have been chance. */
function afterwards(situation: Situation, frame: Frame): Finding[] {
	const { own, violation } = situation;
	const fresh = own.v.slice(frame.first + 1, frame.first + 1 + FRESH).map(frame.zOf);
	if (fresh.length < LEAST_FRESH) return [];
	const count = effectiveCount(fresh.length, frame.rho);
	const off = meanOf(fresh) * Math.sqrt(count);
	const spread = deviationOf(fresh);
	const odd = Math.max(Math.abs(off) / 3, Math.abs(Math.log(Math.max(spread, 1e-3))) / Math.log(1.7));
	const turns = neighbours(fresh) - frame.rho;
	const isNormal = odd < 1 && Math.abs(turns) < 0.45 && violation.rule !== 'no-data';
	const peak = Math.abs(frame.zOf(own.v[frame.first]!));
	const chance = 2.4 * (1 - odd) + (peak > 4.5 && violation.rule === 1 ? -2 : 0.5);
	const [fromMicros, toMicros] = [violation.firstMicros, own.tMicros[Math.min(own.v.length - 1, frame.first + FRESH)]!];
	return [
		{
			kind: 'size',
			value: meanOf(fresh),
			fromMicros,
			toMicros,
			query: pointsQuery(situation.stream.id, fromMicros, toMicros),
			detail: isNormal
				? `The ${fresh.length} points after the first signal are as they were before: ${shown(meanOf(fresh))} sigma from the middle, ${shown(spread)} times the spread.`
				: `The ${fresh.length} points after the first signal stay ${shown(meanOf(fresh))} sigma from the middle with ${shown(spread)} times the spread.`,
			speaks: isNormal
				? { 'normal-variation': Math.max(0.3, chance), ...scaled(RETURNED, situation.stream.kind === 'llm' ? 0.7 : 1) }
				: { 'normal-variation': -clamp(1.5 * odd, 1, 4) },
		},
	];
}

const RETURNED: Speaks = {
	...{
		'process-shift': -0.8,
		'sensor-bias': -0.8,
		'setpoint-change': -0.8,
		'material-change': -0.8,
		'tool-wear-drift': -0.8,
	},
	...{ 'provider-slowdown': -0.7, 'model-version-change': -1, 'cold-start': 0.5 },
};
