import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { removeFolder, startProduct, tempFolder, type Product } from '#tests/product.ts';

const MEGABYTE = 1024 * 1024;
const CHUNK = Buffer.from(`data: ${JSON.stringify({ choices: [{ delta: { content: 'x'.repeat(4000) } }] })}\n\n`);

/** Resident memory of a process, in bytes. */
function residentBytes(pid: number): number {
	return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

async function passOnce(
	url: string,
	{ product, pauseMs }: { readonly product: Product; readonly pauseMs: number },
): Promise<{ readonly bytes: number; readonly hash: string; readonly most: number }> {
	const headers = { 'x-sigmascope-key': product.key, 'content-type': 'application/json' };
	const seen = createHash('sha256');
	let [bytes, most] = [0, 0];
	const asked = request(url, { method: 'POST', headers });
	asked.end('{"model":"m","stream":true}');
	const [answer] = (await once(asked, 'response')) as [IncomingMessage];
	for await (const chunk of answer) {
		seen.update(chunk as Buffer);
		bytes += (chunk as Buffer).length;
		most = Math.max(most, residentBytes(product.pid));
		if (pauseMs > 0) await delay(pauseMs);
	}
	return { bytes, hash: seen.digest('hex'), most };
}

describe('an answer of 100 MB', () => {
	it.each([
		['to a client that reads at once', 0],
		['to a client that reads slowly', 2],
	])('passes with flat memory %s', async (_, pauseMs) => {
		let sent = createHash('sha256');
		const provider = createServer((asked, response) => {
			asked.resume();
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			let left = Math.ceil((100 * MEGABYTE) / CHUNK.length);
			const more = () => {
				while (left > 0) {
					left--;
					sent.update(CHUNK);
					if (!response.write(CHUNK)) return void response.once('drain', more);
				}
				response.end();
			};
			more();
		});
		await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
		const folder = tempFolder('proxy');
		const file = join(folder, 'sigmascope.yaml');
		const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
		writeFileSync(file, `proxy: { targets: { big: { url: "${url}" } } }\n`);
		const product = await startProduct({ dataFolder: folder, env: { SIGMASCOPE_CONFIG: file } });
		const pass = () => passOnce(`${product.url}/proxy/big/v1/chat/completions`, { product, pauseMs });
		try {
			// The first one compiles, and makes the heap as large as it will be.
			const first = await pass();
			expect(first.bytes).toBeGreaterThanOrEqual(100 * MEGABYTE);
			expect(first.hash).toBe(sent.digest('hex'));
			sent = createHash('sha256');
			const second = await pass();
			expect(second.hash).toBe(sent.digest('hex'));
			expect((second.most - first.most) / MEGABYTE).toBeLessThan(25);
		} finally {
			await product.stop();
			removeFolder(folder);
			provider.closeAllConnections();
			provider.close();
		}
	});
});
