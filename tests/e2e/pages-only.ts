import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setSecurityHeaders } from '#server/http/headers.ts';
import { createStaticFiles } from '#server/http/static.ts';

/** The built pages as the product serves them, with nothing behind them: enough for a page that asks nobody. */
export async function servePages(): Promise<{ readonly url: string; stop(): Promise<void> }> {
	const files = createStaticFiles(join(import.meta.dirname, '../../build'));
	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url ?? '/', 'http://localhost');
		setSecurityHeaders(response, 'http');
		if (pathname.startsWith('/api/')) return void response.writeHead(404).end();
		void files.serve(request, response, pathname);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		async stop() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
