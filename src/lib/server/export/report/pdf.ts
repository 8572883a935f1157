import { openSync, type Font } from 'fontkit';
import PDFDocument from 'pdfkit';
import { spcPicture } from '#lib/drawing/spc-svg.ts';
import { FONT_FILES } from '../pictures/fonts.ts';
import type { Fact, Pareto, ReportContent, StreamPage, Table } from './content.ts';
import { paint, type Doc, type FontOf } from './pdf-paint.ts';

const MARGIN = 44;
const WIDTH = 595.28 - 2 * MARGIN;
const BOTTOM = 841.89 - MARGIN - 18;
const SIZE = 8.5;
const ROW = 13.5;
const INK = '#111111';
const SOFT = '#555555';
const RULE = '#bbbbbb';
/** Charts are drawn this wide and set smaller, so that their type fits that of the text. */
const CHART = { width: 640, height: 350 };

/** A4, on as many pages as it takes: the summary, then a page for each stream. */
export async function pdfOf(content: ReportContent): Promise<Uint8Array> {
	const info = { Title: content.title, Creator: 'Sigmascope', Producer: 'Sigmascope' };
	const doc = new PDFDocument({
		size: 'A4',
		margin: MARGIN,
		bufferPages: true,
		lang: 'en',
		displayTitle: true,
		info,
		// A font that is open already under its own name would be opened anew for every text that asks for it by ours.
		font: '',
	});
	const chunks: Uint8Array[] = [];
	doc.on('data', (chunk: Uint8Array) => chunks.push(chunk));
	const ended = new Promise<void>((resolve, reject) => {
		doc.once('end', resolve);
		doc.once('error', reject);
	});
	const paper = createPaper(doc);
	summaryPages(paper, content);
	for (const page of content.streams) streamPage(paper, page);
	footers(paper, content.foot);
	doc.end();
	await ended;
	return Buffer.concat(chunks);
}

interface Paper {
	readonly doc: Doc;
	readonly fontOf: FontOf;
	/** One line, cut where there is no more room. */
	text(
		text: string,
		at: {
			x: number;
			y: number;
			width: number;
			size?: number;
			weight?: 400 | 600;
			colour?: string;
			align?: 'left' | 'right';
		},
	): void;
	/** Begins a new page where so much does not fit any more. */
	room(height: number): void;
}

function createPaper(doc: Doc): Paper {
	doc.registerFont('regular', FONT_FILES.regular);
	doc.registerFont('semiBold', FONT_FILES.semiBold);
	doc.registerFont('fallback', FONT_FILES.fallback);
	const plex = openSync(FONT_FILES.regular) as Font;
	const fontOf: FontOf = (text, weight) => {
		const isKnown = [...text].every((letter) => plex.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0));
		return isKnown ? (weight === 600 ? 'semiBold' : 'regular') : 'fallback';
	};
	return {
		doc,
		fontOf,
		text(text, { x, y, width, size = SIZE, weight = 400, colour = INK, align = 'left' }) {
			doc.font(fontOf(text, weight)).fontSize(size).fillColor(colour);
			const shown = fitted(doc, text, width);
			const left = align === 'right' ? x + width - doc.widthOfString(shown) : x;
			doc.text(shown, left, y, { lineBreak: false });
			doc.x = MARGIN;
			doc.y = y;
		},
		room(height) {
			if (doc.y + height <= BOTTOM) return;
			doc.addPage();
			doc.y = MARGIN;
		},
	};
}

function fitted(doc: Doc, text: string, width: number): string {
	const line = text.replace(/\s+/g, ' ');
	if (doc.widthOfString(line) <= width) return line;
	const letters = [...line];
	while (letters.length > 0 && doc.widthOfString(`${letters.join('')}…`) > width)
		letters.length -= Math.max(1, Math.floor(letters.length / 40));
	return `${letters.join('')}…`;
}

function summaryPages(paper: Paper, content: ReportContent): void {
	const { doc } = paper;
	paper.text(content.title, { x: MARGIN, y: MARGIN, width: WIDTH, size: 20, weight: 600 });
	doc.y = MARGIN + 34;
	factRows(paper, content.facts);
	if (content.notes !== '') notes(paper, content.notes);
	table(paper, content.overview);
	for (const pareto of content.paretos) bars(paper, pareto);
	if (content.providers) table(paper, content.providers);
	if (content.events) table(paper, content.events);
}

function notes({ doc, fontOf, room }: Paper, text: string): void {
	room(3 * ROW);
	doc
		.font(fontOf(text.replace(/\s/g, ' '), 400))
		.fontSize(9.5)
		.fillColor(INK);
	doc.text(text, MARGIN, doc.y, { width: WIDTH, lineGap: 2 });
	doc.y += ROW;
}

/** In three columns. */
function factRows({ doc, text, room }: Paper, facts: readonly Fact[]): void {
	const column = WIDTH / 3;
	for (let i = 0; i < facts.length; i += 3) {
		room(2 * ROW);
		const y = doc.y;
		facts.slice(i, i + 3).forEach(([name, value], at) => {
			text(name, { x: MARGIN + at * column, y, width: column - 8, size: 7.5, colour: SOFT });
			text(value, { x: MARGIN + at * column, y: y + 10, width: column - 8, size: 10 });
		});
		doc.y = y + 29;
	}
	doc.y += 4;
}

