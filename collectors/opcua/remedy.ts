import { messageOf } from '#contracts/error.ts';

const HINTS: readonly (readonly [RegExp, string])[] = [
	[/ECONNREFUSED/, 'nothing listens there; is the server running?'],
	[/ENOTFOUND|EAI_AGAIN/, 'this name is not known; check "url"'],
	[/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/, 'nobody answers there; check "url" and the network'],
	[/BadUserAccessDenied|BadIdentityTokenRejected/, 'the server refuses this user; check "auth"'],
	[
		/BadIdentityTokenInvalid|[Cc]annot find .*userTokenType|ANONYMOUS/,
		'the server does not take this kind of user; check "auth"',
	],
	[
		/BadSecurityChecksFailed|BadCertificateUntrusted|BadCertificateUriInvalid|BadCertificateInvalid/,
		'the server does not trust us yet: move our certificate from its rejected to its trusted clients',
	],
	[/BadTooManySessions/, 'the server has no session left; others have them all'],
	[/BadSecurityModeRejected|BadSecurityPolicyRejected/, 'the server does not offer this; check "security"'],
	[
		/premature disconnection|socket has been disconnected|ECONNRESET|EPIPE/,
		'the server closed the connection; is this port OPC UA?',
	],
];

const MAX_CHARS = 1000;

/** Why there is no session, with what to do; in one line, without what the library adds to it. */
export function remedy(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	const text = messageOf(error).replace(/\s+/g, ' ').trim();
	const hint = HINTS.find(([pattern]) => pattern.test(`${code} ${text}`))?.[1];
	if (hint === undefined) return text.slice(0, MAX_CHARS);
	const status = /\bBad[A-Z][A-Za-z]+/.exec(text)?.[0];
	return status === undefined ? hint : `${status}: ${hint}`;
}
