import type { ServerResponse } from 'node:http';

const ALWAYS: Readonly<Record<string, string>> = {
	'x-content-type-options': 'nosniff',
	// A start link or a deep link must not travel to where a page links to.
	'referrer-policy': 'no-referrer',
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};

/** For answers that are no page: if one is opened as a page nevertheless, nothing in it acts. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** The service worker asks the server that it stands before, and nobody else. */
export const WORKER_POLICY = "default-src 'none'; connect-src 'self'";

/** A report is opened as a page: its own styles are all it needs. */
export const REPORT_POLICY =
	"default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/** A year: a browser that has been here over https does not try http again, where somebody could listen. */
const HSTS = 'max-age=31536000';

export function setSecurityHeaders(response: ServerResponse, transport: 'http' | 'https'): void {
	if (transport === 'https') response.setHeader('strict-transport-security', HSTS);
	for (const [name, value] of Object.entries(ALWAYS)) response.setHeader(name, value);
	response.setHeader('content-security-policy', API_POLICY);
}

/**
 * @param scriptHashes sha256 in base64 of the inline scripts that may run; without one of them only our own files do
 * @returns the policy of a page of ours
 */
export function pagePolicy(scriptHashes: readonly string[]): string {
	const inline = scriptHashes.map((hash) => ` 'sha256-${hash}'`).join('');
	return [
		"default-src 'self'",
		`script-src 'self'${inline}`,
		// The charts set sizes and positions through style attributes.
		"style-src 'self' 'unsafe-inline'",
		"img-src 'self' data: blob:",
		"connect-src 'self'",
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	].join('; ');
}
