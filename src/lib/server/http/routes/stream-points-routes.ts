import { z } from '@hono/zod-openapi';
import type { ApiPoints } from '#contracts/api.ts';
import { plotsValues } from '#contracts/charted.ts';
import { RetriableError } from '#contracts/error.ts';
import type { Limits } from '#contracts/limits.ts';
import type { Gap } from '#contracts/point.ts';
import { MAX_AHEAD_MICROS } from '#contracts/time.ts';
import type { Signal } from '#contracts/verdict.ts';
import { countParameter, idParameter, timeParameter } from '#server/http/parameters.ts';
import { withExclusions } from '#server/http/answers/exclusions.ts';
import { onePerBucket } from '#server/http/answers/thin.ts';
import {
	MAX_POINTS,
	earliestOf,
	freshSignals,
	limitsIn,
	readPoints,
	tooMany,
	type PointWish,
	type Stretch,
} from '#server/http/answers/points-read.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { pointsSchema } from '#server/http/schemas.ts';
import type { PlottedWindow } from '#server/engine/port.ts';
import type { PointRange } from '#server/store/port.ts';
import { allLimits } from './streams-routes.ts';
import type { Visible } from '#server/http/visible.ts';

const USUAL_LAST = 500;
const MAX_ASKED = 100_000_000;

const query = z.strictObject({
	from: timeParameter.optional(),
	to: timeParameter.optional(),
	last: countParameter(MAX_ASKED)
		.optional()
		.openapi({
			description: `The newest so many; ${USUAL_LAST} without from and to`,
		}),
	maxPoints: countParameter(MAX_POINTS).optional().openapi({ description: 'Thin to at most so many buckets' }),
	thin: z.enum(['buckets', 'lttb']).optional().openapi({
		description:
			'How: buckets of time with mean, least and largest, or (lttb) so many of the points themselves, which keep the shape of the line',
	}),
});

export function streamPointRoutes(ports: HttpPorts, visible: Visible): AnswerRoute[] {
	return [
		answer({
			method: 'GET',
			path: '/api/v1/streams/{id}/points',
			access: 'look',
			tag: 'Streams',
			summary: 'Points with gaps, signals and limits, as columns',
			input: {
				params: idParameter,
				query,
			},
			output: { schema: pointsSchema },
			problems: {
				413: `More than ${MAX_POINTS} points without maxPoints`,
				503: 'The store does not answer and the newest points in memory do not reach back far enough',
			},
			async handle({ principal, params, query: asked }) {
				const { stream, plan } = await visible.stream(principal, params.id);
				const wish = wishOf(stream.id, asked, ports.now());
				const windows = ports.engine.windows(stream.id);
				// Means and scores are no measured values.
				const measured = plotsValues(plan) ? windows : [];
				const reading = readPoints({ store: ports.store, windows: measured }, wish);
				const [stretch, beside] = await Promise.all([reading, besides(ports, { wish, windows: measured, reading })]);
				const taken = stretch.thinned === null ? await exclusionsOf(ports, stream.id, stretch.points.tMicros) : [];
				const points = withExclusions(stretch.points, taken);
				return { body: toApiPoints({ ...stretch, points }, beside, windows) };
			},
		}),
	];
}

/** A bucket stands for points that were taken out and for others: it is drawn as a whole. */
async function exclusionsOf({ metadata }: HttpPorts, streamId: number, tMicros: Float64Array) {
	const [fromMicros, toMicros] = [tMicros[0], tMicros.at(-1)];
	if (fromMicros === undefined || toMicros === undefined) return [];
	return metadata.annotations.of(streamId, { fromMicros, toMicros, kind: 'exclusion' });
}

function wishOf(streamId: number, asked: z.output<typeof query>, nowMicros: number): PointWish {
	const { from, to, last, maxPoints } = asked;
	const shaped = asked.thin === 'lttb';
	if (shaped && maxPoints === undefined) throw fault('query.thin', 'needs maxPoints: to how many?');
	if (from === undefined && to === undefined) {
		if ((last ?? 0) > MAX_POINTS) throw tooMany(last ?? 0);
		return { streamId, last: last ?? USUAL_LAST, maxPoints, shaped };
	}
	if (last !== undefined) throw fault('query.last', 'cannot be combined with from or to');
	const range = { fromMicros: from ?? 0, toMicros: to ?? nowMicros + MAX_AHEAD_MICROS };
	if (range.fromMicros > range.toMicros) throw fault('query.from', 'is after to');
	return { streamId, ...range, maxPoints, shaped };
}

