import { isIP } from 'node:net';

/** What `Host` or an origin says: name without port, lower case, without the brackets of IPv6. */
export interface Authority {
	readonly name: string;
	readonly port: string;
}

/** @returns undefined when this is no authority (`user@host`, a path, spaces, nothing) */
export function parseAuthority(host: string | undefined): Authority | undefined {
	const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i.exec(host ?? '');
	if (!match) return undefined;
	const [, v6, name, port = ''] = match;
	if (v6 !== undefined && isIP(v6) !== 6) return undefined;
	return { name: (v6 ?? name ?? '').toLowerCase().replace(/\.$/, ''), port };
}

/**
 * localhost, an address literal, or the configured name. Any other name may be one that an attacker's DNS points at
 * us, so that the browser takes our answers for its page's own (DNS rebinding).
 */
export function isOurHost(host: Authority, publicUrl: URL | undefined): boolean {
	if (host.name === 'localhost' || isIP(host.name) !== 0) return true;
	return publicUrl !== undefined && host.name === parseAuthority(publicUrl.host)?.name;
}

/** @param origin the header as sent; @param host the request's `Host` */
export function isSameOrigin(origin: string, host: Authority, publicUrl: URL | undefined): boolean {
	if (publicUrl !== undefined && origin === publicUrl.origin) return true;
	const match = /^(https?):\/\/([^/]+)$/i.exec(origin);
	const from = parseAuthority(match?.[2]);
	if (!from) return false;
	const usual = match?.[1]?.toLowerCase() === 'https' ? '443' : '80';
	return from.name === host.name && (from.port || usual) === (host.port || usual);
}