function heading({ doc, text }: Paper, title: string): void {
	text(title, { x: MARGIN, y: doc.y, width: WIDTH, size: 11.5, weight: 600 });
	doc.y += 18;
}

/** Numbers stand to the right; a head that goes over a page stands there again. */
function table(paper: Paper, { title, head, rows, note }: Table): void {
	const { doc, room, text } = paper;
	const widths = columnWidths(paper, head, rows);
	const isNumber = head.map((_, c) => rows.every((row) => /^[–−\d.,\u202f×⁰-⁹⁻ ]*$/.test(row[c] ?? '')));
	const line = (cells: readonly string[], look: { weight: 400 | 600; colour: string }) => {
		const y = doc.y;
		let x = MARGIN;
		cells.forEach((cell, c) => {
			const width = widths[c] ?? 0;
			text(cell, { x, y, width: width - 8, ...look, align: isNumber[c] && c > 0 ? 'right' : 'left' });
			x += width;
		});
		doc.y = y + ROW;
	};
	const top = () => {
		line(head, { weight: 600, colour: SOFT });
		doc
			.moveTo(MARGIN, doc.y - 2)
			.lineTo(MARGIN + WIDTH, doc.y - 2)
			.lineWidth(0.5)
			.stroke(RULE);
		doc.y += 1;
	};
	room(5 * ROW);
	heading(paper, title);
	top();
	for (const row of rows) {
		if (doc.y + ROW > BOTTOM) {
			room(2 * ROW);
			top();
		}
		line(row, { weight: 400, colour: INK });
	}
	if (note !== '') text(note, { x: MARGIN, y: doc.y + 2, width: WIDTH, size: 7.5, colour: SOFT });
	doc.y += note === '' ? 10 : 22;
}

/** More between columns than this, and a row is no longer read as one. */
const MOST_EXTRA = 36;

/** What each column needs, and what is too much is taken from the widest. */
function columnWidths({ doc, fontOf }: Paper, head: readonly string[], rows: readonly (readonly string[])[]): number[] {
	doc.fontSize(SIZE);
	const widths = head.map((name, c) =>
		Math.max(
			...[name, ...rows.map((row) => row[c] ?? '')].map((cell) => doc.font(fontOf(cell, 600)).widthOfString(cell) + 12),
		),
	);
	for (let over = sum(widths) - WIDTH; over > 0.5; over = sum(widths) - WIDTH) {
		const widest = widths.indexOf(Math.max(...widths));
		const second = Math.max(...widths.filter((_, i) => i !== widest));
		widths[widest] = Math.max((widths[widest] ?? 0) - over, Math.min(second, (widths[widest] ?? 0) - 1));
	}
	const extra = Math.min(MOST_EXTRA, (WIDTH - sum(widths)) / widths.length);
	return widths.map((width) => width + extra);
}

const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);

function bars(paper: Paper, { title, bars: all }: Pareto): void {
	const { doc, room, text } = paper;
	room((all.length + 2) * ROW);
	heading(paper, title);
	const most = Math.max(...all.map(({ count }) => count));
	const [name, longest] = [WIDTH * 0.4, WIDTH * 0.46];
	for (const bar of all) {
		const y = doc.y;
		text(bar.name, { x: MARGIN, y, width: name - 8 });
		const length = (longest * bar.count) / most;
		doc.rect(MARGIN + name, y + 1, length, 8).fill('#8a8a8a');
		text(`${bar.count} (${Math.round(bar.share * 100)} %)`, {
			x: MARGIN + name + length + 6,
			y,
			width: 60,
			colour: SOFT,
		});
		doc.y = y + ROW;
	}
	doc.y += 10;
}

function streamPage(paper: Paper, { drawing, facts, capability, violations }: StreamPage): void {
	const { doc, fontOf } = paper;
	doc.addPage();
	const scale = WIDTH / CHART.width;
	doc.save();
	doc.translate(MARGIN, MARGIN).scale(scale);
	paint(doc, spcPicture({ ...drawing, size: CHART }, 'print').shapes, fontOf);
	doc.restore();
	doc.y = MARGIN + CHART.height * scale + 14;
	factRows(paper, facts);
	if (capability) table(paper, capability);
	if (violations) table(paper, violations);
}

function footers({ doc, text }: Paper, foot: string): void {
	const { start, count } = doc.bufferedPageRange();
	for (let page = start; page < start + count; page++) {
		doc.switchToPage(page);
		// Below the margin pdfkit would begin a page of its own.
		doc.page.margins.bottom = 0;
		const y = 841.89 - MARGIN;
		text(foot, { x: MARGIN, y, width: WIDTH - 60, size: 7, colour: SOFT });
		text(`${page + 1} / ${count}`, { x: MARGIN, y, width: WIDTH, size: 7, colour: SOFT, align: 'right' });
	}
}
