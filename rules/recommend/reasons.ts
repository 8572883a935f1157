import type { Advice } from '../analyze/advice.ts';
import type { Counted } from './counted.ts';
import { spansDays } from '../shape/season.ts';
import type { Footing } from './widen.ts';
import type { Model } from './learn.ts';
import type { PlanLimits } from './run-length.ts';
import type { Findings } from './findings.ts';
import type { Pace } from './subgroup.ts';

/** All that a recommendation was decided on. */
export interface Grounds {
	readonly model: Model;
	readonly pace: Pace;
	readonly footing: Footing;
	readonly findings: Findings;
	/** As for known parameters, and as widened for the baseline. */
	readonly designed: PlanLimits;
	readonly limits: PlanLimits;
	readonly intervalMs: number;
	/** Where values are counted rather than measured. */
	readonly counted: Counted | undefined;
}

/** Why the plan is as it is, one sentence for each choice, with the figure it rests on. */
export function reasonsOf(grounds: Grounds): string[] {
	return [onPace, onSeason, onDependence, onCounted, onShape, onChart, onWidth, onStability, onNaive].flatMap(
		(reason) => reason(grounds),
	);
}

function onPace({ pace, intervalMs }: Grounds): string[] {
	const { size, wanted } = pace;
	const every = `every ${durationText(intervalMs)}`;
	if (size === wanted && size === 1) return [];
	if (size === wanted)
		return [
			`a value ${every} is judged too often for the budget of false alarms: means of ${size} values are plotted, ` +
				'which hide less than limits so wide that no baseline shows the tail they lie in',
		];
	return [
		`the budget of false alarms would want means of ${wanted} values, but the baseline has too few for that: ` +
			`learn from ${wanted * 100} values or more; until then means of ${size} with wider limits`,
	];
}

function onSeason({ model: { season, rest }, intervalMs, pace }: Grounds): string[] {
	if (season)
		return [
			`a daily pattern (waves of ${season.waves.map(({ k }) => `${Number((24 / k).toFixed(1))} h`).join(', ')}) is removed`,
		];
	if (spansDays(rest.length, intervalMs * pace.size)) return [];
	return ['the baseline is shorter than two days: a daily or shift pattern, if there is one, is not removed'];
}

function onDependence({ model: { residual } }: Grounds): string[] {
	switch (residual.kind) {
		case 'none':
			return ['values do not depend on the ones before them'];
		case 'ar1':
			return [
				`neighbours are ${residual.phi > 0 ? 'alike' : 'opposed'} (lag-1 autocorrelation ${residual.phi.toFixed(2)}): ` +
					'what is new in each value is charted, its distance from what the one before lets expect',
			];
		case 'ewma':
			return [
				`the level wanders without returning to a mean: what is charted is the distance to an EWMA (lambda ${residual.lambda}) of the ` +
					'values before, which shows changes, not levels',
			];
	}
}

function onCounted({ counted }: Grounds): string[] {
	if (counted === undefined) return [];
	const { kind, of, dispersion } = counted;
	const times = `variance ${dispersion.toFixed(2)} times that of a`;
	return kind === 'counts'
		? [
				`values are whole numbers that vary as counts do (${times} Poisson distribution): c is their chart, u where amounts differ`,
			]
		: [
				`values are shares of ${of} that vary as such (${times} binomial distribution): p is their chart, with the size of each sample`,
			];
}

function onShape({ model: { described, residual }, findings }: Grounds): string[] {
	const what = residual.kind === 'none' ? 'values' : 'residuals';
	const skewness = `skewness ${findings.skewness.toFixed(1)}, excess kurtosis ${findings.kurtosis.toFixed(1)}`;
	const { shape } = described;
	const found = described.misfit > POOR ? ', which describes them poorly: collect a longer baseline' : '';
	switch (shape.family) {
		case 'normal':
			return [`${what} are as good as normal (${skewness})${found}`];
		case 'log-normal':
			return [`${what} are skewed as logarithms of normal ones (${skewness}): their logarithm is judged${found}`];
		case 'box-cox':
			return [`${what} are skewed (${skewness}): their power of ${shape.power.toFixed(2)} is judged${found}`];
		default:
			return [`${what} follow ${NAMES[shape.family]} (${skewness}): judged by their percentiles in it${found}`];
	}
}

