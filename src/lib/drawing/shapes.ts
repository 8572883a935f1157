/** All that a picture is made of: few enough that SVG, PDF and a screen reader's text each need one small painter. */
export type Shape =
	| {
			readonly kind: 'path';
			/** SVG path data, absolute or relative, in pixels. */
			readonly d: string;
			readonly fill?: string;
			readonly stroke?: string;
			/** Pixels; 1 where it is not said. */
			readonly strokeWidth?: number;
			readonly dash?: readonly number[];
			/** 0 to 1, of fill and stroke. */
			readonly opacity?: number;
	  }
	| Text
	/** What lies outside of the box is not drawn. */
	| { readonly kind: 'clipped'; readonly box: Box; readonly shapes: readonly Shape[] }
	/** So many pixels further down. */
	| { readonly kind: 'moved'; readonly down: number; readonly shapes: readonly Shape[] };

export interface Text {
	readonly kind: 'text';
	readonly text: string;
	readonly x: number;
	/** Of the base line. */
	readonly y: number;
	/** Pixels. */
	readonly size: number;
	readonly weight: 400 | 600;
	readonly anchor: 'start' | 'middle' | 'end';
	readonly fill: string;
	/** Colour of a rim that keeps it readable over lines. */
	readonly halo?: string;
}

export interface Box {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
}

export interface Picture {
	readonly width: number;
	readonly height: number;
	readonly background: string;
	/** What it is, for who cannot see it. */
	readonly title: string;
	readonly description: string;
	readonly shapes: readonly Shape[];
}

/** Hundredths of a pixel are never seen, and long decimals are most of the size of a picture. */
export function px(value: number): number {
	return Math.round(value * 100) / 100;
}

export function rectangle({ left, top, width, height }: Box): string {
	return `M${px(left)} ${px(top)}h${px(width)}v${px(height)}h${px(-width)}z`;
}

export function circle(x: number, y: number, radius: number): string {
	const [r, d] = [px(radius), px(2 * radius)];
	return `M${px(x - radius)} ${px(y)}a${r} ${r} 0 1 0 ${d} 0a${r} ${r} 0 1 0 ${-d} 0z`;
}

export function diamond(x: number, y: number, half: number): string {
	return `M${px(x)} ${px(y - half)}l${px(half)} ${px(half)}l${px(-half)} ${px(half)}l${px(-half)} ${px(-half)}z`;
}

export function square(x: number, y: number, half: number): string {
	return rectangle({ left: x - half, top: y - half, width: 2 * half, height: 2 * half });
}

export function cross(x: number, y: number, half: number): string {
	const d = px(2 * half);
	return `M${px(x - half)} ${px(y - half)}l${d} ${d}m${-d} 0l${d} ${-d}`;
}

export function line(fromX: number, fromY: number, toX: number, toY: number): string {
	return `M${px(fromX)} ${px(fromY)}L${px(toX)} ${px(toY)}`;
}
