import type { CauseName } from '#contracts/cause.ts';
import { changeAt, correlation, shareChange, type Change } from '../change.ts';
import type { Finding, Speaks } from '../finding.ts';
import type { Frame } from '../frame.ts';
import { between, seriesOf } from '../series.ts';
import type { CallSeen, Series, Situation } from '../situation.ts';
import { clamp, deviationOf, meanOf, medianOf } from '../statistics.ts';
import { modelOf } from './target.ts';
import { percent, shown } from './words.ts';
import { formatTime } from '#contracts/time.ts';

/** What of a call may make another quantity of it change, and how. */
interface Covariate {
	readonly name: string;
	readonly title: string;
	readonly cause: CauseName;
	/** `factor`: the quantity grows with it; `added`: it is a part of the time. */
	readonly way: 'factor' | 'added';
	/** Latencies that it can change. */
	readonly of: RegExp;
	readonly unit: string;
}

const TIMES = /^(ttft_ms|ttfc_ms|total_ms|server_ms|cost_usd)$/;
const COVARIATES: readonly Covariate[] = [
	{ name: 'input_tokens', title: 'Prompts', cause: 'prompt-length-change', way: 'factor', of: TIMES, unit: 'tokens' },
	{
		name: 'output_tokens',
		title: 'Answers',
		cause: 'output-length-change',
		way: 'factor',
		of: /^(total_ms|cost_usd|server_ms)$/,
		unit: 'tokens',
	},
	{
		name: 'uncached_tokens',
		title: 'Tokens that the cache did not have',
		cause: 'cache-change',
		way: 'factor',
		of: TIMES,
		unit: 'tokens',
	},
	{ name: 'queue_ms', title: 'Waiting in the queue', cause: 'queueing', way: 'added', of: TIMES, unit: 'ms' },
	{ name: 'load_ms', title: 'Loading the model', cause: 'cold-start', way: 'added', of: TIMES, unit: 'ms' },
	{ name: 'connect_ms', title: 'Connecting', cause: 'client-or-network', way: 'added', of: /./, unit: 'ms' },
];

/** The streams that are themselves what a cause is about. */
const DIRECT: Readonly<Record<string, CauseName>> = {
	input_tokens: 'prompt-length-change',
	output_tokens: 'output-length-change',
	cached_tokens: 'cache-change',
	queue_ms: 'queueing',
	load_ms: 'cold-start',
	connect_ms: 'client-or-network',
	server_ms: 'provider-slowdown',
};

/** What changed about the calls themselves: lengths, cache, waiting, failures, how many there are. */
export function covariateFindings(situation: Situation, frame: Frame): Finding[] {
	const own = modelOf(situation.stream);
	if (!own) return [];
	const values = valuesOf(situation);
	return [
		...direct(situation, frame, own.characteristic),
		...failures(situation, frame, own.characteristic),
		...explained(situation, frame, { values, characteristic: own.characteristic }),
		...busy(situation, frame),
	];
}

const callsQuery = ({ stream }: Situation) => `GET /api/v1/llm/calls?stream=${stream.id}`;

function direct(situation: Situation, frame: Frame, characteristic: string): Finding[] {
	const cause = DIRECT[characteristic];
	if (!cause) return [];
	const [fromMicros, toMicros] = [frame.onset.tMicros, frame.endMicros];
	return [
		{
			kind: 'covariate',
			value: null,
			...{ fromMicros, toMicros, query: callsQuery(situation) },
			detail: `The stream itself is ${characteristic}, which is what "${cause}" is about.`,
			speaks: { [cause]: 2.4, 'provider-slowdown': characteristic === 'server_ms' ? 1.5 : -1 },
		},
	];
}

/** Of calls where there are some, else of the streams made of them. */
function valuesOf({ calls, companions, stream }: Situation): ReadonlyMap<string, Series> {
	const values = new Map<string, Series>();
	if (calls.length > 0) {
		const put = (name: string, read: (call: CallSeen) => number | null) => {
			const points = calls.flatMap((call) => {
				const v = read(call);
				return v === null ? [] : [[call.startedMicros, v] as const];
			});
			if (points.length > 0) values.set(name, seriesOf(points));
		};
		put('input_tokens', (call) => call.inputTokens);
		put('output_tokens', (call) => call.outputTokens);
		put('uncached_tokens', (call) =>
			call.inputTokens === null || call.cachedTokens === null ? null : call.inputTokens - call.cachedTokens,
		);
		put('queue_ms', (call) => call.queueMs);
		put('load_ms', (call) => call.loadMs);
		put('connect_ms', (call) => call.connectMs);
		return values;
	}
	const prefix = stream.key.slice(0, stream.key.lastIndexOf('/') + 1);
	for (const one of companions)
		if (one.stream.key.startsWith(prefix) && !one.stream.key.slice(prefix.length).includes('/'))
			values.set(one.stream.key.slice(prefix.length), one.series);
	const [all, cached] = [values.get('input_tokens'), values.get('cached_tokens')];
	if (all && cached && all.v.length === cached.v.length)
		values.set('uncached_tokens', { tMicros: all.tMicros, v: all.v.map((v, i) => v - cached.v[i]!) });
	return values;
}

