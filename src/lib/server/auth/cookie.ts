/** @returns all values of this name in a Cookie header, in its order (a parent path may add a second one) */
export function cookiesNamed(header: string | undefined, name: string): string[] {
	return (header ?? '')
		.split(';')
		.map((pair) => pair.trim())
		.filter((pair) => pair.startsWith(`${name}=`))
		.map((pair) => pair.slice(name.length + 1));
}

export interface CookieFacts {
	readonly name: string;
	/** Empty takes it away. */
	readonly value: string;
	readonly transport: 'http' | 'https';
	readonly maxAgeSeconds: number;
}

/** Lax, not Strict: a link in an alert has to open the page as the person who is signed in. */
export function setCookie({ name, value, transport, maxAgeSeconds }: CookieFacts): string {
	const secure = transport === 'https' ? '; Secure' : '';
	const age = value === '' ? 0 : maxAgeSeconds;
	return `${nameOver(transport, name)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure}`;
}

/** The prefix makes browsers refuse the cookie from a subdomain or over plain http. */
export function nameOver(transport: 'http' | 'https', name: string): string {
	return transport === 'https' ? `__Host-${name}` : name;
}

/** @returns the values of this name over either transport */
export function cookiesOver(header: string | undefined, name: string): string[] {
	return (['https', 'http'] as const).flatMap((transport) => cookiesNamed(header, nameOver(transport, name)));
}
