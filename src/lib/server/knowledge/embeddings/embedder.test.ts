import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSecret } from '#contracts/secret.ts';
import { createOllamaEmbedder } from './ollama.ts';
import { createOpenAiEmbedder } from './openai.ts';

let server: Server | undefined;
afterEach(() => {
	server?.closeAllConnections();
	server?.close();
});

/** A provider that answers this, and what it was asked. */
async function provider(answer: unknown, status = 200) {
	const asked: { path: string; key: string | undefined; body: unknown }[] = [];
	server = createServer((request, response) => {
		let text = '';
		request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
		request.on('end', () => {
			asked.push({ path: request.url ?? '', key: request.headers.authorization, body: JSON.parse(text) });
			if (answer === undefined) return;
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const soon = { timeoutMs: 5000 };
const openai = (baseUrl: string, more = {}) =>
	createOpenAiEmbedder(
		{ provider: 'openai', model: 'small', baseUrl, ...more },
		createSecret('sk-secret', () => ''),
	);
const ollama = (baseUrl: string) => createOllamaEmbedder({ provider: 'ollama', model: 'nomic', baseUrl });

describe("OpenAI's embeddings", () => {
	const item = (index: number, embedding: number[]) => ({ object: 'embedding', index, embedding });
	it('come in the order of the texts, with the key where it belongs', async () => {
		const { asked, url } = await provider({ object: 'list', data: [item(1, [0, 1]), item(0, [1, 0])], model: 'small' });
		expect(await openai(url, { dimensions: 8 }).embed(['a', 'b'], soon)).toEqual([
			[1, 0],
			[0, 1],
		]);
		expect(asked).toMatchObject([
			{ path: '/embeddings', key: 'Bearer sk-secret', body: { model: 'small', input: ['a', 'b'], dimensions: 8 } },
		]);
		expect([openai(url).model, openai(url, { dimensions: 8 }).model]).toEqual(['openai/small', 'openai/small/8']);
	});
	it('that are refused fail without the key in what is said', async () => {
		const { asked, url } = await provider({ error: { message: 'Incorrect API key' } }, 401);
		const failure = await openai(url)
			.embed(['a'], soon)
			.catch((error: unknown) => String(error));
		expect(failure).toContain('401');
		expect(failure).not.toContain('sk-secret');
		expect(asked).toHaveLength(1);
	});
});

describe('embeddings of any provider', () => {
	const f = async (embeddings: unknown) => {
		const { url } = await provider({ model: 'nomic', embeddings });
		await expect(ollama(url).embed(['a', 'b'], soon)).rejects.toThrow(/the answer has/);
	};
	it('that are fewer than the texts are refused', () => f([[1, 2]]));
	it('of different lengths are refused', () => f([[1, 2], [1]]));
	it('with something that is no number are refused', () => f([[1, 2], [1, null]])); // prettier-ignore
	it('of no length are refused', () => f([[], []]));
	it('are not waited for longer than was said', async () => {
		const { url } = await provider(undefined);
		await expect(ollama(url).embed(['a'], { timeoutMs: 50 })).rejects.toThrow();
		await expect(openai(url).embed(['a'], { timeoutMs: 50 })).rejects.toThrow();
	});
});