interface Explaining {
	readonly values: ReadonlyMap<string, Series>;
	readonly characteristic: string;
}

/** How much of the change of a latency the change of something else of the same calls comes to. */
function explained(situation: Situation, frame: Frame, { values, characteristic }: Explaining): Finding[] {
	const startMicros = frame.calm.tMicros[0] ?? frame.onset.tMicros;
	const moment = { onsetMicros: frame.onset.tMicros, endMicros: frame.endMicros, startMicros };
	const own =
		changeAt(situation.own, moment, situation.stream) ??
		atSignals(situation.own, { situation, frame, whole: undefined });
	if (!own || DIRECT[characteristic]) return [];
	const shares = new Map<string, { share: number; change: Change; slope: number }>();
	for (const covariate of COVARIATES) {
		const series = values.get(covariate.name);
		if (!series || !covariate.of.test(characteristic)) continue;
		const whole = changeAt(series, moment, { kind: 'llm', unit: covariate.unit });
		const change = covariate.way === 'added' ? atSignals(series, { situation, frame, whole }) : whole;
		if (!change) continue;
		const slope = covariate.way === 'factor' ? slopeOf(situation.own, series, moment.onsetMicros) : 1;
		const latency = change === whole ? own : (atSignals(situation.own, { situation, frame, whole: own }) ?? own);
		shares.set(covariate.name, { share: shareOf(covariate, { own: latency, change, slope }), change, slope });
	}
	splitCache(shares, own);
	const most = Math.max(0, ...[...shares.values()].map(({ share }) => share));
	return COVARIATES.flatMap((covariate): Finding[] => {
		const found = shares.get(covariate.name);
		if (!found) return [];
		const { share, change } = found;
		const isAddedAndFew = covariate.way === 'added' && Math.abs(change.sigmas) > 3 && change.p < 1e-4;
		const connects = covariate.name === 'connect_ms' && isAddedAndFew && change.after > 1.6 * change.before ? 1.6 : 0;
		const strength = share > 0.12 && change.p < 0.01 ? 4 * Math.min(1, share * 1.1) : 0;
		const isMost = share >= most - 0.1;
		return [
			{
				kind: 'covariate',
				value: share,
				fromMicros: startMicros,
				toMicros: frame.endMicros,
				query: callsQuery(situation),
				detail: detailOf(covariate, change, share),
				series: { stream: covariate.name, points: change.series },
				speaks: speaksOf(covariate, { strength: Math.max(strength * (isMost ? 1 : 0.6), connects), share }),
			},
		];
	});
}

const FEW = 8;
/** Nothing in the calm is as large, and it is many times as much as usual. */
const RARE_P = 1e-4;

/**
 * What takes a few calls only disappears in a mean over what follows: then what counts is what it was at the signalling calls, against
 * all of the calm.
 */
function atSignals(
	series: Series,
	{
		situation,
		frame,
		whole,
	}: { readonly situation: Situation; readonly frame: Frame; readonly whole: Change | undefined },
): Change | undefined {
	const { violation } = situation;
	const reach = frame.intervalMicros;
	const at = between(series, violation.firstMicros - reach, violation.lastMicros + reach / 2);
	if (at.v.length === 0 || violation.points > FEW) return whole;
	const calm = between(series, frame.calm.tMicros[0] ?? 0, frame.onset.fromMicros);
	const most = Math.max(...at.v);
	const usual = medianOf(calm.v);
	const isRare = calm.v.length >= 30 && most > Math.max(...calm.v) && most - usual > 6 * deviationOf(calm.v);
	if (!isRare) return whole;
	const all = between(series, frame.calm.tMicros[0] ?? 0, frame.endMicros);
	return {
		...(whole ?? { atMicros: null, toleranceMicros: reach, series: all }),
		...{ before: usual, after: most, sigmas: 10, p: Math.min(whole?.p ?? 1, RARE_P) },
	};
}

function speaksOf(
	{ cause }: Covariate,
	{ strength, share }: { readonly strength: number; readonly share: number },
): Speaks {
	if (strength < 0.5) return { [cause]: -1.6, 'provider-slowdown': 0.15, 'model-version-change': 0.1 };
	const taken = -1.8 * Math.min(1, share);
	return {
		[cause]: strength,
		'provider-slowdown': taken,
		'model-version-change': taken * 0.7,
		unknown: -0.6,
		'normal-variation': -0.8,
	};
}