function fault(path: string, message: string): Problem {
	return new Problem(400, `${path}: ${message}`, { faults: [{ path, message }] });
}

/** What is drawn with points, over the same range. */
interface Beside {
	readonly range: PointRange;
	readonly signals: readonly Signal[];
	readonly gaps: readonly Gap[];
	readonly limits: readonly Limits[];
}

/** Asked for together with the points where it is known what range they will have at most; otherwise the points say it, or that it is too much. */
async function besides(
	ports: HttpPorts,
	of: { readonly wish: PointWish; readonly windows: readonly PlottedWindow[]; readonly reading: Promise<Stretch> },
): Promise<Beside> {
	const { wish, windows, reading } = of;
	const atMost = rangeAtMost(wish, windows, ports.now());
	const { fromMicros, toMicros } = atMost ?? rangeOf(wish, (await reading).points.tMicros);
	const asked = { streamId: wish.streamId, fromMicros, toMicros };
	const [signals, gaps, limits] = await Promise.all([
		orNothing(ports.store.signals(asked)),
		orNothing(ports.store.gaps(asked)),
		allLimits(ports, wish.streamId),
	]);
	const range = rangeOf(wish, (await reading).points.tMicros);
	const isIn = ({ tMicros }: Signal) => tMicros >= range.fromMicros && tMicros <= range.toMicros;
	const touches = (gap: Gap) => gap.fromMicros <= range.toMicros && gap.toMicros >= range.fromMicros;
	return { range, signals: signals.filter(isIn), gaps: gaps.filter(touches), limits };
}

function rangeAtMost(wish: PointWish, windows: readonly PlottedWindow[], nowMicros: number): PointRange | undefined {
	if (!('last' in wish)) return wish.maxPoints === undefined ? undefined : wish;
	const fromMicros = earliestOf(windows, wish.last);
	return fromMicros === undefined
		? undefined
		: { streamId: wish.streamId, fromMicros, toMicros: nowMicros + MAX_AHEAD_MICROS };
}

function rangeOf(wish: PointWish, tMicros: Float64Array): PointRange {
	if (!('last' in wish)) return wish;
	return { streamId: wish.streamId, fromMicros: tMicros[0] ?? 0, toMicros: tMicros.at(-1) ?? 0 };
}

function toApiPoints(
	{ points, thinned }: Stretch,
	{ range, signals, gaps, limits }: Beside,
	windows: ReturnType<HttpPorts['engine']['windows']>,
): ApiPoints {
	const known = signals.map(({ tMicros, chart, rule, side }) => ({ t: tMicros, chart, rule, side }));
	const stored = thinned ? onePerBucket(known, { points, ...thinned }) : known;
	return {
		t: [...points.tMicros],
		v: [...points.v],
		quality: [...points.quality],
		flags: [...points.flags],
		gaps: gaps.map((gap) => [gap.fromMicros, gap.toMicros, gap.reason] as const),
		signals: [...stored, ...freshSignals({ windows, limits, stored, range })].sort((a, b) => a.t - b.t),
		limits: limitsIn(limits, range.fromMicros, range.toMicros).map((one) => ({
			from: one.fromMicros,
			chart: one.chart,
			centre: one.centre,
			sigma: one.sigma,
			lcl: one.lcl,
			ucl: one.ucl,
			limitsId: one.id,
		})),
		thinned: thinned && {
			bucketMicros: thinned.bucketMicros,
			min: [...thinned.min],
			max: [...thinned.max],
			count: [...thinned.count],
		},
	};
}

/** The points are what was asked for: with the store away the engine's own signals have to do. */
async function orNothing<T>(rows: Promise<readonly T[]>): Promise<readonly T[]> {
	try {
		return await rows;
	} catch (error) {
		if (error instanceof RetriableError) return [];
		throw error;
	}
}
