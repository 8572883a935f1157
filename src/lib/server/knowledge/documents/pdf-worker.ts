import { parentPort, workerData } from 'node:worker_threads';
import { getDocumentProxy } from 'unpdf';
import { MAX_PAGES, type PdfAnswer } from './pdf.ts';

/** Two lines further apart than this many line heights are two paragraphs. */
const PARAGRAPH_GAP = 1.6;
const MAX_CHARS = 20_000_000;

interface Item {
	readonly str: string;
	readonly hasEOL: boolean;
	readonly height: number;
	readonly transform: readonly number[];
}

parentPort?.postMessage(await answer(workerData as Uint8Array));

async function answer(bytes: Uint8Array): Promise<PdfAnswer> {
	try {
		return { pages: await pagesOf(bytes) };
	} catch (error) {
		return { fault: faultOf(error) };
	}
}

async function pagesOf(bytes: Uint8Array): Promise<string[]> {
	const pdf = await getDocumentProxy(bytes, {
		...{ isEvalSupported: false, enableXfa: false, stopAtErrors: false, verbosity: 0 },
		...{ disableFontFace: true, useSystemFonts: false, maxImageSize: 1 },
	});
	if (pdf.numPages > MAX_PAGES) throw new Error(`it has ${pdf.numPages} pages; ${MAX_PAGES} are allowed`);
	const pages: string[] = [];
	let chars = 0;
	for (let number = 1; number <= pdf.numPages; number++) {
		const page = await pdf.getPage(number);
		const { items } = await page.getTextContent();
		const text = textOf(items as unknown as readonly Item[]);
		page.cleanup();
		chars += text.length;
		if (chars > MAX_CHARS) throw new Error(`it has more than ${MAX_CHARS} characters`);
		pages.push(text);
	}
	return pages;
}

function textOf(items: readonly Item[]): string {
	let text = '';
	let bottom: number | undefined;
	for (const { str, hasEOL, height, transform } of items) {
		if (str === undefined) continue;
		const y = transform[5] ?? 0;
		if (str.trim() !== '' && bottom !== undefined && text.endsWith('\n')) {
			if (Math.abs(bottom - y) > PARAGRAPH_GAP * Math.max(height, 4)) text += '\n';
		}
		text += str;
		if (str.trim() !== '') bottom = y;
		if (hasEOL) text += '\n';
	}
	// A word cut at the end of a line.
	return text.replace(/(\p{Ll})-\n(?=\p{Ll})/gu, '$1').replaceAll('\0', '');
}

function faultOf(error: unknown): string {
	const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
	if (name === 'PasswordException') return 'it is protected by a password: save it without one';
	if (name === 'InvalidPDFException') return 'it is no PDF, or a broken one';
	return message.slice(0, 200);
}
