import type { ApiPoints } from '#contracts/api.ts';
import type { Clock } from '#lib/chart/clock.ts';
import type { EventMark } from '#lib/chart/overlay.ts';
import type { ExploreLine, ExplorePicture } from '#lib/chart/explore-chart.ts';
import { toBands, toGrid, toSigmas } from './explore-grid.ts';
import type { ExploreQuery } from './explore-query.ts';

/** A stream that is shown, with its points and how its line looks. */
export interface Explored {
	readonly id: string;
	readonly points: ApiPoints;
	readonly colour: string;
	readonly dash: readonly number[];
	/** Limits and signals are of these values. */
	readonly plotsValues: boolean;
	/** Of the stream, its asset and its site. */
	readonly events?: readonly EventMark[];
}

interface Frame {
	readonly fromMs: number;
	readonly toMs: number;
	readonly clock: Clock;
	readonly query: ExploreQuery;
}

const MOST_SLOTS = 600;
const LEAST_SLOTS = 12;
/** Bands are over streams: of each nearly every slot needs a point. */
const POINTS_A_SLOT = 1.3;
/** Charts of which stored values are the points themselves. */
const OF_VALUES = new Set(['i']);

/** One stream with what its control chart knows: limits, signals, and how far the points of a bucket lie apart. */
export function pictureOfOne(one: Explored, { fromMs, toMs, clock, query }: Frame): ExplorePicture {
	const { points, colour } = one;
	const { thinned } = points;
	const half = (thinned?.bucketMicros ?? 0) / 2;
	const tMs = points.t.map((t) => (t + half) / 1000);
	const values = thinned && query.of !== 'mean' ? thinned[query.of] : points.v;
	const limits = query.rules && one.plotsValues ? limitsOf(points) : [];
	const line: ExploreLine = { values, colour, dash: [], width: 1.25 };
	const isSigmas = query.scale === 'sigma';
	const own = scaleOf(one);
	const scaled = (column: ArrayLike<number>) =>
		isSigmas ? (toSigmas([Float64Array.from(column)], [own])[0] ?? []) : column;
	return {
		range: { minMs: fromMs, maxMs: toMs },
		tMs,
		lines: [{ ...line, values: scaled(values) }],
		fills: thinned
			? [
					{
						from: scaled(thinned.min),
						to: scaled(thinned.max),
						colour: `color-mix(in oklch, ${colour} 25%, transparent)`,
					},
				]
			: [],
		limits: isSigmas ? (limits.length > 0 ? [{ fromMs: -Infinity, centre: 0, lcl: -3, ucl: 3 }] : []) : limits,
		signals: query.rules && one.plotsValues ? signalsOf(points, isSigmas ? own : undefined) : [],
		events: one.events ?? [],
		clock,
	};
}

/** What several streams have in common is told once. */
function togetherOf(all: readonly Explored[]): readonly EventMark[] {
	const marks = all.flatMap(({ events = [] }) => events);
	const known = new Map(marks.map((mark) => [`${mark.fromMs} ${mark.toMs} ${mark.title}`, mark]));
	return [...known.values()].sort((a, b) => a.fromMs - b.fromMs);
}

/** All on one chart. */
export function pictureOfAll(all: readonly Explored[], frame: Frame): ExplorePicture {
	const { fromMs, toMs, clock, query } = frame;
	const grid = toGrid(
		all.map(({ points }) => points),
		{ fromMs, toMs, slots: slotsOf(all, query), of: query.of },
	);
	const isSigmas = query.scale === 'sigma';
	const own = all.map(scaleOf);
	const values = isSigmas ? toSigmas(grid.values, own) : grid.values;
	const base = { range: { minMs: fromMs, maxMs: toMs }, tMs: grid.tMs, clock, events: togetherOf(all) };
	const limits = isSigmas ? [{ fromMs: -Infinity, centre: 0, lcl: -3, ucl: 3 }] : [];
	if (query.view === 'bands')
		return { ...base, ...bandsOf({ tMs: grid.tMs, values }, all[0]?.colour ?? ''), limits, signals: [] };
	const lines = all.map(({ colour, dash }, i) => ({
		values: joined(values[i] ?? new Float64Array()),
		colour,
		dash,
		width: 1.5,
	}));
	const signals = query.rules
		? all.flatMap(({ points, plotsValues }, i) => (plotsValues ? signalsOf(points, isSigmas ? own[i] : undefined) : []))
		: [];
	return { ...base, lines, fills: [], limits, signals };
}