function detailOf({ title, unit }: Covariate, change: Change, share: number): string {
	const moved = `from ${shown(change.before)} to ${shown(change.after)} ${unit}`;
	return share > 0.12 && change.p < 0.01
		? `${title} went ${moved}: that comes to ${percent(Math.min(1, share))} of the change.`
		: `${title}: ${moved}, which does not explain the change.`;
}

function shareOf(covariate: Covariate, { own, change, slope }: { own: Change; change: Change; slope: number }): number {
	if (covariate.way === 'added') {
		const difference = own.after - own.before;
		return difference === 0 ? 0 : clamp((change.after - change.before) / difference, 0, 1.2);
	}
	if (!(own.before > 0 && own.after > 0 && change.before > 0 && change.after > 0)) return 0;
	const wanted = Math.log(own.after / own.before);
	return Math.abs(wanted) < 0.02 ? 0 : clamp((slope * Math.log(change.after / change.before)) / wanted, 0, 1.2);
}

/** More tokens that are not cached come of longer prompts too: the cache is what is left. */
function splitCache(shares: Map<string, { share: number; change: Change; slope: number }>, own: Change): void {
	const [input, uncached] = [shares.get('input_tokens'), shares.get('uncached_tokens')];
	if (!input || !uncached || !(own.after > 0 && own.before > 0)) return;
	const longer = Math.log(input.change.after / input.change.before);
	const missed = Math.log(uncached.change.after / uncached.change.before);
	const cache = missed === 0 ? 0 : clamp(1 - longer / missed, 0, 1);
	shares.set('uncached_tokens', { ...uncached, share: uncached.share * cache });
	if (cache > 0.5) shares.set('input_tokens', { ...input, share: input.share * (1 - cache) });
}

/** Where the calm does not say how a latency grows with a length: a little less than in proportion. */
const USUAL_SLOPE = 0.75;

/** Slope of the logarithm of one over that of the other, call by call, in the calm; within 0 and 1.2. */
function slopeOf(own: Series, other: Series, untilMicros: number): number {
	const pairs: [number, number][] = [];
	let at = 0;
	for (let i = 0; i < own.v.length && own.tMicros[i]! < untilMicros; i++) {
		while (at + 1 < other.tMicros.length && other.tMicros[at + 1]! <= own.tMicros[i]!) at++;
		const [x, y] = [other.v[at] ?? 0, own.v[i]!];
		if (x > 0 && y > 0) pairs.push([Math.log(x), Math.log(y)]);
	}
	if (pairs.length < 30) return USUAL_SLOPE;
	const [x, y] = [pairs.map(([one]) => one), pairs.map(([, one]) => one)];
	const r = correlation(x, y);
	const certain = Math.abs(r) * Math.sqrt(pairs.length);
	return certain > 4 ? clamp((r * deviationOf(y)) / deviationOf(x), 0.2, 1.2) : USUAL_SLOPE;
}

const FAILURE: Readonly<Record<string, CauseName>> = {
	rate_limited: 'rate-limited',
	network: 'client-or-network',
	client_abort: 'client-or-network',
	overloaded: 'provider-errors',
	server: 'provider-errors',
	truncated: 'provider-errors',
	timeout_first_token: 'provider-errors',
	timeout_idle: 'provider-errors',
	timeout_total: 'provider-errors',
};

function failures(situation: Situation, frame: Frame, characteristic: string): Finding[] {
	const { calls } = situation;
	const isDirect = characteristic === 'error' || characteristic === 'pass';
	if (calls.length === 0) return failuresOfStream(situation, frame, isDirect);
	const before = calls.filter((call) => call.startedMicros < frame.onset.tMicros);
	const after = calls.filter(
		(call) => call.startedMicros >= frame.onset.tMicros && call.startedMicros < frame.endMicros,
	);
	const failed = (call: CallSeen) => call.errorClass !== null;
	const change = shareChange(before.map(failed), after.map(failed));
	const retried = shareChange(
		before.map(({ retries }) => (retries ?? 0) > 0),
		after.map(({ retries }) => (retries ?? 0) > 0),
	);
	const common = {
		kind: 'covariate' as const,
		fromMicros: frame.onset.tMicros,
		toMicros: frame.endMicros,
		query: `${callsQuery(situation)}&failed=true`,
	};
	const findings: Finding[] = [];
	if (change.p < 0.003 && change.after > change.before) {
		const cause = FAILURE[mostCommon(after.flatMap(({ errorClass }) => errorClass ?? []))] ?? 'unknown';
		const reason = mostCommon(after.flatMap(({ errorClass }) => errorClass ?? []));
		findings.push({
			...common,
			value: change.after,
			detail: `${percent(change.after)} of the calls fail, most of them with ${reason}; before it were ${percent(change.before)}.`,
			speaks: {
				[cause]: isDirect ? 4.5 : 3.4,
				'provider-slowdown': -0.7,
				'normal-variation': -2.5,
				...(cause !== 'provider-errors' && { 'provider-errors': 0.3 }),
			},
		});
	} else if (!isDirect && after.length > 8)
		findings.push({
			...common,
			value: change.after,
			detail: `No more calls fail than before: ${percent(change.after)}.`,
			speaks: {
				'provider-errors': -2.2,
				'rate-limited': retried.p < 0.01 && retried.after > retried.before ? 0 : -1.8,
			},
		});
	if (retried.p < 0.003 && retried.after > retried.before)
		findings.push({
			...common,
			value: retried.after,
			detail: `${percent(retried.after)} of the calls are tried again; before it were ${percent(retried.before)}.`,
			speaks: { 'rate-limited': 1.8, 'provider-errors': 0.5 },
		});
	return findings;
}

