import type { IncomingHttpHeaders } from 'node:http';
import type { Logger } from 'pino';
import type { Who } from '#contracts/principal.ts';
import { RIGHTS, rightsAt, rightsOfScopes, type Scope } from '#contracts/rights.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { Identity } from '../identity/port.ts';
import { cookiesOver, setCookie } from './cookie.ts';
import { isOurHost, isSameOrigin, parseAuthority } from './host.ts';
import { createKnown } from './known.ts';
import type { Asking, Auth, Entry } from './port.ts';
import { createProxies } from './proxies.ts';
import { cookieValue, instanceName, sameSecret } from './secret.ts';

export interface AuthOptions {
	readonly identity: Pick<Identity, 'isSetUp' | 'ofSession' | 'ofKey' | 'onChange'>;
	/** Of the start link: whoever knows it is the owner. Another one from the first account on. */
	readonly startToken: () => string;
	/** `SIGMASCOPE_API_KEY`: has the owner's rights, for automation. */
	readonly bootstrapKey: string | undefined;
	/** Of our own collectors, made anew with every start: may write to the site that each is configured for. */
	readonly collectorsKey?: string;
	/** Where the owner's own writes go. */
	readonly defaultSite: string;
	/** The configured public address; the only name besides localhost under which we answer. */
	readonly publicUrl: string | undefined;
	/** Tells this product from another one on the same machine. */
	readonly instance: string;
	/** Addresses and networks whose `X-Forwarded-For` and `X-Forwarded-Proto` count. */
	readonly trustedProxies?: readonly string[];
	readonly now: NowMicros;
	readonly log: Logger;
}

/** As long as a session can last. */
const SESSION_SECONDS = 30 * 86_400;
/** The longest that browsers keep a cookie. */
const LONGEST_SECONDS = 400 * 86_400;
const MOST_AGENT_CHARS = 200;

