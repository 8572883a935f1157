const REDACTED = '[redacted]';
const SECRET =
	/^(proxy-)?authorization$|cookie|token$|^key$|api-?_?key$|password|passwd|secret|credential|^x-sigmascope-key$/i;
/** The same names in a line of JSON: bindings of a child logger come by no formatter. */
const SECRET_IN_JSON =
	/"((?:proxy-)?authorization|key|[\w-]*(?:cookie|token|api-?_?key|password|passwd|secret|credential)|x-sigmascope-key)":"(?:[^"\\]|\\.)*"/gi;
const MAX_DEPTH = 6;

/**
 * A copy in which nothing under a name of a secret is left, at any depth. Errors are left alone: their serializer comes
 * afterwards, and so does this once more.
 */
export function redact(value: unknown, depth = 0): unknown {
	if (typeof value !== 'object' || value === null || value instanceof Error) return value;
	if (depth > MAX_DEPTH) return '[deep]';
	if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
	if (!isPlain(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, item]) => [name, isSecret(name, item) ? REDACTED : redact(item, depth + 1)]),
	);
}

function isSecret(name: string, value: unknown): boolean {
	return SECRET.test(name) && value !== undefined && value !== null && typeof value !== 'boolean';
}

function isPlain(value: object): boolean {
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}

/** A line of JSON without secrets that are strings: by their names, and by their form inside of texts. */
export function redactLine(line: string): string {
	return redactText(line.replace(SECRET_IN_JSON, `"$1":"${REDACTED}"`));
}

/** Secrets inside text: what follows `Bearer` or `Token`, parameters of a URL, its user and password. */
function redactText(text: string): string {
	return text
		.replace(/\b(Bearer|Token|Basic)\s+[\w.~+/=-]{16,}/g, `$1 ${REDACTED}`)
		.replace(/([?&](?:token|key|api_key|apikey|access_token|secret|password)=)[^&\s"\\]+/gi, `$1${REDACTED}`)
		.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s"@\\]+@/gi, `$1${REDACTED}@`);
}
