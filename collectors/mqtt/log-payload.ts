import type { LogLine } from '#contracts/log-line.ts';
import { readLine } from '#contracts/log-read.ts';

export interface LogReading {
	readonly lines: readonly LogLine[];
	/** Of single lines, which are left out. */
	readonly faults: readonly string[];
}

/** JSON.parse holds up everything else meanwhile. */
const MAX_BYTES = 1024 * 1024;

/**
 * A message as lines of a log: a JSON object, or an array of them, as `POST /api/v1/logs` takes them; all else is text.
 * What begins like JSON and is none (`[ERROR] drive hot`) is text, too.
 *
 * @param from `source`: who says it, where the line itself does not; `nowMicros`: when it came
 */
export function readLogPayload(
	payload: Buffer,
	from: { readonly source: string; readonly nowMicros: number },
): LogReading {
	if (payload.length > MAX_BYTES)
		return { lines: [], faults: [`${payload.length} bytes; ${MAX_BYTES} are allowed for lines of a log`] };
	const text = payload.toString();
	const document = /^\s*[{[]/.test(text) ? parseJson(text) : undefined;
	const items = document === undefined ? [{ text: text.trimEnd() }] : Array.isArray(document) ? document : [document];
	const lines: LogLine[] = [];
	const faults: string[] = [];
	for (const [i, item] of items.entries()) {
		const read = readLine(item, from.nowMicros);
		if ('line' in read) lines.push({ ...read.line, source: read.line.source ?? from.source });
		else faults.push(`${items.length > 1 ? `line ${i + 1} of it` : 'the line'}${described(read.fault)}`);
	}
	return { lines, faults };
}

function described({ path, message }: { readonly path: string; readonly message: string }): string {
	return path === '' ? ` ${message}` : `, ${path.slice(1)}: ${message}`;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
