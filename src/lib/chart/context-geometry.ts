import type { ApiViolation } from '#contracts/api.ts';
import { kindOf } from './segments.ts';

/** A point of a violation's context, placed in a picture of width and height. */
export interface PlacedPoint {
	readonly x: number;
	readonly y: number;
	readonly t: string;
	readonly v: number;
	readonly role: 'before' | 'signal' | 'after';
}

export interface ContextPicture {
	readonly points: readonly PlacedPoint[];
	/** The stretch that completed the pattern of the first signal, as x from and to. */
	readonly span: readonly [number, number] | undefined;
	yOf(v: number): number;
	readonly line: string;
}

export interface PictureSize {
	readonly width: number;
	readonly height: number;
	readonly padX: number;
	readonly padY: number;
}

/**
 * Plotted points one after the other, evenly spaced, as on paper: the ten before, the signalling ones, the ten after.
 *
 * @param violation as the API answers
 * @param limits those that it was found by; without them centre ± 3 sigma, where that is what they are
 */
export function contextPicture(
	violation: Pick<ApiViolation, 'context' | 'chart' | 'rule' | 'centre' | 'sigma' | 'spanFrom' | 'firstAt'>,
	{ width, height, padX, padY }: PictureSize,
	limits: ContextLimits | undefined = limitsOf(violation),
): ContextPicture {
	const { before, at, after } = violation.context;
	const all = [
		...before.map((point) => ({ ...point, role: 'before' as const })),
		...at.map((point) => ({ ...point, role: 'signal' as const })),
		...after.map((point) => ({ ...point, role: 'after' as const })),
	];
	const values = [...all.map((point) => point.v), ...(limits ? [limits.lcl, limits.ucl] : [violation.centre])];
	const [min, max] = [Math.min(...values), Math.max(...values)];
	const yOf = (v: number) => height - padY - ((v - min) / (max - min || 1)) * (height - 2 * padY);
	// Never closer together than a full context would be: three points are not a chart of their own.
	const step = (width - 2 * padX) / Math.max(all.length - 1, 20);
	const points = all.map((point, i) => ({ ...point, x: padX + i * step, y: yOf(point.v) }));
	return { points, span: spanOf(points, violation), yOf, line: pathOf(points) };
}

export interface ContextLimits {
	readonly lcl: number;
	readonly ucl: number;
}

/**
 * A range ends at zero.
 *
 * @param limitsSigma where they are known to be elsewhere than at three sigmas
 * @returns undefined for a chart with limits of its own: they need not be at three sigmas
 */
export function limitsOf(
	{ chart, rule, centre, sigma }: Pick<ApiViolation, 'chart' | 'rule' | 'centre' | 'sigma'>,
	limitsSigma = 3,
): ContextLimits | undefined {
	if (rule === 'limit') return undefined;
	const reach = Number.isFinite(sigma) ? limitsSigma * sigma : 0;
	return { lcl: kindOf(chart) === 'zones' ? centre - reach : Math.max(0, centre - reach), ucl: centre + reach };
}

function spanOf(
	points: readonly PlacedPoint[],
	{ spanFrom, firstAt }: Pick<ApiViolation, 'spanFrom' | 'firstAt'>,
): readonly [number, number] | undefined {
	const from = points.find((point) => Date.parse(point.t) >= Date.parse(spanFrom));
	const to = points.find((point) => Date.parse(point.t) >= Date.parse(firstAt));
	return from && to && from.x < to.x ? [from.x, to.x] : undefined;
}

function pathOf(points: readonly PlacedPoint[]): string {
	return points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}
