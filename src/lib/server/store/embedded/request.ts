import { timingSafeEqual, createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Failure } from './failure.ts';
import { checkSetting } from './settings.ts';

/** The address part of a request, taken apart and checked. */
export interface RequestHead {
	/** From the address; the statement may also be the body. */
	readonly query: string | undefined;
	readonly database: string | undefined;
	readonly defaultFormat: string | undefined;
	readonly settings: ReadonlyMap<string, string>;
	readonly parameters: ReadonlyMap<string, string>;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,100}$/;

/** @throws Failure */
export function parseHead(request: IncomingMessage): RequestHead {
	const url = new URL(request.url ?? '/', 'http://127.0.0.1');
	const settings = new Map<string, string>();
	const parameters = new Map<string, string>();
	const own = new Map<string, string>();
	for (const [name, value] of url.searchParams) {
		if (['query', 'query_id', 'database', 'default_format', 'enable_http_compression'].includes(name))
			own.set(name, value);
		else if (name.startsWith('param_')) parameters.set(checkName(name.slice('param_'.length), 'parameter'), value);
		else {
			const checked = checkSetting(name, value);
			if (checked !== undefined) settings.set(name, checked);
		}
	}
	const database = own.get('database');
	if (database === 'default') throw new Failure('refused', 'Database default does not exist on this server');
	return {
		query: own.get('query'),
		database: database === undefined ? undefined : checkName(database, 'database'),
		defaultFormat: own.get('default_format'),
		settings,
		parameters,
	};
}

function checkName(name: string, what: string): string {
	if (!NAME.test(name))
		throw new Failure('argument', `A ${what} cannot be called ${JSON.stringify(name.slice(0, 60))}`);
	return name;
}

export interface Credentials {
	readonly username: string;
	readonly password: string;
}

/** ClickHouse's own headers, or basic authentication; the comparison takes the same time for every wrong guess. */
export function isAuthorized(request: IncomingMessage, expected: Credentials): boolean {
	const { headers } = request;
	const user = headers['x-clickhouse-user'];
	const key = headers['x-clickhouse-key'];
	if (typeof user === 'string' || typeof key === 'string')
		return same(`${String(user)}:${String(key)}`, `${expected.username}:${expected.password}`);
	const basic = /^Basic ([A-Za-z0-9+/=]+)$/.exec(headers.authorization ?? '');
	if (!basic) return false;
	return same(Buffer.from(basic[1] ?? '', 'base64').toString('utf8'), `${expected.username}:${expected.password}`);
}

function same(given: string, expected: string): boolean {
	const digest = (text: string) => createHash('sha256').update(text).digest();
	return timingSafeEqual(digest(given), digest(expected));
}

/**
 * The body, unpacked, into a sink; bounded before and after unpacking.
 *
 * @throws Failure when it is larger than maxBytes or packed in a way that is not known here
 */
export async function readBody(request: IncomingMessage, sink: NodeJS.WritableStream, maxBytes: number): Promise<void> {
	const encoding = request.headers['content-encoding'] ?? 'identity';
	if (encoding !== 'gzip' && encoding !== 'identity')
		throw new Failure('unsupported', `Content-Encoding ${JSON.stringify(encoding)} is not supported; gzip is`);
	if (/^multipart\//.test(request.headers['content-type'] ?? ''))
		throw new Failure('unsupported', 'multipart/form-data is not supported; send parameters in the address');
	const stages: Readable = encoding === 'gzip' ? request.pipe(createGunzip()) : request;
	if (encoding === 'gzip') request.once('error', (error) => stages.destroy(error));
	await pipeline(stages, limitBytes(maxBytes), sink);
}

function limitBytes(maxBytes: number): Transform {
	let bytes = 0;
	return new Transform({
		transform(chunk: Buffer, _encoding, done) {
			bytes += chunk.length;
			if (bytes > maxBytes) done(new Failure('tooLarge', `The body is larger than ${maxBytes} bytes`));
			else done(null, chunk);
		},
	});
}
