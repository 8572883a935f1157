import type PDFDocument from 'pdfkit';
import { px, type Shape, type Text } from '#lib/drawing/shapes.ts';

export type Doc = InstanceType<typeof PDFDocument>;

/** Which of the shipped fonts a text is set in: PDF readers put no other letter into the place of one that is missing. */
export type FontOf = (text: string, weight: 400 | 600) => string;

/** Pictures as lines and letters of the page: sharp at any size, and its words can be searched. */
export function paint(doc: Doc, shapes: readonly Shape[], fontOf: FontOf): void {
	for (const shape of shapes) paintShape(doc, shape, fontOf);
}

function paintShape(doc: Doc, shape: Shape, fontOf: FontOf): void {
	switch (shape.kind) {
		case 'path':
			return paintPath(doc, shape);
		case 'text':
			return paintText(doc, shape, fontOf);
		case 'clipped': {
			const { left, top, width, height } = shape.box;
			doc.save();
			doc.rect(left, top, width, height).clip();
			paint(doc, shape.shapes, fontOf);
			doc.restore();
			return;
		}
		case 'moved':
			doc.save();
			doc.translate(0, shape.down);
			paint(doc, shape.shapes, fontOf);
			doc.restore();
	}
}

function paintPath(
	doc: Doc,
	{ d, fill, stroke, strokeWidth = 1, dash, opacity = 1 }: Extract<Shape, { kind: 'path' }>,
): void {
	if (d === '') return;
	doc.save();
	doc.path(d).opacity(opacity).lineWidth(strokeWidth).lineJoin('round');
	if (dash) doc.dash(dash[0] ?? 1, { space: dash[1] ?? 1 });
	if (fill !== undefined && stroke !== undefined) doc.fillAndStroke(fill, stroke);
	else if (fill !== undefined) doc.fill(fill);
	else if (stroke !== undefined) doc.stroke(stroke);
	doc.restore();
}

function paintText(doc: Doc, { text, x, y, size, weight, anchor, fill, halo }: Text, fontOf: FontOf): void {
	doc.font(fontOf(text, weight)).fontSize(px(size));
	const width = doc.widthOfString(text);
	const left = anchor === 'start' ? x : anchor === 'middle' ? x - width / 2 : x - width;
	const place = { lineBreak: false, baseline: 'alphabetic' } as const;
	if (halo !== undefined) {
		doc.save();
		doc
			.lineWidth(size / 4)
			.lineJoin('round')
			.strokeColor(halo);
		doc.text(text, left, y, { ...place, stroke: true, fill: false });
		doc.restore();
	}
	doc.fillColor(fill).text(text, left, y, place);
}
