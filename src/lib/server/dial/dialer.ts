import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, request, type Dispatcher } from 'undici';
import { RetriableError, messageOf } from '#contracts/error.ts';
import { createAllowList, type AllowList } from './allow-list.ts';
import { DialRefused, type Dialed, type Dialer, type Dialing } from './port.ts';
import { isPublicAddress } from './public-address.ts';

export interface Resolved {
	readonly address: string;
	readonly family: number;
}

export interface DialerOptions {
	/** `SIGMASCOPE_ALLOW_ADDRESSES`. */
	readonly allow: readonly string[];
	/** All addresses of a name; the system's resolver unless a test brings its own. */
	readonly resolve?: (host: string) => Promise<readonly Resolved[]>;
}

const CONNECT_MS = 10_000;
const KEEP_ALIVE_MS = 4000;

/**
 * Sends requests to addresses that people give us, and to no machine that they could not reach themselves.
 *
 * The check stands where the connection is made, so that it sees what is connected to: a name is looked up once, all of
 * its addresses have to be fine, and one of those is taken. Whatever a redirect or a later answer of DNS says passes the
 * same way.
 */
export function createDialer({ allow, resolve = systemLookup }: DialerOptions): Dialer {
	const allowed = createAllowList(allow);
	const agents = {
		person: new Agent({ connect: guarded(allowed, resolve), keepAliveTimeout: KEEP_ALIVE_MS }),
		operator: new Agent({ connect: { timeout: CONNECT_MS }, keepAliveTimeout: KEEP_ALIVE_MS }),
	};

	async function once(url: URL, dialing: Dialing, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
		const { method = 'GET', headers = {}, body = null } = dialing;
		try {
			return await request(url, { method, headers, body, signal, dispatcher: agents[dialing.by] });
		} catch (error) {
			throw faultOf(error, url, dialing);
		}
	}

	async function follow(dialing: Dialing, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
		let url = parseUrl(dialing.url);
		let current = dialing;
		for (let left = dialing.redirects ?? 0; ; left--) {
			const response = await once(url, current, signal);
			const to = left > 0 && (dialing.method ?? 'GET') === 'GET' ? redirectOf(response, url) : undefined;
			if (!to) return response;
			drop(response);
			// Where it leads nobody wrote into our configuration, and what was meant for one is not shown to another.
			current = { ...current, by: 'person', headers: to.origin === url.origin ? (current.headers ?? {}) : {} };
			url = to;
		}
	}

	return {
		async dial(dialing) {
			const timeout = AbortSignal.timeout(dialing.timeoutMs);
			const signal = dialing.signal ? AbortSignal.any([dialing.signal, timeout]) : timeout;
			const response = await follow(dialing, signal);
			try {
				return await answerOf(response, dialing.maxBytes);
			} catch (error) {
				throw faultOf(error, parseUrl(dialing.url), dialing);
			}
		},
		async check(text) {
			const { hostname, port } = authorityOf(parseUrl(text));
			if (allowed.hasHost(hostname, port)) return;
			const addresses = isIP(hostname) ? [{ address: hostname }] : await lookUp(resolve, hostname);
			refuseUnlessFine(allowed, hostname, addresses);
		},
		async close() {
			await Promise.all([agents.person.destroy(), agents.operator.destroy()]);
		},
	};
}

