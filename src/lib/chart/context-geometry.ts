import type { ApiViolation } from '#contracts/api.ts';

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
 * @param violation as the API answers; its limits are centre ± 3 sigma
 */
export function contextPicture(
	violation: Pick<ApiViolation, 'context' | 'chart' | 'centre' | 'sigma' | 'spanFrom' | 'firstAt'>,
	{ width, height, padX, padY }: PictureSize,
): ContextPicture {
	const { before, at, after } = violation.context;
	const all = [
		...before.map((point) => ({ ...point, role: 'before' as const })),
		...at.map((point) => ({ ...point, role: 'signal' as const })),
		...after.map((point) => ({ ...point, role: 'after' as const })),
	];
	const { lcl, ucl } = limitsOf(violation);
	const values = [...all.map((point) => point.v), lcl, ucl];
	const [min, max] = [Math.min(...values), Math.max(...values)];
	const yOf = (v: number) => height - padY - ((v - min) / (max - min || 1)) * (height - 2 * padY);
	// Never closer together than a full context would be: three points are not a chart of their own.
	const step = (width - 2 * padX) / Math.max(all.length - 1, 20);
	const points = all.map((point, i) => ({ ...point, x: padX + i * step, y: yOf(point.v) }));
	return { points, span: spanOf(points, violation), yOf, line: pathOf(points) };
}

/** A moving range ends at zero. */
export function limitsOf({ chart, centre, sigma }: Pick<ApiViolation, 'chart' | 'centre' | 'sigma'>): {
	readonly lcl: number;
	readonly ucl: number;
} {
	const reach = Number.isFinite(sigma) ? 3 * sigma : 0;
	return { lcl: chart === 'i' ? centre - reach : Math.max(0, centre - reach), ucl: centre + reach };
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
