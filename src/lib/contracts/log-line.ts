import { formatTime } from './time.ts';

/** From what nobody needs to see to what stops a machine. */
export const SEVERITIES = ['debug', 'info', 'warning', 'error', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One line of a log, as it was sent; what the sender did not say is null. */
export interface LogLine {
	readonly tMicros: number;
	readonly source: string | null;
	readonly severity: Severity | null;
	readonly text: string;
	readonly attributes: Readonly<Record<string, string>>;
}

/** As it is kept: `seq` and `line` are its place in the journal, which no other has. */
export interface StoredLogLine extends LogLine {
	readonly site: string;
	readonly seq: number;
	readonly line: number;
}

/** A line in the API. */
export interface ApiLogLine extends Omit<LogLine, 'tMicros'> {
	readonly id: string;
	readonly site: string;
	readonly t: string;
}

export function toApiLogLine({
	tMicros,
	seq,
	line,
	site,
	source,
	severity,
	text,
	attributes,
}: StoredLogLine): ApiLogLine {
	return { id: `${seq}-${line}`, site, t: formatTime(tMicros), source, severity, text, attributes };
}

/** A journal record of topic `logs`: lines of one site. */
export interface LogsRecord {
	readonly site: string;
	readonly receivedMicros: number;
	readonly lines: readonly LogLine[];
}

const VERSION = 1;

export function encodeLogs(record: LogsRecord): Uint8Array {
	return new TextEncoder().encode(JSON.stringify({ version: VERSION, ...record }));
}

/** @throws RangeError when the bytes are no record of log lines; that is a fault of ours, never of a sender */
export function parseLogs(bytes: Uint8Array): LogsRecord {
	const record = JSON.parse(new TextDecoder().decode(bytes)) as LogsRecord & { version: unknown };
	if (record.version !== VERSION || !Array.isArray(record.lines))
		throw new RangeError(`cannot read a record of log lines: version ${String(record.version)} is not known`);
	return record;
}

const WORDS: Readonly<Record<string, Severity>> = {
	...{ trace: 'debug', debug: 'debug', verbose: 'debug', fine: 'debug', finer: 'debug', finest: 'debug' },
	...{ info: 'info', information: 'info', informational: 'info', notice: 'info', log: 'info', ok: 'info' },
	...{ warn: 'warning', warning: 'warning' },
	...{ err: 'error', error: 'error', severe: 'error', fault: 'error', failure: 'error' },
	...{ crit: 'critical', critical: 'critical', fatal: 'critical', alert: 'critical', emerg: 'critical' },
	...{ emergency: 'critical', panic: 'critical', alarm: 'critical' },
};

/** The names that syslog, Java, .NET, OpenTelemetry and controllers give them. @returns undefined for any other word */
export function severityOf(word: string): Severity | undefined {
	const name = word
		.trim()
		.toLowerCase()
		.replace(/[2-4]$/, '');
	return Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
}
