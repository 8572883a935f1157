import type { IncomingHttpHeaders } from 'node:http';
import type { Logger } from 'pino';
import type { Principal } from '#contracts/principal.ts';
import type { Metadata } from '../metadata/port.ts';
import type { Auth, Entry } from './port.ts';
import { cookiesNamed, nameOver, setCookie } from './cookie.ts';
import { isOurHost, isSameOrigin, parseAuthority } from './host.ts';
import { cookieName, cookieValue, sameSecret } from './secret.ts';

export interface AuthOptions {
	readonly metadata: Pick<Metadata, 'keys'>;
	/** Of the start link; whoever knows it is the owner. */
	readonly startToken: string;
	/** `SIGMASCOPE_API_KEY`: has the owner's rights, for automation. */
	readonly bootstrapKey: string | undefined;
	/** Of our own collectors, made anew with every start: may write to the site that each is configured for. */
	readonly collectorsKey?: string;
	/** Where the owner's own writes go. */
	readonly defaultSite: string;
	/** The configured public address; the only name besides localhost under which we answer. */
	readonly publicUrl: string | undefined;
	readonly log: Logger;
}

/** Until accounts exist: the start link's token (as cookie or bearer), the bootstrap key, and API keys. */
export function createAuth(options: AuthOptions): Auth {
	const { metadata, startToken, bootstrapKey, collectorsKey, defaultSite, log } = options;
	if (startToken.length < 16) throw new RangeError('cannot guard with a start token of less than 16 characters');
	const publicUrl = options.publicUrl === undefined ? undefined : new URL(options.publicUrl);
	const cookie = { name: cookieName(startToken), value: cookieValue(startToken) };

	const owner = (kind: Principal['kind'], name: string): Principal => ({
		kind,
		name,
		sites: 'all',
		scopes: ['read', 'write', 'admin'],
		writeSite: defaultSite,
	});

	async function ofKey(secret: string): Promise<Principal | undefined> {
		if (sameSecret(secret, startToken)) return owner('owner', 'owner');
		if (bootstrapKey !== undefined && sameSecret(secret, bootstrapKey)) return owner('key', 'bootstrap key');
		if (collectorsKey !== undefined && sameSecret(secret, collectorsKey))
			return { ...owner('key', 'collectors'), scopes: ['write'] };
		return metadata.keys.find(secret);
	}

	function ofCookie(headers: IncomingHttpHeaders): Principal | undefined {
		const kept = (['http', 'https'] as const).flatMap((transport) =>
			cookiesNamed(headers.cookie, nameOver(transport, cookie.name)),
		);
		return kept.some((value) => sameSecret(value, cookie.value)) ? owner('owner', 'owner') : undefined;
	}

	/** A proxy that ends TLS for the configured name is known by that name; forwarded headers anyone can write. */
	function transportOf(headers: IncomingHttpHeaders): 'http' | 'https' {
		const host = parseAuthority(headers.host)?.name;
		const named = publicUrl !== undefined && host === parseAuthority(publicUrl.host)?.name;
		return named && publicUrl.protocol === 'https:' ? 'https' : 'http';
	}

	return {
		async resolve(headers) {
			if (headers.authorization === undefined) return ofCookie(headers);
			const secret = /^(?:bearer|token)\s+(\S+)\s*$/i.exec(headers.authorization)?.[1];
			return secret === undefined ? undefined : ofKey(secret);
		},
		hostFault(headers) {
			const host = parseAuthority(headers.host);
			if (host && isOurHost(host, publicUrl)) return undefined;
			return `This server does not answer to ${JSON.stringify(headers.host ?? '')}: use localhost or an IP address, or set SIGMASCOPE_URL to this address.`;
		},
		originFault(headers) {
			const host = parseAuthority(headers.host);
			const { origin } = headers;
			if (origin === undefined)
				return headers['sec-fetch-site'] === 'cross-site' ? 'A page of another site may not do this.' : undefined;
			if (host && isSameOrigin(origin, host, publicUrl)) return undefined;
			return `A page of ${JSON.stringify(origin)} may not do this.`;
		},
		enter(url, headers) {
			const parts = withoutToken(url);
			if (parts === undefined) return undefined;
			if (!sameSecret(parts.token, startToken)) {
				log.warn('a start link with a wrong token was opened');
				return { allowed: false, location: parts.location } satisfies Entry;
			}
			const transport = transportOf(headers);
			const kept = setCookie(nameOver(transport, cookie.name), cookie.value, transport);
			return { allowed: true, location: parts.location, setCookie: kept } satisfies Entry;
		},
	};
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
