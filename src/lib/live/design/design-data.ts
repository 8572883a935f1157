import { createBank, limitsAround, limitsAtSize, maskOf } from '#rules';
import { LIMIT_ABOVE, LIMIT_BELOW, type Chart } from '#contracts/chart.ts';
import { FLAG, QUALITY } from '#contracts/point.ts';
import { NO_OVERLAY, type Overlay } from '#lib/chart/overlay.ts';
import type { Segment } from '#lib/chart/segments.ts';
import type { Series } from '#lib/chart/series.ts';
import { steppedSegments } from '#lib/chart/steps.ts';
import type { Columns } from '#lib/live/wire/ring.ts';
import { createNoise } from './design-noise.ts';

/** A picture of the design page: nothing measured it, and it is the same on every machine. */
export interface Sample {
	readonly name: string;
	/** What there is to see. */
	readonly words: string;
	readonly chart: Chart;
	readonly unit: string;
	readonly series: Series;
	readonly segments: readonly Segment[];
	readonly overlay: Overlay;
}

/** 31 January 2026, noon: any moment that stays. */
export const START_MS = Date.UTC(2026, 0, 31, 12);
const STEP_MS = 1000;
const CENTRE = 50;
const SIGMA = 2;
const at = (i: number) => START_MS + i * STEP_MS;
const unnamed = (overlay: Partial<Overlay>): Overlay => ({ ...NO_OVERLAY, isNamed: true, ...overlay });

/** Noise without outliers, so that what is found is what was put there. */
function calm(seed: number, count: number): number[] {
	const noise = createNoise(seed, 1.6);
	return Array.from({ length: count }, () => noise() * 0.85);
}

interface Made {
	readonly name: string;
	readonly words: string;
	/** In sigmas from the centre. */
	readonly z: readonly number[];
	readonly rules?: number;
	readonly from?: number;
	readonly overlay?: Partial<Overlay>;
}

function segment(change: Partial<Segment> = {}): Segment {
	const limits = limitsAround(CENTRE, SIGMA);
	return { fromMs: -Infinity, toMs: Infinity, ...limits, baseline: null, ...change };
}

/** Judged here and now by the library that the server judges with. */
export function judge(v: readonly number[], segments: readonly Segment[], rules: number): Uint16Array {
	const bank = createBank({ capacity: 1 });
	let inForce: Segment | undefined;
	return Uint16Array.from(v, (value, i) => {
		const own = segments.findLast(({ fromMs }) => at(i) >= fromMs) ?? segments[0];
		if (!own) return 0;
		if (own !== inForce) bank.setLimits(0, { centre: own.centre, sigma: own.sigma, rules });
		inForce = own;
		return bank.push(0, value);
	});
}

function columnsOf(v: readonly number[], signals: Uint16Array): Columns {
	return {
		length: v.length,
		tMs: Float64Array.from(v, (_, i) => at(i)),
		v: Float64Array.from(v),
		signals,
		flags: new Uint8Array(v.length),
		quality: new Uint8Array(v.length).fill(QUALITY.good),
	};
}

const plain = (columns: Columns): Series => ({ columns, gaps: [], buckets: null, admit: QUALITY.good });

function make({ name, words, z, rules = maskOf([1, 2, 5, 6]), overlay = {} }: Made): Sample {
	const v = z.map((one) => CENTRE + SIGMA * one);
	const segments = [segment()];
	const series = plain(columnsOf(v, judge(v, segments, rules)));
	return { name, words, chart: 'i', unit: '°C', series, segments, overlay: unnamed(overlay) };
}

