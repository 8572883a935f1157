import type { Section } from './section.ts';

const ATX = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;
const MAX_HEADING_CHARS = 200;

/** Sections of a Markdown text by its headings (CommonMark's `#` and underlined ones, not inside code), as it stands otherwise. */
export function sectionsOfMarkdown(text: string): Section[] {
	const sections: Section[] = [];
	const path: string[] = [];
	let lines: string[] = [];
	let fence: string | undefined;

	function close(): void {
		const body = lines.join('\n').trim();
		if (body !== '') sections.push({ heading: path.filter((part) => part !== '').join(' > '), page: 0, text: body });
		lines = [];
	}

	function open(level: number, title: string): void {
		close();
		path.length = Math.min(path.length, level - 1);
		while (path.length < level - 1) path.push('');
		path.push(plain(title).slice(0, MAX_HEADING_CHARS));
	}

	for (const line of withoutFrontMatter(text).split('\n')) {
		const mark = FENCE.exec(line)?.[1];
		if (mark !== undefined) {
			if (fence === undefined) fence = mark;
			else if (mark[0] === fence[0] && mark.length >= fence.length) fence = undefined;
		}
		const heading = fence === undefined ? ATX.exec(line) : null;
		const under = fence === undefined ? UNDERLINE.exec(line)?.[1] : undefined;
		const above = lines.at(-1)?.trim() ?? '';
		if (heading) open(heading[1]?.length ?? 1, heading[2] ?? '');
		else if (under !== undefined && above !== '' && (lines.at(-2)?.trim() ?? '') === '') {
			lines.pop();
			open(under[0] === '=' ? 1 : 2, above);
		} else lines.push(fence === undefined ? plain(line) : line);
	}
	close();
	// A document of headings only is found by these.
	return sections.length === 0 && path.length > 0 ? [{ heading: '', page: 0, text: path.join(' > ') }] : sections;
}

function withoutFrontMatter(text: string): string {
	const lines = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
	return lines.replace(/^---\n[\s\S]{0,10000}?\n---\n/, '');
}

/** Of a link and a picture their words remain. */
function plain(line: string): string {
	return line.replace(/!?\[([^\]]{0,500})\]\([^)]{0,2000}\)/g, '$1');
}
