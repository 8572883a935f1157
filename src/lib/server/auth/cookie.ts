/** 400 days: the longest that browsers keep a cookie. */
const MAX_AGE_SECONDS = 34_560_000;

/** @returns all values of this name in a Cookie header, in its order (a parent path may add a second one) */
export function cookiesNamed(header: string | undefined, name: string): string[] {
	return (header ?? '')
		.split(';')
		.map((pair) => pair.trim())
		.filter((pair) => pair.startsWith(`${name}=`))
		.map((pair) => pair.slice(name.length + 1));
}

/** Lax, not Strict: a link in an alert has to open the page as the person who is signed in. */
export function setCookie(name: string, value: string, transport: 'http' | 'https'): string {
	const secure = transport === 'https' ? '; Secure' : '';
	return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${MAX_AGE_SECONDS}${secure}`;
}

/** The prefix makes browsers refuse the cookie from a subdomain or over plain http. */
export function nameOver(transport: 'http' | 'https', name: string): string {
	return transport === 'https' ? `__Host-${name}` : name;
}
