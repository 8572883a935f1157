import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '#contracts/principal.ts';

/** Answer to a page request that carries the start link's token. */
export type Entry =
	/** The token is right: keep it as a cookie and go to the same address without it. */
	| { readonly allowed: true; readonly location: string; readonly setCookie: string }
	/** The token is wrong; whoever has a valid cookie already goes on without it. */
	| { readonly allowed: false; readonly location: string };

/** Who asks, and whether the question came in at the right door. */
export interface Auth {
	/** @returns undefined when nobody can be recognised; a wrong key is never made good by a cookie beside it */
	resolve(headers: IncomingHttpHeaders): Promise<Principal | undefined>;
	/** @returns why this request's `Host` is not one of ours (a page elsewhere may have bent a name to our address) */
	hostFault(headers: IncomingHttpHeaders): string | undefined;
	/** For writes and sockets. @returns why a page of this origin may not do that; a program sends no Origin */
	originFault(headers: IncomingHttpHeaders): string | undefined;
	/** @param url path and query as requested. @returns undefined when it carries no token */
	enter(url: string, headers: IncomingHttpHeaders): Entry | undefined;
}
