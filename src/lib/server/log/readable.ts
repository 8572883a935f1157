const NAMES: Readonly<Record<number, string>> = {
	10: 'TRACE',
	20: 'DEBUG',
	30: 'INFO',
	40: 'WARN',
	50: 'ERROR',
	60: 'FATAL',
};
const HIDDEN = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'v', 'err']);

/**
 * A log line for a terminal: `12:03:04.120 WARN  refused a message source=a/press seq=7`.
 *
 * @param line one JSON line of pino
 */
export function readable(line: string): string {
	const record = parse(line);
	if (record === undefined) return line;
	const { level, time, msg, err } = record;
	const clock = new Date(Number(time)).toTimeString().slice(0, 8);
	const ms = String(Number(time) % 1000).padStart(3, '0');
	const fields = Object.entries(record)
		.filter(([name]) => !HIDDEN.has(name))
		.map(([name, value]) => ` ${name}=${shown(value)}`);
	const name = (NAMES[Number(level)] ?? String(level)).padEnd(5);
	return `${clock}.${ms} ${name} ${singleLine(String(msg ?? ''))}${fields.join('')}${ofError(err)}\n`;
}

function parse(line: string): Record<string, unknown> | undefined {
	try {
		return JSON.parse(line) as Record<string, unknown>;
	} catch {
		return undefined;
	}
}

/** The stack of a fault of ours is worth its lines. */
function ofError(err: unknown): string {
	if (typeof err !== 'object' || err === null) return '';
	const { type, message, stack } = err as { type?: unknown; message?: unknown; stack?: unknown };
	const said = `: ${String(type ?? 'Error')}: ${singleLine(String(message ?? ''))}`;
	return typeof stack === 'string' ? `${said}\n${stack.split('\n').slice(1).join('\n')}` : said;
}

function shown(value: unknown): string {
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	return /[\s"]/.test(text) && typeof value === 'string' ? JSON.stringify(text) : singleLine(text);
}

/** Text of a sender must not be able to make lines of its own. */
function singleLine(text: string): string {
	return text.replace(/\s*\n\s*/g, ' | ').replace(/[^\P{Cc}\t]/gu, '?');
}
