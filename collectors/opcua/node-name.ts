import { quote } from '#contracts/stream.ts';

/** A node as the configuration names it. */
export interface NodeName {
	/** Which namespace: its URI, whose index may change whenever the server starts, or an index. */
	readonly namespace: { readonly uri: string } | { readonly index: number };
	/** `s=Spindle.Load`, `i=2258`, `g=…`, `b=…`. */
	readonly identifier: string;
}

const NAME =
	/^(?:nsu=(?<uri>[^;]+);|ns=(?<index>\d{1,5});)?(?<identifier>i=\d{1,10}|s=.+|g=[0-9a-fA-F-]{36}|b=[A-Za-z0-9+/]+=*)$/su;
const MAX_INDEX = 65_535;
const MAX_NUMBER = 2 ** 32 - 1;

/** @returns undefined when the text names no node (OPC 10000-6, 5.3.1.10) */
export function parseNodeName(text: string): NodeName | undefined {
	const { uri, index = '0', identifier } = NAME.exec(text)?.groups ?? {};
	if (identifier === undefined || Number(index) > MAX_INDEX) return undefined;
	if (identifier.startsWith('i=') && Number(identifier.slice(2)) > MAX_NUMBER) return undefined;
	// Reserved characters of a URI are escaped in this form.
	if (uri !== undefined) return { namespace: { uri: unescape(uri) }, identifier };
	return { namespace: { index: Number(index) }, identifier };
}

/**
 * @param namespaces of the server, as it has them now
 * @returns `ns=2;s=Spindle.Load`
 * @throws Error that says which namespaces there are
 */
export function resolveNodeName({ namespace, identifier }: NodeName, namespaces: readonly string[]): string {
	const index = 'uri' in namespace ? namespaces.indexOf(namespace.uri) : namespace.index;
	if (index >= 0) return `ns=${index};${identifier}`;
	const known = namespaces.map((uri) => quote(uri)).join(', ');
	throw new Error(`the server has no namespace ${'uri' in namespace ? quote(namespace.uri) : index}; it has ${known}`);
}

function unescape(uri: string): string {
	return uri.replace(/%3B/gi, ';').replace(/%25/g, '%');
}
