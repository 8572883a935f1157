import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import { readable } from './readable.ts';
import { redact, redactLine } from './redact.ts';

export interface LogOptions {
	/** trace, debug, info, warn, error, fatal or silent. */
	readonly level: string;
	/** Where lines go; default standard output. */
	readonly destination?: DestinationStream;
	/** `auto` is short lines for a terminal and JSON for everything else. */
	readonly format?: 'auto' | 'json' | 'readable';
	/** Told of each line that is written, its secrets already taken out: JSON, one line. */
	readonly onLine?: (line: string) => void;
	/** Fields that a line gets by where it is written. */
	readonly fields?: () => object;
}

/** A user's mistake needs no stack: its message says the place. */
const STACKLESS = new Set(['ConfigError', 'InputError', 'RetriableError', 'JournalFullError']);

/** The log of a process. Secrets are taken out by the names that they stand under, and out of texts by their form. */
export function createLog({
	level,
	destination,
	format = 'auto',
	onLine = () => {},
	fields = () => ({}),
}: LogOptions): Logger {
	const isReadable = format === 'readable' || (format === 'auto' && destination === undefined && process.stdout.isTTY);
	const lines = destination ?? pino.destination({ dest: 1, sync: true });
	return pino(
		{
			level,
			base: null,
			// A fresh object each time: pino puts the fields of the line into it.
			mixin: () => ({ ...fields() }),
			formatters: { log: (object) => redact(object) as Record<string, unknown> },
			serializers: { err: serializeError, error: serializeError },
			hooks: {
				streamWrite(line) {
					const clean = redactLine(line);
					onLine(clean);
					return clean;
				},
			},
		},
		isReadable ? { write: (line) => void lines.write(readable(line)) } : lines,
	);
}

function serializeError(error: unknown): unknown {
	if (!(error instanceof Error)) return redact(error);
	if (STACKLESS.has(error.name)) return { type: error.name, message: error.message };
	return redact({ ...stdSerializers.err(error) });
}