/** Makes connections only to addresses that were looked at. */
function guarded(allowed: AllowList, resolve: NonNullable<DialerOptions['resolve']>): buildConnector.connector {
	const pinned: LookupFunction = (host, options, callback) => {
		lookUp(resolve, host).then(
			(addresses) => {
				try {
					refuseUnlessFine(allowed, host, addresses);
				} catch (error) {
					return callback(error as NodeJS.ErrnoException, []);
				}
				const [first] = addresses;
				if (options.all) callback(null, [...addresses]);
				else callback(null, first?.address ?? '', first?.family ?? 4);
			},
			(error: unknown) => callback(error as NodeJS.ErrnoException, []),
		);
	};
	const plain = buildConnector({ timeout: CONNECT_MS });
	const checked = buildConnector({ timeout: CONNECT_MS, lookup: pinned });
	return (options, callback) => {
		const hostname = options.hostname.replace(/^\[(.*)\]$/, '$1');
		const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
		if (allowed.hasHost(hostname, port)) return plain(options, callback);
		// For an address as such nobody calls `lookup`.
		if (isIP(hostname) !== 0) {
			try {
				refuseUnlessFine(allowed, hostname, [{ address: hostname }]);
			} catch (error) {
				return callback(error as Error, null);
			}
		}
		checked(options, callback);
	};
}

/** @throws DialRefused; names no address that was not typed: what lies behind a name of the network inside is not told */
export function refuseUnlessFine(
	allowed: AllowList,
	host: string,
	addresses: readonly Pick<Resolved, 'address'>[],
): void {
	if (addresses.length === 0) throw new RetriableError(`cannot look up ${JSON.stringify(host)}: it has no address`);
	if (addresses.every(({ address }) => isPublicAddress(address) || allowed.hasAddress(address))) return;
	throw new DialRefused(
		`cannot send to ${JSON.stringify(host)}: it is on a private network; an operator allows it with SIGMASCOPE_ALLOW_ADDRESSES=host:port (or a network such as 10.0.0.0/8)`,
	);
}

/** @throws DialRefused when it is none of http and https, or carries a password */
function parseUrl(text: string): URL {
	const url = URL.parse(text);
	if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
		throw new DialRefused('cannot send to this address: write http://… or https://…');
	if (url.username !== '' || url.password !== '')
		throw new DialRefused('cannot send to this address: name and password do not belong into it; use a header');
	return url;
}

function authorityOf(url: URL): { readonly hostname: string; readonly port: number } {
	const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
	return { hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'), port };
}

async function lookUp(resolve: NonNullable<DialerOptions['resolve']>, host: string): Promise<readonly Resolved[]> {
	try {
		return await resolve(host);
	} catch (error) {
		throw new RetriableError(`cannot look up ${JSON.stringify(host)}: ${messageOf(error)}`);
	}
}

function systemLookup(host: string): Promise<readonly Resolved[]> {
	return lookup(host, { all: true, verbatim: true });
}

/** @throws DialRefused when it leads to what is no address of the web */
function redirectOf(response: Dispatcher.ResponseData, from: URL): URL | undefined {
	const { location } = response.headers;
	if (response.statusCode < 300 || response.statusCode > 399 || typeof location !== 'string') return undefined;
	return parseUrl(URL.parse(location, from)?.href ?? location);
}

async function answerOf(response: Dispatcher.ResponseData, maxBytes: number): Promise<Dialed> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
		chunks.push(chunk);
		length += chunk.length;
		if (length > maxBytes) break;
	}
	drop(response);
	const headers = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().at(-1) ?? '']);
	return {
		status: response.statusCode,
		headers: Object.fromEntries(headers) as Record<string, string>,
		bytes: Buffer.concat(chunks).subarray(0, maxBytes),
		isCut: length > maxBytes,
	};
}

/** What is not read any more ends its connection; that this is an error of the stream nobody has to hear. */
function drop({ body }: Dispatcher.ResponseData): void {
	body.on('error', () => undefined);
	body.destroy();
}

function faultOf(error: unknown, url: URL, { timeoutMs, signal }: Dialing): Error {
	if (error instanceof DialRefused || error instanceof RetriableError) return error;
	if (error instanceof Error && error.cause instanceof DialRefused) return error.cause;
	if (signal?.aborted) return new RetriableError(`cannot reach ${url.host}: given up`, { cause: error });
	const isLate = error instanceof Error && error.name === 'TimeoutError';
	const why = isLate ? `no answer within ${timeoutMs} ms` : messageOf(error);
	return new RetriableError(`cannot reach ${url.host}: ${why}`, { cause: error });
}
