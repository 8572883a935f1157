import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import PDFDocument from 'pdfkit';
import { describe, expect, it } from 'vitest';
import type { DocumentType } from '#contracts/knowledge.ts';
import { sectionsOfMarkdown } from './markdown.ts';
import { createPdfReader } from './pdf.ts';
import { readDocument } from './read.ts';
import { cutSections } from './section.ts';

const rssBytes = () => process.memoryUsage.rss();
const readPdf = createPdfReader({ rssBytes });
const read = (type: DocumentType, bytes: Uint8Array | string, reader = readPdf) =>
	readDocument({ type, bytes: Buffer.from(bytes as string) }, reader);

function pdf(write: (document: PDFKit.PDFDocument) => void, options: object = {}): Promise<Buffer> {
	const document = new PDFDocument(options);
	const chunks: Buffer[] = [];
	const { promise, resolve } = Promise.withResolvers<Buffer>();
	document.on('data', (chunk: Buffer) => chunks.push(chunk));
	document.on('end', () => resolve(Buffer.concat(chunks)));
	write(document);
	document.end();
	return promise;
}

/** A page whose content unpacks to so many bytes. */
function bomb(bytes: number): Buffer {
	const content = deflateSync(Buffer.alloc(bytes, ' '));
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
		'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>',
	].map((object, i) => `${i + 1} 0 obj\n${object}\nendobj\n`);
	const head = `4 0 obj\n<< /Length ${content.length} /Filter /FlateDecode >>\nstream\n`;
	const tail = '\nendstream\nendobj\ntrailer << /Root 1 0 R >>\n';
	return Buffer.concat([Buffer.from(`%PDF-1.4\n${objects.join('')}${head}`), content, Buffer.from(tail)]);
}

describe('Markdown', () => {
	const f = (text: string, sections: string[]) =>
		expect(sectionsOfMarkdown(text).map(({ heading, text: body }) => `${heading}: ${body}`)).toEqual(sections);
	it('is cut at its headings, which say what stands above them', () =>
		f('# A\nx\n## B\ny\n# C\nz', ['A: x', 'A > B: y', 'C: z']));
	it('has underlined headings', () => f('A\n===\nx\n\nB\n---\ny', ['A: x', 'A > B: y']));
	it('inside of code has none', () => f('```sh\n# no\n```', [': ```sh\n# no\n```']));
	it('has text before its first heading', () => f('x\n# A', [': x']));
	it('of headings only is found by them', () => f('# A\n## B', [': A > B']));
	it('of a link keeps the words', () => f('see [the manual](http://x/y) ![a](b)', [': see the manual a']));
	it('loses front matter', () => f('---\na: b\n---\nx', [': x']));
	it('is read in time that follows its length', () => f(`${'['.repeat(50_000)}`, [`: ${'['.repeat(50_000)}`]));
});

describe('passages', () => {
	const cut = (text: string) => cutSections([{ heading: 'H', page: 2, text }]).map((one) => one.text);
	it('are whole paragraphs while these fit', () => expect(cut('a\n\nb')).toEqual(['a\n\nb']));
	it('end before a paragraph that does not fit', () =>
		expect(cut(`${'a '.repeat(300)}\n\n${'b '.repeat(300)}`)).toHaveLength(2));
	it('of a paragraph that is too long are whole sentences', () =>
		expect(cut('This is a sentence. '.repeat(200)).every((text) => text.endsWith('.'))).toBe(true));
	it('keep every word, in order, and are never long', () =>
		fc.assert(
			fc.property(fc.array(fc.lorem({ maxCount: 300 }), { maxLength: 8 }), (paragraphs) => {
				const passages = cut(paragraphs.join('\n\n'));
				const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');
				expect(words(passages.join(' '))).toEqual(words(paragraphs.join(' ')));
				for (const text of passages) expect(text.length).toBeLessThanOrEqual(1400);
			}),
		));
});

describe('text', () => {
	it('has pages at form feeds and sections at numbered headings', async () => {
		const { sections, pages } = await read('text', '3.2 Spindle alarms\nhot\fcold\n4.1 Next\nx');
		expect(pages).toBe(2);
		expect(sections).toEqual([
			{ heading: '3.2 Spindle alarms', page: 1, text: 'hot' },
			{ heading: '3.2 Spindle alarms', page: 2, text: 'cold' },
			{ heading: '4.1 Next', page: 2, text: 'x' },
		]);
	});
	it('takes no line of a table of contents for a heading', async () =>
		expect((await read('text', '3.2 Spindle alarms ..... 14\n3.3 Other 15')).sections[0]?.heading).toBe(''));
	it('that is none is refused', async () => {
		await expect(read('text', Buffer.from([0xff, 0xfe, 0x41]))).rejects.toThrow('it is not UTF-8 text');
		await expect(read('markdown', ' \n')).rejects.toThrow('there is no text in it');
	});
});

describe('a PDF', () => {
	it('gives its text by pages and says which have none', async () => {
		const bytes = await pdf((document) => {
			document.text('3.2 Spindle alarms').moveDown(2).text('Error 3021: the drive is too hot.');
			document.addPage().text('The second page has words too, enough of them.').addPage();
		});
		const { sections, pages, notes } = await read('pdf', bytes);
		expect(pages).toBe(3);
		expect(sections).toEqual([
			{ heading: '3.2 Spindle alarms', page: 1, text: 'Error 3021: the drive is too hot.' },
			{ heading: '3.2 Spindle alarms', page: 2, text: 'The second page has words too, enough of them.' },
		]);
		expect(notes).toEqual(['without text, so not found: page 3']);
	});
	it('without text, with a password, or broken, is refused in words', async () => {
		const locked = await pdf((document) => document.text('x'), { userPassword: 'a', ownerPassword: 'b' });
		await expect(read('pdf', await pdf(() => {}))).rejects.toThrow('is it scanned?');
		await expect(read('pdf', locked)).rejects.toThrow('protected by a password');
		await expect(read('pdf', '%PDF-1.4 nothing')).rejects.toThrow('it is no PDF, or a broken one');
	});
	it('that unpacks to more than is allowed, or takes too long, ends its reader and nothing else', async () => {
		const small = createPdfReader({ rssBytes, limits: { maxGrowthBytes: 48 * 1024 * 1024 } });
		await expect(read('pdf', bomb(256 * 1024 * 1024), small)).rejects.toThrow('it needs too much memory');
		const quick = createPdfReader({ rssBytes, limits: { timeoutMs: 1 } });
		await expect(read('pdf', bomb(1000), quick)).rejects.toThrow('it takes longer than');
	});
});