export function createAuth(options: AuthOptions): Auth {
	const { identity, startToken, bootstrapKey, collectorsKey, defaultSite, log } = options;
	if (startToken().length < 16) throw new RangeError('cannot guard with a start token of less than 16 characters');
	const publicUrl = options.publicUrl === undefined ? undefined : new URL(options.publicUrl);
	const startCookie = `sigmascope_${instanceName(options.instance)}`;
	const sessionCookie = `sigmascope_session_${instanceName(options.instance)}`;
	const proxies = createProxies(options.trustedProxies ?? []);
	const known = createKnown(options.now);
	identity.onChange(known.forget);

	const holder = (kind: Who['kind'], name: string, id: string): Who => ({
		kind,
		name,
		id,
		sites: 'all',
		scopes: ['read', 'write', 'admin', 'proxy'],
		writeSite: defaultSite,
		rights: rightsAt('all', RIGHTS),
		grants: [],
		isOwner: true,
	});

	async function ofBearer(secret: string): Promise<Who | undefined> {
		if (sameSecret(secret, startToken())) return holder('owner', 'owner', 'start-link');
		if (bootstrapKey !== undefined && sameSecret(secret, bootstrapKey))
			return holder('key', 'bootstrap key', 'bootstrap-key');
		if (collectorsKey !== undefined && sameSecret(secret, collectorsKey)) return collectors();
		return known.find(secret, () => identity.ofKey(secret));
	}

	function collectors(): Who {
		const scopes: readonly Scope[] = ['write'];
		const rights = rightsAt('all', rightsOfScopes(scopes));
		return { ...holder('key', 'collectors', 'collectors'), scopes, rights, isOwner: false };
	}

	async function ofCookies({ cookie }: IncomingHttpHeaders): Promise<Who | undefined> {
		for (const secret of cookiesOver(cookie, sessionCookie).slice(0, 2)) {
			const who = await known.find(secret, async () => (await identity.ofSession(secret)) ?? identity.ofKey(secret));
			if (who) return who;
		}
		if (identity.isSetUp()) return undefined;
		const right = cookieValue(startToken());
		const isStart = cookiesOver(cookie, startCookie).some((value) => sameSecret(value, right));
		return isStart ? holder('owner', 'owner', 'start-link') : undefined;
	}

	/** A proxy that ends TLS is known by the configured name, or by its address where it is trusted. */
	function transportOf(asking: Asking): 'http' | 'https' {
		const host = parseAuthority(asking.headers.host)?.name;
		const named = publicUrl !== undefined && host === parseAuthority(publicUrl.host)?.name;
		if (named && publicUrl.protocol === 'https:') return 'https';
		return proxies.protocolOf(asking) === 'https' ? 'https' : 'http';
	}

	return {
		async resolve(headers) {
			if (headers.authorization === undefined) return ofCookies(headers);
			const secret = /^(?:bearer|token)\s+(\S+)\s*$/i.exec(headers.authorization)?.[1];
			return secret === undefined ? undefined : ofBearer(secret);
		},
		onChange: identity.onChange,
		hostFault(headers) {
			const host = parseAuthority(headers.host);
			if (host && isOurHost(host, publicUrl)) return undefined;
			return `This server does not answer to ${JSON.stringify(headers.host ?? '')}: use localhost or an IP address, or set SIGMASCOPE_URL to this address.`;
		},
		originFault(headers) {
			const host = parseAuthority(headers.host);
			const { origin } = headers;
			if (origin === undefined) return withoutOrigin(headers);
			if (host && isSameOrigin(origin, host, publicUrl)) return undefined;
			return `A page of ${JSON.stringify(origin)} may not do this.`;
		},
		enter(url, asking) {
			const parts = withoutToken(url);
			if (parts === undefined) return undefined;
			if (identity.isSetUp() || !sameSecret(parts.token, startToken())) {
				log.warn('a start link with a wrong or used token was opened');
				return { allowed: false, location: parts.location } satisfies Entry;
			}
			const kept = setCookie({
				name: startCookie,
				value: cookieValue(startToken()),
				transport: transportOf(asking),
				maxAgeSeconds: LONGEST_SECONDS,
			});
			return { allowed: true, location: parts.location, setCookie: kept } satisfies Entry;
		},
		from: (asking) => ({
			address: proxies.addressOf(asking),
			agent: (asking.headers['user-agent'] ?? '').slice(0, MOST_AGENT_CHARS),
		}),
		isHttps: (asking) => transportOf(asking) === 'https',
		sessionCookie: (secret, asking, keeps = 'session') =>
			setCookie({
				name: sessionCookie,
				value: secret ?? '',
				transport: transportOf(asking),
				maxAgeSeconds: keeps === 'session' ? SESSION_SECONDS : LONGEST_SECONDS,
			}),
	};
}

/** Browsers send `Origin` with whatever writes; one that goes by a cookie and has none is no page that we know of. */
function withoutOrigin(headers: IncomingHttpHeaders): string | undefined {
	const site = headers['sec-fetch-site'];
	if (site === 'same-origin' || site === 'none') return undefined;
	if (site !== undefined) return 'A page of another site may not do this.';
	const goesByCookie = headers.cookie !== undefined && headers.authorization === undefined;
	return goesByCookie ? 'Whoever goes by a cookie has to send Origin; programs send a key instead.' : undefined;
}

/** Takes `token` out of a path with query; the rest keeps its spelling. */
function withoutToken(url: string): { token: string; location: string } | undefined {
	const mark = url.indexOf('?');
	if (mark < 0) return undefined;
	const pairs = url.slice(mark + 1).split('&');
	const given = pairs.find((pair) => pair.startsWith('token='));
	if (given === undefined) return undefined;
	const rest = pairs.filter((pair) => !pair.startsWith('token=')).join('&');
	// More than one slash at the start would send the browser to another host.
	const path = `/${url.slice(0, mark).replace(/^[/\\]+/, '')}`;
	return { token: given.slice('token='.length), location: rest === '' ? path : `${path}?${rest}` };
}
