import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Compares in a time that depends on neither; hashing first makes the lengths equal. */
export function sameSecret(given: string, expected: string): boolean {
	return timingSafeEqual(sha256(given), sha256(expected));
}

/** What the browser keeps instead of the token: proves that the token was known, and does not tell it. */
export function cookieValue(token: string): string {
	return createHmac('sha256', token).update('sigmascope owner cookie v1').digest('base64url');
}

/** Cookies are shared by all ports of a host: two instances on one machine need two names. */
export function instanceName(instance: string): string {
	return createHmac('sha256', instance).update('sigmascope cookie name v1').digest('hex').slice(0, 8);
}

function sha256(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}
