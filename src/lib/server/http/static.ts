import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { chosenLanguage, LANGUAGES, preferredLanguage, type Language } from '#contracts/language.ts';
import { pagePolicy, WORKER_POLICY } from './headers.ts';

const TYPES: Readonly<Record<string, string>> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.mjs': 'text/javascript; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.json': 'application/json',
	'.webmanifest': 'application/manifest+json',
	'.svg': 'image/svg+xml',
	'.png': 'image/png',
	'.ico': 'image/x-icon',
	'.woff2': 'font/woff2',
	'.wasm': 'application/wasm',
	'.txt': 'text/plain; charset=utf-8',
	'.mp3': 'audio/mpeg',
	'.ogg': 'audio/ogg',
};
const PACKED = { br: '.br', gzip: '.gz' } as const;
const FALLBACK = '/index.html';
const WORKER = '/service-worker.js';

interface Asset {
	readonly file: string;
	readonly type: string;
	readonly etag: string;
	readonly cache: string;
	/** Of a page: its policy, with the hashes of its inline scripts; of the service worker its own. */
	readonly policy: string | undefined;
	readonly packed: readonly (keyof typeof PACKED)[];
}

export interface StaticFiles {
	/** Answers a GET or HEAD of the page's own files; every unknown page path gets the one page. */
	serve(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>;
}

/** Serves what is in the folder as it was listed, never a path that somebody asks for: nothing to climb out of. */
export function createStaticFiles(folder: string): StaticFiles {
	let listed: Promise<ReadonlyMap<string, Asset>> | undefined;
	let builtAt = -1;

	/** A build that appears or is replaced while we run is noticed with the next page. */
	function assets(): Promise<ReadonlyMap<string, Asset>> {
		const now = statSync(join(folder, FALLBACK), { throwIfNoEntry: false })?.mtimeMs ?? -1;
		if (listed === undefined || now !== builtAt) listed = list(folder);
		builtAt = now;
		return listed;
	}

	return {
		async serve(request, response, path) {
			const all = await assets();
			const asset = all.get(path) ?? (isPagePath(path) ? all.get(FALLBACK) : undefined);
			if (asset) return send(request, response, asset);
			if (isPagePath(path)) return sendText(response, 503, NOT_BUILT);
			return sendText(response, 404, 'There is no such file.\n');
		},
	};
}

const NOT_BUILT = `Sigmascope runs, but its page has not been built yet.

Run "npm start" (it builds what is missing) or "npm run build", then load this again.
The API answers all the same: /api/docs
`;

/** A missing chunk of an older build must be a 404: with the page in its place the browser would run HTML as script. */
function isPagePath(path: string): boolean {
	return !path.startsWith('/_app/') && extname(path) === '';
}

async function list(folder: string): Promise<ReadonlyMap<string, Asset>> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
	const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
	const names = new Set(files);
	const own = files.filter((file) => !Object.values(PACKED).some((end) => file.endsWith(end)));
	const pairs = own.map(async (file): Promise<[string, Asset]> => {
		const path = `/${relative(folder, file).split(sep).join('/')}`;
		return [path, await describe(file, path, names)];
	});
	return new Map(await Promise.all(pairs));
}

async function describe(file: string, path: string, names: ReadonlySet<string>): Promise<Asset> {
	const { size, mtimeMs } = await stat(file);
	const isPage = path.endsWith('.html');
	return {
		file,
		type: TYPES[extname(file)] ?? 'application/octet-stream',
		etag: `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`,
		cache: path.startsWith('/_app/immutable/') ? 'public, max-age=31536000, immutable' : 'no-cache',
		policy: isPage
			? pagePolicy(inlineScriptHashes(await readFile(file, 'utf8')))
			: path === WORKER
				? WORKER_POLICY
				: undefined,
		packed: (['br', 'gzip'] as const).filter((encoding) => names.has(file + PACKED[encoding])),
	};
}

/** @returns sha256 in base64 of every script that stands in the page itself */
export function inlineScriptHashes(html: string): string[] {
	const scripts = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/gi)];
	return scripts.map(([, text = '']) => createHash('sha256').update(text).digest('base64'));
}

async function send(request: IncomingMessage, response: ServerResponse, asset: Asset): Promise<void> {
	const accepted = String(request.headers['accept-encoding'] ?? '');
	const encoding = asset.packed.find((one) => new RegExp(`\\b${one}\\b(?!;\\s*q=0(?:\\.0*)?(?:,|$))`).test(accepted));
	const etag = encoding ? asset.etag.replace(/"$/, `-${encoding}"`) : asset.etag;
	response.setHeader('etag', etag);
	response.setHeader('cache-control', asset.cache);
	response.setHeader('vary', 'accept-encoding');
	if (asset.policy !== undefined) {
		response.setHeader('content-security-policy', asset.policy);
		response.setHeader('vary', 'accept-encoding, accept-language, cookie');
		const language = languageOf(request);
		if (language !== LANGUAGES[0]) return sendIn(language, { request, response, asset });
	}
	if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
	const file = encoding ? asset.file + PACKED[encoding] : asset.file;
	response.writeHead(200, { 'content-type': asset.type, ...(encoding ? { 'content-encoding': encoding } : {}) });
	if (request.method === 'HEAD') return void response.end();
	createReadStream(file)
		.on('error', () => response.destroy())
		.pipe(response);
}

function languageOf({ headers }: IncomingMessage): Language {
	return chosenLanguage(headers.cookie ?? '') ?? preferredLanguage(headers['accept-language'] ?? '');
}

/** A page is built once, in the first language; the few bytes of another are not worth packing. */
async function sendIn(
	language: Language,
	to: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly asset: Asset },
): Promise<void> {
	const { request, response, asset } = to;
	const etag = asset.etag.replace(/"$/, `-${language}"`);
	response.setHeader('etag', etag);
	if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
	const html = await readFile(asset.file, 'utf8');
	response.writeHead(200, { 'content-type': asset.type });
	response.end(
		request.method === 'HEAD' ? undefined : html.replace(`<html lang="${LANGUAGES[0]}"`, `<html lang="${language}"`),
	);
}

function sendText(response: ServerResponse, status: number, text: string): void {
	response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
	response.end(text);
}
