import type { ApiStream, ApiViolation } from '#contracts/api.ts';
import { CHARTS, type Rule } from '#contracts/chart.ts';
import { QUALITY } from '#contracts/point.ts';
import { limitsAround } from '#rules';
import { freshnessOf, standingOf } from '#lib/format/freshness.ts';
import type { App } from '#lib/live/app.svelte.ts';
import { StreamEntry } from '#lib/live/directory.svelte.ts';
import { createLimitsBook } from '#lib/live/wire/limits-book.ts';
import { createRings, type Rings } from '#lib/live/wire/rings.ts';
import { START_MS } from './design-data.ts';
import { createNoise } from './design-noise.ts';

/** A stream in one of the states that a tile can have. */
interface Staged {
	readonly key: string;
	readonly state: ApiStream['state'];
	/** Of its newest point; undefined: it has none. */
	readonly ageMs: number | undefined;
	readonly rules?: readonly Rule[];
	readonly hasLimits?: boolean;
}

const STAGED: readonly Staged[] = [
	{ key: 'press-1/running', state: 'in-control', ageMs: 400 },
	{ key: 'press-1/violating', state: 'violating', ageMs: 700, rules: [1, 5] },
	{ key: 'press-1/stale', state: 'in-control', ageMs: 47_000 },
	{ key: 'press-1/dead', state: 'no-data', ageMs: 4 * 3_600_000 },
	{ key: 'press-1/bad-quality', state: 'bad-quality', ageMs: 900 },
	{ key: 'press-1/learning', state: 'learning', ageMs: 300, hasLimits: false },
	{ key: 'press-1/not-judged', state: 'not-judged', ageMs: 300, hasLimits: false },
	{ key: 'press-1/empty', state: 'no-data', ageMs: undefined, hasLimits: false },
];
const POINTS = 120;
const LIMITS = limitsAround(21, 0.2);

/** The pages' own parts around streams that nobody measures, at a moment that stays. */
export function createDesignApp(app: App): App {
	const rings = createRings();
	const limits = createLimitsBook();
	const need = { points: POINTS, charts: CHARTS };
	rings.expect(new Map(STAGED.map(({ key }) => [key, need])));
	const streams = STAGED.map((staged) => {
		if (staged.hasLimits ?? true) limits.addHistory(staged.key, [limitsOf(staged.key)]);
		return stage(rings, staged);
	});
	const none = { change: () => undefined, stop: () => undefined };
	return {
		...app,
		rings,
		limits,
		nowMs: START_MS,
		connection: { state: 'live' },
		live: { ...app.live, subscribe: () => none, listen: () => () => undefined, clockOffsetMs: () => 0 },
		// No gaps are recorded of what is not measured.
		api: { ...app.api, points: () => Promise.reject(new Error('nothing is stored of it')) },
		directory: {
			...app.directory,
			streams,
			fault: '',
			revision: 0,
			openViolations: 0,
			get: (id) => streams.find((stream) => stream.id === id),
		},
		standingOf(stream) {
			const ageMs = stream.last ? START_MS - stream.last.tMs : undefined;
			const freshness = freshnessOf({ state: stream.state, ageMs, intervalMs: () => 1000, isLost: false });
			return { freshness, ageMs, standing: standingOf(stream.state, freshness, stream.sigma) };
		},
	};
}

function stage(rings: Rings, { key, state, ageMs, rules = [], hasLimits = true }: Staged): StreamEntry {
	const entry = new StreamEntry(streamOf(key, state));
	entry.expectMs = 1000;
	if (hasLimits) entry.sigma = LIMITS.sigma;
	if (state === 'learning') entry.become(state, { points: 37, wanted: 100 });
	if (ageMs === undefined) return entry;
	const noise = createNoise(key.length, 1.7);
	const count = state === 'learning' ? 37 : POINTS;
	for (let i = 0; i < count; i++) {
		const isLast = i === count - 1;
		const off = rules.length > 0 && i >= count - 2 ? 3.4 : noise();
		const point = { tMs: START_MS - ageMs - (count - 1 - i) * 1000, v: LIMITS.centre + LIMITS.sigma * off };
		const quality = isLast && state === 'bad-quality' ? QUALITY.bad : QUALITY.good;
		rings.push(key, 'i', { ...point, signals: rules.length > 0 && isLast ? 0b1_0001 : 0, flags: 0, quality });
		entry.last = { ...point, arrivedMs: undefined };
	}
	entry.active = rules.map((rule) => violationOf(key, rule));
	return entry;
}

function streamOf(key: string, state: ApiStream['state']): ApiStream {
	const own = { id: key, key, labels: {}, site: 'design', asset: 'press-1', kind: 'machine', unit: '°C' } as const;
	return { ...own, state, last: null, openViolations: 0 };
}

function limitsOf(key: string) {
	const [own, from] = [
		{ limitsId: key, chart: 'i', ...LIMITS } as const,
		new Date(START_MS - 86_400_000).toISOString(),
	];
	return { ...own, from, rules: [1, 5], method: 'given', baseline: null, notes: [], lag1: null };
}

function violationOf(key: string, rule: Rule): ApiViolation {
	const when = new Date(START_MS - 1700).toISOString();
	return {
		id: `${key} ${rule}`,
		stream: { id: key, key, labels: {}, site: 'design', unit: '°C' },
		chart: 'i',
		rule,
		side: 'above',
		firstAt: when,
		lastAt: when,
		endedAt: null,
		spanFrom: when,
		active: true,
		state: 'open',
		severity: 'warning',
		points: 1,
		value: LIMITS.ucl,
		centre: LIMITS.centre,
		sigma: LIMITS.sigma,
		limitsId: key,
		revision: 1,
		context: { before: [], at: [], after: [], complete: false },
		metrics: {},
		cause: null,
		assignee: null,
	};
}
