import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inlineScriptHashes } from './static.ts';
import { startHub, type Hub } from './testing/hub.ts';

const SCRIPT = '\n\t\t{ start(); }\n\t';
const PAGE = `<!doctype html><html lang="en"><body><script>${SCRIPT}</script><script src="/x.js"></script></body></html>`;
let hub: Hub;

beforeAll(async () => {
	hub = await startHub({
		build: {
			'index.html': PAGE,
			'index.html.br': 'packed page',
			'favicon.svg': '<svg/>',
			'service-worker.js': 'work()',
			'_app/immutable/start.abc.js': 'plain',
			'_app/immutable/start.abc.js.gz': 'zipped',
			'_app/version.json': '{}',
		},
	});
	await writeFile(join(hub.folder, 'secret.txt'), 'secret');
	await symlink(join(hub.folder, 'secret.txt'), join(hub.buildFolder, 'linked.txt'));
});
afterAll(() => hub.stop());

interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly text: string;
}

/** As written, without the tidying that fetch does to a path. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const sent = httpRequest({ port: hub.port, host: '127.0.0.1', path, method, headers }, (response) => {
			let text = '';
			response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
			response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
		});
		sent.on('error', reject);
		sent.end();
	});
}

describe('the page', () => {
	it('is given to nobody in particular', async () => expect((await ask('/')).text).toBe(PAGE));
	it('is given for every path of its own', async () => expect((await ask('/streams/7?x=1')).text).toBe(PAGE));
	it('runs the inline script that was built with it, and no other', async () => {
		const policy = String((await ask('/')).headers['content-security-policy']);
		const hash = createHash('sha256').update(SCRIPT).digest('base64');
		expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`);
		expect(policy).toContain("frame-ancestors 'none'");
		expect(policy).toContain("connect-src 'self'");
	});
	it('says the language that was chosen, before what the browser asks for', async () => {
		const { text, headers } = await ask('/', { cookie: 'sigmascope-language=de', 'accept-language': 'en' });
		expect(text).toBe(PAGE.replace('"en"', '"de"'));
		expect(headers.vary).toBe('accept-encoding, accept-language, cookie');
	});
	it('says what the browser asks for where nothing was chosen', async () =>
		expect((await ask('/', { 'accept-language': 'de-CH, en;q=0.5' })).text).toContain('<html lang="de">'));
	it('of one language is not taken for that of another', async () => {
		const german = (await ask('/', { 'accept-language': 'de' })).headers.etag as string;
		expect((await ask('/', { 'if-none-match': german })).status).toBe(200);
		expect((await ask('/', { 'if-none-match': german, 'accept-language': 'de' })).status).toBe(304);
	});
	it('is asked for again each time', async () => {
		const { headers } = await ask('/');
		expect(headers['cache-control']).toBe('no-cache');
		expect((await ask('/', { 'if-none-match': String(headers.etag) })).status).toBe(304);
	});
	it('comes packed to who can unpack it', async () => {
		const { headers, text } = await ask('/', { 'accept-encoding': 'gzip, br' });
		expect([headers['content-encoding'], headers['content-type'], text]).toEqual([
			'br',
			'text/html; charset=utf-8',
			'packed page',
		]);
	});
	it('does not come packed to who refuses that', async () =>
		expect((await ask('/', { 'accept-encoding': 'br;q=0' })).headers['content-encoding']).toBeUndefined());
	it('has a head', async () => expect(await ask('/', {}, 'HEAD')).toMatchObject({ status: 200, text: '' }));
	it('cannot be written to', async () => expect((await ask('/', {}, 'POST')).status).toBe(405));
	it('a new build is noticed', async () => {
		await writeFile(join(hub.buildFolder, 'index.html'), 'new');
		expect((await ask('/')).text).toBe('new');
		await writeFile(join(hub.buildFolder, 'index.html'), PAGE);
	});
});

describe('files', () => {
	it('with a hash in their name are kept for good', async () =>
		expect((await ask('/_app/immutable/start.abc.js')).headers).toMatchObject({
			'cache-control': 'public, max-age=31536000, immutable',
			'content-type': 'text/javascript; charset=utf-8',
			'x-content-type-options': 'nosniff',
		}));
	it('come zipped where that is there', async () =>
		expect((await ask('/_app/immutable/start.abc.js', { 'accept-encoding': 'gzip' })).text).toBe('zipped'));
	it('without one are asked for again', async () =>
		expect((await ask('/_app/version.json')).headers['cache-control']).toBe('no-cache'));
	it('that stand before the server may ask it, and are never kept', async () =>
		expect((await ask('/service-worker.js')).headers).toMatchObject({
			'cache-control': 'no-cache',
			'content-security-policy': "default-src 'none'; connect-src 'self'",
		}));
	it('of an older build are not found, and no page in their place', async () =>
		expect((await ask('/_app/immutable/gone.js')).status).toBe(404));
	it('that never were are not found', async () => expect((await ask('/robots.txt')).status).toBe(404));
	it('behind a link are not served', async () => expect((await ask('/linked.txt')).status).toBe(404));
});

describe('nothing outside the build is served', () => {
	for (const path of [
		'/../secret.txt',
		'/../../secret.txt',
		'/_app/../../secret.txt',
		'/%2e%2e/secret.txt',
		'/%2e%2e%2fsecret.txt',
		'/..%5csecret.txt',
		'/%252e%252e/secret.txt',
		'/_app/immutable/..%2f..%2f..%2fsecret.txt',
		'//secret.txt',
		'/secret.txt%00.js',
		'/.%00./secret.txt',
		'/%c0%ae%c0%ae/secret.txt',
		'/....//secret.txt',
		'http://127.0.0.1/../secret.txt',
	])
		it(path, async () => {
			const { status, text } = await ask(path);
			expect(text).not.toContain('secret');
			expect([400, 404]).toContain(status);
		});
});

describe('without a build', () => {
	it('the page says what to do, and the API answers', async () => {
		const bare = await startHub();
		const page = await bare.request('/');
		expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('npm run build')]);
		expect((await bare.request('/healthz')).status).toBe(200);
		await mkdir(bare.buildFolder, { recursive: true });
		await writeFile(join(bare.buildFolder, 'index.html'), 'built meanwhile');
		expect(await (await bare.request('/')).text()).toBe('built meanwhile');
		await bare.stop();
	});
});

describe('inline scripts', () => {
	const f = (html: string, count: number) => expect(inlineScriptHashes(html)).toHaveLength(count);
	it('are found whatever their attributes', () => f('<script type="module" async>a</script>', 1));
	it('with a source are none', () => f('<script src="a.js"></script>', 0));
	it('are found one by one', () => f('<script>a</script> <script>b</script>', 2));
});
