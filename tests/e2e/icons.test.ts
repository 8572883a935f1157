import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';

const drawing = readFileSync('static/favicon.svg', 'utf8');
/** A launcher may cut a maskable icon to a circle of four fifths: the ground reaches the edges, the drawing stays inside. */
const maskable = drawing
	.replace('viewBox="0 0 32 32"', 'viewBox="-6.4 -6.4 44.8 44.8"')
	.replace(/<rect [^>]*>/, '<rect x="-6.4" y="-6.4" width="44.8" height="44.8" fill="#20262c" />');

interface Manifest {
	readonly icons: readonly { readonly src: string; readonly sizes: string; readonly purpose?: string }[];
}
const manifest = JSON.parse(readFileSync('static/manifest.webmanifest', 'utf8')) as Manifest;

/** With UPDATE_PICTURES=1 the files are written anew from the drawing. */
describe('icons', () => {
	for (const { src, sizes, purpose } of manifest.icons.filter((icon) => icon.src.endsWith('.png')))
		it(`${src} is our own drawing in ${sizes}`, () => {
			const svg = purpose === 'maskable' ? maskable : drawing;
			const png = new Resvg(svg, { fitTo: { mode: 'width', value: parseInt(sizes, 10) } }).render().asPng();
			const file = `static${src}`;
			if (process.env.UPDATE_PICTURES === '1') writeFileSync(file, png);
			expect(existsSync(file) && readFileSync(file).equals(png)).toBe(true);
		});
	it('are all there', () => expect(manifest.icons.filter(({ src }) => !existsSync(`static${src}`))).toEqual([]));
});