/**
 * Slots may be narrower than the distance of points: the line runs over empty ones up to three times the usual distance,
 * and breaks where more are missing.
 *
 * @returns undefined for a slot that is run over, null for one where the line breaks
 */
export function joined(values: Float64Array): (number | null | undefined)[] {
	const filled = [...values.keys()].filter((i) => !Number.isNaN(values[i]));
	const distances = filled.slice(1).map((at, i) => at - (filled[i] ?? at));
	const usual = distances.sort((x, y) => x - y)[Math.floor(distances.length / 2)] ?? 1;
	const out: (number | null | undefined)[] = Array.from(values, (v) => (Number.isNaN(v) ? undefined : v));
	for (const [i, at] of filled.entries()) {
		const next = filled[i + 1] ?? at;
		if (next - at > 3 * usual) out[at + 1] = null;
	}
	return out;
}

function bandsOf(grid: Parameters<typeof toBands>[0], colour: string): Pick<ExplorePicture, 'lines' | 'fills'> {
	const { low, lower, middle, upper, high } = toBands(grid);
	const soft = (share: number) => `color-mix(in oklch, ${colour} ${share}%, transparent)`;
	return {
		lines: [{ values: middle, colour, dash: [], width: 2 }],
		fills: [
			{ from: low, to: high, colour: soft(20) },
			{ from: lower, to: upper, colour: soft(30) },
		],
	};
}

function slotsOf(all: readonly Explored[], { view }: ExploreQuery): number {
	if (view !== 'bands') return MOST_SLOTS;
	const fewest = Math.min(...all.map(({ points }) => points.t.length).filter((n) => n > 0));
	return Math.max(LEAST_SLOTS, Math.min(MOST_SLOTS, Math.floor(fewest / POINTS_A_SLOT)));
}

/** What a stream is measured by in sigmas: its limits, or what is shown where those are of something else. */
function scaleOf({ points, plotsValues }: Explored): Pick<OwnLimits, 'centre' | 'sigma'> | undefined {
	const own = plotsValues ? limitsOf(points).at(-1) : undefined;
	if (own) return own;
	const { v } = points;
	const centre = v.reduce((sum, value) => sum + value, 0) / v.length;
	const sigma = Math.sqrt(v.reduce((sum, value) => sum + (value - centre) ** 2, 0) / Math.max(1, v.length - 1));
	return v.length > 1 ? { centre, sigma } : undefined;
}

interface OwnLimits {
	readonly fromMs: number;
	readonly centre: number;
	readonly sigma: number;
	readonly lcl: number;
	readonly ucl: number;
}

function limitsOf({ limits }: ApiPoints): OwnLimits[] {
	return limits
		.filter(({ chart }) => OF_VALUES.has(chart))
		.map(({ from, centre, sigma, lcl, ucl }) => ({ fromMs: from / 1000, centre, sigma, lcl, ucl }));
}

function signalsOf(
	{ t, v, thinned, signals }: ApiPoints,
	own: Pick<OwnLimits, 'centre' | 'sigma'> | undefined,
): ExplorePicture['signals'] {
	const scale = (value: number) => (own ? (value - own.centre) / own.sigma : value);
	const width = thinned?.bucketMicros ?? 0;
	const found = new Map<number, { v: number; rules: Set<string> }>();
	let i = 0;
	for (const signal of signals) {
		if (!OF_VALUES.has(signal.chart)) continue;
		while (i + 1 < t.length && (t[i + 1] ?? 0) <= signal.t) i++;
		const at = t[i];
		if (at === undefined || signal.t < at || signal.t > at + width) continue;
		const extreme = signal.side === 'below' ? thinned?.min[i] : signal.side === 'above' ? thinned?.max[i] : undefined;
		const entry = found.get(at) ?? { v: extreme ?? v[i] ?? NaN, rules: new Set<string>() };
		entry.rules.add(String(signal.rule));
		found.set(at, entry);
	}
	return [...found].map(([at, { v: value, rules }]) => ({
		tMs: (at + width / 2) / 1000,
		v: scale(value),
		mark: [...rules].sort().join(' '),
	}));
}
