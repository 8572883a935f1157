import type { ProxyTarget } from './targets.ts';

/** Of one connection and not of the message (RFC 9110, 7.6.1), and what a proxy answers for itself. */
const HOP_BY_HOP = [
	'connection',
	'keep-alive',
	'proxy-authenticate',
	'proxy-authorization',
	'proxy-connection',
	'te',
	'trailer',
	'transfer-encoding',
	'upgrade',
];
/** `host` is the target's; `expect` has been answered here; a cookie is one of this server's and none of the provider's business. */
const OURS = ['host', 'expect', 'cookie'];
const OUR_PREFIX = 'x-sigmascope-';
/** Where clients put a provider's key. */
const KEYS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'];

type Pairs = readonly (readonly [string, string])[];

/** @param raw names and values in turn, as they came: order, case and repetition stay */
export function requestHeaders(raw: readonly string[], target: ProxyTarget): string[] {
	const pairs = pairsOf(raw);
	const dropped = new Set([...HOP_BY_HOP, ...OURS, ...namedByConnection(pairs), ...(target.key ? KEYS : [])]);
	const kept = pairs.filter(([name]) => {
		const lower = name.toLowerCase();
		return !dropped.has(lower) && !lower.startsWith(OUR_PREFIX);
	});
	return ['Host', target.url.host, ...kept.flat(), ...keyOf(target)];
}

/** A cookie of the provider's would be one of ours in the client's eyes. */
export function responseHeaders(raw: readonly string[]): string[] {
	const pairs = pairsOf(raw);
	const dropped = new Set([...HOP_BY_HOP, ...namedByConnection(pairs), 'set-cookie']);
	return pairs.filter(([name]) => !dropped.has(name.toLowerCase())).flat();
}

/** @throws RetriableError when the key is in a file that cannot be read */
function keyOf({ key, keyHeader }: ProxyTarget): string[] {
	if (key === undefined) return [];
	const secret = key.reveal();
	return [keyHeader, keyHeader === 'authorization' ? `Bearer ${secret}` : secret];
}

function pairsOf(raw: readonly string[]): Pairs {
	return Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i]!, raw[2 * i + 1]!] as const);
}

function namedByConnection(pairs: Pairs): string[] {
	return pairs
		.filter(([name]) => name.toLowerCase() === 'connection')
		.flatMap(([, value]) => value.toLowerCase().split(','))
		.map((name) => name.trim());
}

/** Our keys begin so: one in the place of the provider's would be told to the provider. */
const OUR_KEY = /(?:^|\s)sigma_/;

/** @returns the header that holds a key of ours where a provider's belongs */
export function ourKeyIn(headers: Readonly<Record<string, string | string[] | undefined>>): string | undefined {
	return KEYS.find((name) => OUR_KEY.test(String(headers[name] ?? '')));
}