const PATTERNS: readonly { readonly words: string; readonly tail: readonly number[] }[] = [
	{ words: 'One point beyond 3 sigma', tail: [3.6] },
	{ words: 'Nine in a row on one side', tail: [0.4, 0.8, 0.3, 0.9, 0.5, 0.2, 0.7, 0.4, 0.6] },
	{ words: 'Six rising or falling', tail: [-1.4, -0.8, -0.2, 0.3, 0.6, 0.9] },
	{ words: 'Fourteen up and down', tail: Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 0.9 : -0.8)) },
	{ words: 'Two of three beyond 2 sigma', tail: [2.3, 0.4, 2.5] },
	{ words: 'Four of five beyond 1 sigma', tail: [1.3, 1.5, -0.2, 1.2, 1.6] },
	{ words: 'Fifteen within 1 sigma', tail: Array.from({ length: 15 }, (_, i) => Math.sin(i * 2.1) * 0.6) },
	{ words: 'Eight beyond 1 sigma, on both sides', tail: [1.4, -1.3, 1.6, 1.2, -1.5, -1.2, 1.3] },
];
/** Turns often enough, and never twice the same way: no rule finds anything in it. */
const BEFORE = [0.2, -0.6, 1.1, 0.4, -0.9, -0.2, 0.7, -1.2, -0.5, 0.3, 1.2, 0.6, -0.4, -1.3];

/** Each of Nelson's rules alone, at the end of values that no rule finds anything in. */
export function ruleSamples(): readonly Sample[] {
	return PATTERNS.map(({ words, tail }, i) => {
		const z = [...BEFORE, ...tail];
		return make({ name: `Rule ${i + 1}`, words, z, rules: maskOf([i + 1]) });
	});
}

/** What a chart shows besides points within limits. */
export function stateSamples(): readonly Sample[] {
	return [
		make({ name: 'In control', words: 'Zones by lightness; limits and centre named at the edge', z: calm(1, 90) }),
		partSample(),
		phaseSample(),
		stepSample(),
		make({
			name: 'What happened beside it',
			words: 'An event, one that lasts, a comment, a pinned point',
			z: calm(3, 90),
			overlay: {
				events: [
					{ fromMs: at(12), toMs: at(12), title: 'Tool changed' },
					{ fromMs: at(38), toMs: at(62), title: 'Material lot 4711' },
				],
				notes: [
					{ kind: 'comment', fromMs: at(22), toMs: at(28), text: 'Coolant topped up' },
					{ kind: 'pin', fromMs: at(75), toMs: at(75), text: '' },
				],
			},
		}),
		selectionSample(),
		thinnedSample(),
		spreadSample(),
		unlearntSample(),
		{ ...make({ name: 'Empty', words: 'No point yet', z: [] }), segments: [] },
	];
}

/** Late, uncertain and excluded points, and a gap. */
function partSample(): Sample {
	const sample = make({
		name: 'Not all points take part',
		words: 'Late (hollow), too uncertain (ends the line), taken out (struck through), a gap (hatched)',
		z: calm(5, 90),
	});
	const { columns } = sample.series;
	for (const i of [18, 19]) columns.flags[i] = FLAG.late;
	for (const i of [33, 34, 35]) columns.quality[i] = QUALITY.uncertain;
	const kept = (i: number) => i < 50 || i > 58;
	const index = Array.from({ length: columns.length }, (_, i) => i).filter(kept);
	const pick = <T extends Float64Array | Uint16Array | Uint8Array>(of: T) => index.map((i) => of[i] ?? 0);
	const picked: Columns = {
		length: index.length,
		tMs: Float64Array.from(pick(columns.tMs)),
		v: Float64Array.from(pick(columns.v)),
		signals: Uint16Array.from(pick(columns.signals)),
		flags: Uint8Array.from(pick(columns.flags)),
		quality: Uint8Array.from(pick(columns.quality)),
	};
	const gaps = [{ fromMs: at(50), toMs: at(58), reason: 'disconnected' }];
	const excluded = [{ fromMs: at(72), toMs: at(74) }];
	return { ...sample, series: { ...sample.series, columns: picked, gaps, excluded } };
}

/** Two phases, each with what its limits were learnt from. */
function phaseSample(): Sample {
	const z = [...calm(7, 45), ...calm(8, 45).map((one) => one * 0.6 + 1.8)];
	const v = z.map((one) => CENTRE + SIGMA * one);
	const second = limitsAround(CENTRE + SIGMA * 1.8, SIGMA * 0.6);
	const baseline = (from: number, to: number) => ({ fromMs: at(from), toMs: at(to), points: to - from + 1 });
	const segments = [
		segment({ toMs: at(45), baseline: baseline(0, 24) }),
		segment({
			...second,
			fromMs: at(45),
			baseline: baseline(45, 69),
		}),
	];
	return {
		name: 'Phases',
		words: 'Limits are versions: each with the stretch it was learnt from and the one it holds for',
		chart: 'i',
		unit: '°C',
		series: plain(columnsOf(v, judge(v, segments, maskOf([1, 2, 5, 6])))),
		segments,
		overlay: unnamed({ notes: [{ kind: 'phase', fromMs: at(45), toMs: at(45), text: 'New tool' }] }),
	};
}

