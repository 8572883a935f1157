import { px, type Picture, type Shape, type Text } from './shapes.ts';
import { FAMILIES } from './theme.ts';

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};
/** What XML 1.0 has no way to write, lone surrogates included: one of them and no reader opens the file. */

const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
/** Order of reading turned about by a name would put other letters beside it into its place. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

/** Names of streams and units come from outside: whatever they hold, it is text. */
export function escapeXml(text: string): string {
	return text
		.replace(NOT_XML, '\ufffd')
		.replace(TURNING, '')
		.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? '');
}

/** @param id begins the names inside; different for pictures that stand in one document */
export function svgOf(picture: Picture, id = 'spc'): string {
	const { width, height, background, title, description } = picture;
	const clips: string[] = [];
	const body = picture.shapes.map((shape) => element(shape, id, clips)).join('');
	const family = [...FAMILIES.map((name) => `'${name}'`), 'sans-serif'].join(', ');
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
		` role="img" aria-labelledby="${id}-title ${id}-desc" font-family="${family}">`,
		`<title id="${id}-title">${escapeXml(title)}</title><desc id="${id}-desc">${escapeXml(description)}</desc>`,
		clips.length === 0 ? '' : `<defs>${clips.join('')}</defs>`,
		`<rect width="${width}" height="${height}" fill="${background}"/>`,
		body,
		'</svg>\n',
	].join('');
}

function element(shape: Shape, id: string, clips: string[]): string {
	switch (shape.kind) {
		case 'path':
			return path(shape);
		case 'text':
			return text(shape);
		case 'moved':
			return `<g transform="translate(0 ${px(shape.down)})">${shape.shapes.map((one) => element(one, id, clips)).join('')}</g>`;
		case 'clipped': {
			const { left, top, width, height } = shape.box;
			const name = `${id}-clip-${clips.length}`;
			const box = `x="${px(left)}" y="${px(top)}" width="${px(width)}" height="${px(height)}"`;
			clips.push(`<clipPath id="${name}"><rect ${box}/></clipPath>`);
			return `<g clip-path="url(#${name})">${shape.shapes.map((one) => element(one, id, clips)).join('')}</g>`;
		}
	}
}

function path({ d, fill = 'none', stroke, strokeWidth = 1, dash, opacity }: Extract<Shape, { kind: 'path' }>): string {
	const line = stroke === undefined ? '' : ` stroke="${stroke}" stroke-width="${px(strokeWidth)}"`;
	const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash.join(' ')}"`;
	const through = opacity === undefined ? '' : ` opacity="${opacity}"`;
	return `<path d="${d}" fill="${fill}"${line}${dashes}${through} stroke-linejoin="round"/>`;
}

function text({ x, y, size, weight, anchor, fill, halo, ...rest }: Text): string {
	const rim =
		halo === undefined
			? ''
			: ` paint-order="stroke" stroke="${halo}" stroke-width="${px(size / 4)}" stroke-linejoin="round"`;
	const place = `x="${px(x)}" y="${px(y)}" font-size="${px(size)}" font-weight="${weight}" text-anchor="${anchor}"`;
	return `<text ${place} fill="${fill}"${rim}>${escapeXml(rest.text)}</text>`;
}