/** Where no call is known, only the streams made of them: what failed stands in `error`, and why in the gaps of a prober's latencies. */
function failuresOfStream(situation: Situation, frame: Frame, isDirect: boolean): Finding[] {
	const common = {
		kind: 'covariate' as const,
		fromMicros: frame.onset.tMicros,
		toMicros: frame.endMicros,
		query: callsQuery(situation),
	};
	const since = situation.companions
		.flatMap(({ gaps }) => gaps)
		.concat(situation.ownGaps)
		.filter((gap) => gap.toMicros >= frame.onset.fromMicros && gap.fromMicros <= frame.endMicros);
	const classes = since.map(({ reason }) => /^[a-z_]+/.exec(reason)?.[0] ?? '').filter((name) => name in FAILURE);
	if (classes.length >= 2) {
		const reason = mostCommon(classes);
		return [
			{
				...common,
				value: classes.length,
				detail: `Values are missing since then because calls failed, most of them with ${reason}.`,
				speaks: { [FAILURE[reason] ?? 'unknown']: isDirect ? 4 : 2.5 },
			},
		];
	}
	const errors = isDirect ? situation.own : valuesOf(situation).get('error');
	if (!errors) return [];
	const failed = (from: number, to: number) => Array.from(between(errors, from, to).v, (v) => v > 0);
	const change = shareChange(failed(0, frame.onset.tMicros), failed(frame.onset.tMicros, frame.endMicros));
	if (change.p >= 0.003 || change.after <= change.before) return [];
	return [
		{
			...common,
			value: change.after,
			detail: `${percent(change.after)} of the calls fail; before it were ${percent(change.before)}. With what is not known: only streams came, no calls.`,
			speaks: { 'provider-errors': isDirect ? 2.6 : 1.8, 'rate-limited': isDirect ? 1.9 : 1.4, 'normal-variation': -2 },
		},
	];
}

function mostCommon(of: readonly string[]): string {
	const counts = new Map<string, number>();
	for (const one of of) counts.set(one, (counts.get(one) ?? 0) + 1);
	return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 'unknown';
}

/** How many calls there are, and whether there was none for long before it began. */
function busy(situation: Situation, frame: Frame): Finding[] {
	const times = situation.calls.map(({ startedMicros }) => startedMicros);
	const before = times.filter((t) => t < frame.onset.tMicros);
	const after = times.filter((t) => t >= frame.onset.tMicros && t < frame.endMicros);
	if (before.length < 20 || after.length < 3) return [];
	const steps = before.slice(1).map((t, i) => t - before[i]!);
	const usual = medianOf(steps);
	const pause = after[0]! - before.at(-1)!;
	const findings: Finding[] = [];
	const [fromMicros, toMicros] = [before[0]!, frame.endMicros];
	const common = {
		kind: 'covariate' as const,
		fromMicros,
		toMicros,
		query: `${callsQuery(situation)}&from=${formatTime(Math.round(fromMicros))}`,
	};
	if (usual > 0 && pause > 8 * usual)
		findings.push({
			...common,
			value: pause / 1e6,
			detail: `There was no call for ${shown(pause / usual)} times the usual time right before it began.`,
			speaks: { 'cold-start': 2.2, 'normal-variation': -0.5 },
		});
	if (after.length >= 8) {
		const now = meanOf(after.slice(1).map((t, i) => t - after[i]!));
		const ratio = meanOf(steps.slice(-100)) / now;
		if (ratio > 1.6)
			findings.push({
				...common,
				value: ratio,
				detail: `${shown(ratio)} times as many calls as before are made.`,
				speaks: { queueing: 1.2, 'rate-limited': 0.6 },
			});
	}
	return findings;
}
