import { Resvg } from '@resvg/resvg-js';
import { parentPort } from 'node:worker_threads';
import { messageOf } from '#contracts/error.ts';
import { FONT_FILES } from './fonts.ts';
import type { RenderReply, RenderRequest } from './protocol.ts';

const font = {
	fontFiles: Object.values(FONT_FILES),
	loadSystemFonts: false,
	defaultFontFamily: 'IBM Plex Sans',
	sansSerifFamily: 'IBM Plex Sans',
};

function render({ id, svg, width }: RenderRequest): RenderReply {
	try {
		const image = new Resvg(svg, { font, fitTo: { mode: 'width', value: width }, logLevel: 'off' });
		return { id, png: image.render().asPng() };
	} catch (error) {
		return { id, error: messageOf(error) };
	}
}

parentPort?.on('message', (request: RenderRequest) => parentPort?.postMessage(render(request)));
