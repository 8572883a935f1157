import type { Picture, Shape } from './shapes.ts';

/** Pictures one below the other in one. */
export function stacked(pictures: readonly Picture[]): Picture {
	const [first] = pictures;
	if (first && pictures.length === 1) return first;
	const shapes: Shape[] = [];
	let height = 0;
	for (const picture of pictures) {
		shapes.push({ kind: 'moved', down: height, shapes: picture.shapes });
		height += picture.height;
	}
	return {
		width: Math.max(0, ...pictures.map(({ width }) => width)),
		height,
		background: first?.background ?? '#ffffff',
		title: pictures.map(({ title }) => title).join(', '),
		description: pictures.map(({ title, description }) => `${title}: ${description}`).join('. '),
		shapes,
	};
}