/** A share of faulty units, of samples of different sizes: every point has limits of its own. */
function stepSample(): Sample {
	const noise = createNoise(21, 2);
	const sized = { centre: 0.08, spread: 1, limitsSigma: 3 };
	const sizes = Array.from({ length: 36 }, (_, i) => [60, 60, 200, 200, 120, 400][Math.floor(i / 3) % 6] ?? 60);
	const v = sizes.map((n, i) => {
		const spread = Math.sqrt((0.08 * 0.92) / n);
		return Math.max(0, 0.08 + spread * (i === 28 ? 4 : noise()));
	});
	const signals = Uint16Array.from(v, (share, i) => {
		const { lcl, ucl } = limitsAtSize('p', sizes[i] ?? 1, sized);
		return share > ucl ? LIMIT_ABOVE : share < lcl ? LIMIT_BELOW : 0;
	});
	const usual = limitsAtSize('p', 120, sized);
	const whole = segment({ ...usual, scale: 'share', sized });
	return {
		name: 'Limits that follow the size of each sample',
		words: 'Share of faulty units in 60 to 400 inspected',
		chart: 'p',
		unit: '',
		series: plain(columnsOf(v, signals)),
		segments: steppedSegments('p', [whole], columnsOf(sizes, new Uint16Array(sizes.length))),
		overlay: unnamed({}),
	};
}

function selectionSample(): Sample {
	const z = [...calm(4, 60), 3.4, ...calm(6, 29)];
	return make({
		name: 'Looked into',
		words: 'A chosen stretch, and a chosen point with the pattern of its rule',
		z,
		rules: maskOf([1]),
		overlay: { selection: { minMs: at(10), maxMs: at(35) }, chosenMs: at(60) },
	});
}

/** As a month is drawn: least, mean and largest of each stretch, and how many signals it has. */
function thinnedSample(): Sample {
	const sample = make({
		name: 'Thinned',
		words: 'Each step is many points: band from least to largest, line of means, strokes for signals',
		z: calm(9, 90).map((one, i) => one * 0.4 + Math.sin(i / 14) * 0.5),
		rules: 0,
	});
	const { columns } = sample.series;
	const spread = Float64Array.from({ length: columns.length }, (_, i) => SIGMA * (1.4 + 0.6 * Math.sin(i * 1.7)));
	const buckets = {
		widthMs: STEP_MS,
		min: columns.v.map((v, i) => v - (spread[i] ?? 0)),
		max: columns.v.map((v, i) => v + (spread[i] ?? 0) * (i === 40 ? 2.4 : 1)),
		count: new Float64Array(columns.length).fill(60),
		signals: Float64Array.from({ length: columns.length }, (_, i) => (i === 40 ? 3 : 0)),
	};
	columns.signals[40] = 1;
	return { ...sample, series: { ...sample.series, buckets } };
}

/** A chart of a spread has limits and no zones. */
function spreadSample(): Sample {
	const v = calm(1, 91);
	const ranges = v.slice(1).map((one, i) => Math.abs(one - (v[i] ?? 0)) * SIGMA);
	const centre = 1.128 * SIGMA * 0.75;
	const limits = { centre, sigma: centre * 0.756, lcl: 0, ucl: 3.267 * centre };
	return {
		name: 'A chart of a spread',
		words: 'Moving ranges of the first picture: limits, and no zones',
		chart: 'mr',
		unit: '°C',
		series: plain(columnsOf(ranges, new Uint16Array(ranges.length))),
		segments: [segment(limits)],
		overlay: unnamed({}),
	};
}

function unlearntSample(): Sample {
	return { ...make({ name: 'Learning', words: 'Points, and no limits yet', z: calm(2, 20), rules: 0 }), segments: [] };
}