/** Kolmogorov's distance times sqrt(n), with fitted parameters: beyond in under 1 % of samples. */
const POOR = 1.2;

const NAMES = {
	gamma: 'a gamma distribution',
	weibull: 'a Weibull distribution',
	student: "Student's distribution with its long tails",
	'sinh-arcsinh': 'a skewed or long-tailed distribution (sinh-arcsinh)',
	'two-normal': 'a mixture of two normal distributions',
};

function onChart({ footing: { count }, designed: { slow, fast } }: Grounds): string[] {
	return slow === null
		? [`${count} points are too few for an average to rest on: single points only`]
		: [
				`an EWMA with a long memory (lambda ${slow.lambda.toFixed(3)}) finds small shifts, one with a short memory ` +
					`(lambda ${fast.lambda}) beside it finds large ones`,
			];
}

function onWidth({ footing: { count, inflation }, designed, limits }: Grounds): string[] {
	const more = (a: number, b: number) => `${b.toFixed(2)} instead of ${a.toFixed(2)} sigma`;
	const fast = more(designed.fast.width, limits.fast.width);
	const both =
		designed.slow && limits.slow
			? `${more(designed.slow.width, limits.slow.width)} (long memory) and ${fast} (short memory)`
			: fast;
	return [
		`limits are ${both}: a baseline of ${count} points does not know centre, spread and shape exactly` +
			(inflation > 1 ? ', and correlations are left over longer times' : ''),
	];
}

function onStability({ findings }: Grounds): string[] {
	return findings.drift > DRIFT ? [`the level changed within the baseline, near value ${findings.changeAt}`] : [];
}

/** Of the supremum of a Brownian bridge: beyond in 1 % of steady baselines. */
const DRIFT = 1.63;

function onNaive({ findings: { naive }, footing: { count } }: Grounds): string[] {
	if (naive <= 2 + 0.0054 * count) return [];
	return [`a plain chart of individuals would have signalled at ${naive} of the ${count} baseline points (rule 1)`];
}

/** The codes that programs know, for the same findings. */
export function adviceOn({ model, footing: { count }, findings, counted }: Grounds): Advice[] {
	const { season, residual } = model;
	return [
		...(count < ENOUGH
			? [
					one(
						'too-few-points',
						`the plan rests on ${count} plotted points`,
						`learn again from ${ENOUGH} or more: limits are widened meanwhile`,
					),
				]
			: []),
		...(residual.kind === 'none'
			? []
			: [
					one(
						'autocorrelated',
						residual.kind === 'ar1'
							? `lag-1 autocorrelation ${residual.phi.toFixed(2)}`
							: 'the level wanders without a mean',
						'limits from moving ranges do not hold: residuals are charted',
					),
				]),
		...(Math.abs(findings.skewness) > 0.5
			? [
					one(
						'skewed',
						`skewness ${findings.skewness.toFixed(1)}`,
						'three sigma on each side do not hold: the plan transforms the values',
					),
				]
			: []),
		...(findings.levels < 4
			? [
					one(
						'discrete',
						`${findings.levels.toFixed(1)} steps of resolution in one sigma`,
						counted
							? 'counts are so: count over longer, or larger samples'
							: 'measure finer, or judge means of several values',
					),
				]
			: []),
		...(season
			? [one('seasonal', `a pattern repeats every ${durationText(season.periodMs)}`, 'the plan removes it')]
			: []),
		...(findings.drift > DRIFT || findings.far > 0
			? [
					one(
						'unstable-baseline',
						findings.drift > DRIFT
							? `the level changed near value ${findings.changeAt}`
							: `${findings.far} baseline values are beyond the limits they led to`,
						'find the cause and choose a calmer baseline',
					),
				]
			: []),
	];
}

/** Under this many points limits are wider by 5 % and more. */
const ENOUGH = 100;

function one(code: Advice['code'], detail: string, suggestion: string): Advice {
	return { code, detail, suggestion };
}

function durationText(ms: number): string {
	const units = [
		[86_400_000, 'd'],
		[3_600_000, 'h'],
		[60_000, 'min'],
		[1000, 's'],
	] as const;
	const [size, unit] = units.find(([size]) => ms >= size) ?? [1, 'ms'];
	return `${Number((ms / size).toFixed(1))} ${unit}`;
}
