import type { IncomingHttpHeaders } from 'node:http';
import type { Who } from '#contracts/principal.ts';
import type { From } from '../identity/port.ts';

/** Answer to a page request that carries the start link's token. */
export type Entry =
	/** The token is right: keep it as a cookie and go to the same address without it. */
	| { readonly allowed: true; readonly location: string; readonly setCookie: string }
	/** The token is wrong; whoever has a valid cookie already goes on without it. */
	| { readonly allowed: false; readonly location: string };

/** A request as far as it matters for who sent it. */
export interface Asking {
	readonly headers: IncomingHttpHeaders;
	readonly socket: { readonly remoteAddress?: string | undefined };
}

/** Who asks, and whether the question came in at the right door. */
export interface Auth {
	/** @returns undefined when nobody can be recognised; a wrong key is never made good by a cookie beside it */
	resolve(headers: IncomingHttpHeaders): Promise<Who | undefined>;
	/** Called after whatever may have changed what somebody may do. @returns stops */
	onChange(listener: () => void): () => void;
	/** @returns why this request's `Host` is not one of ours (a page elsewhere may have bent a name to our address) */
	hostFault(headers: IncomingHttpHeaders): string | undefined;
	/** For writes and sockets. @returns why a page of this origin may not do that; a program sends no Origin */
	originFault(headers: IncomingHttpHeaders): string | undefined;
	/** @param url path and query as requested. @returns undefined when it carries no token */
	enter(url: string, asking: Asking): Entry | undefined;
	/** Where it comes from, behind the proxies that are trusted. */
	from(asking: Asking): From;
	/** Whether the browser speaks https, to us or to a proxy in front of us. */
	isHttps(asking: Asking): boolean;
	/**
	 * The `Set-Cookie` that signs a browser in; without a secret the one that signs it out.
	 *
	 * @param keeps how long the browser keeps it: a person's as long as a session lasts, a wall's as long as it may
	 */
	sessionCookie(secret: string | undefined, asking: Asking, keeps?: 'session' | 'longest'): string;
}
