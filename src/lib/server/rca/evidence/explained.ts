import type { CauseName } from '#contracts/cause.ts';
import { changeAt, correlation, type Change } from '../change.ts';
import type { Finding, Speaks } from '../finding.ts';
import type { Frame } from '../frame.ts';
import { between } from '../series.ts';
import type { Series, Situation } from '../situation.ts';
import { clamp, deviationOf, medianOf } from '../statistics.ts';
import { callsQuery } from './calls.ts';
import { percent, shown } from './words.ts';

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

interface Explaining {
	readonly values: ReadonlyMap<string, Series>;
	readonly characteristic: string;
}

/** How much of the change of a latency the change of something else of the same calls comes to. */
export function explained(situation: Situation, frame: Frame, { values, characteristic }: Explaining): Finding[] {
	const startMicros = frame.calm.tMicros[0] ?? frame.onset.tMicros;
	const moment = { onsetMicros: frame.onset.tMicros, endMicros: frame.endMicros, startMicros };
	const own =
		changeAt(situation.own, moment, situation.stream) ??
		atSignals(situation.own, { situation, frame, whole: undefined });
	if (!own) return [];
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
