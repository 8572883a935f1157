import { stat } from 'node:fs/promises';
import { type CsvRecord, FILE_START, type FilePlace } from '#contracts/csv.ts';
import { RetriableError, messageOf } from '#contracts/error.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import { collectorType, type Collector, type CollectorContext } from '../kit/collector.ts';
import { columnsOf, replaySchema, type ReplayConfig } from './config.ts';
import { readRecords } from './csv-file.ts';
import { createRowReader } from './rows.ts';
import { createRowWriter, type Cursor, type Resumed } from './row-writer.ts';

export const replay = collectorType(replaySchema, createReplay, {
	entries: ({ file }) => [{ place: 'file', name: file }],
});

/** A file without rows is not read as fast as it goes. */
const SHORTEST_PAUSE_MS = 10;

/** A recorded series as if it were measured now: at its own pace or faster, with its own times or those of now. */
function createReplay(config: ReplayConfig, { clock, log }: CollectorContext): Collector {
	return {
		async start(emitter, signal) {
			const { kind, labels } = config;
			const streams = columnsOf(config).map(({ key, unit }) =>
				emitter.stream({ key, unit, kind, labels, entry: 'file' }),
			);
			const header = await readHeader(config);
			const from = placeOf(emitter.cursor(), { config, header, bytes: await sizeOf(config.file) });
			if (from.offset > header.after.offset) log.info({ line: from.line }, `goes on after line ${from.line}`);
			const readRow = createRowReader(config, header.fields);
			let round: Resumed = from;
			for (;;) {
				const writer = createRowWriter({ config, clock, emitter, streams, header: header.text, from: round });
				let place: FilePlace = round;
				for await (const record of readRecords(config.file, round, config.delimiter)) {
					await writer.row(readRow(record), record.after, signal);
					if (signal.aborted) return;
					place = record.after;
				}
				await writer.end(place);
				if (!config.loop) return;
				await clock.sleep(Math.max(SHORTEST_PAUSE_MS, writer.stepMicros() / MICROS_PER_MS), signal);
				if (signal.aborted) return;
				round = { ...header.after, lastMicros: writer.lastMicros() };
			}
		},
	};
}

interface Header {
	readonly fields: readonly string[];
	readonly text: string;
	readonly after: FilePlace;
}

/** @throws RetriableError when the file is not there (yet) or has no header line */
async function readHeader({ file, delimiter }: ReplayConfig): Promise<Header> {
	const first = await firstRecord(file, delimiter);
	if (!first || 'fault' in first)
		throw new RetriableError(`cannot replay ${JSON.stringify(file)}: its first line must name the columns`);
	return { fields: first.fields, text: first.fields.join(delimiter), after: first.after };
}

async function firstRecord(file: string, delimiter: string): Promise<CsvRecord | undefined> {
	await sizeOf(file);
	for await (const record of readRecords(file, FILE_START, delimiter)) return record;
	return undefined;
}

async function sizeOf(file: string): Promise<number> {
	try {
		const found = await stat(file);
		if (found.isFile()) return found.size;
	} catch (cause) {
		throw new RetriableError(
			`cannot replay ${JSON.stringify(file)}: ${messageOf(cause)}; put the file there or mend "file"`,
			{ cause },
		);
	}
	throw new RetriableError(`cannot replay ${JSON.stringify(file)}: it is no file; put one there or mend "file"`);
}

/** Goes on where the last run stood, if it is still the same file. */
function placeOf(
	cursor: unknown,
	found: { readonly config: ReplayConfig; readonly header: Header; readonly bytes: number },
): Resumed {
	const known = isCursor(cursor) ? cursor : undefined;
	const isSame = known?.file === found.config.file && known.header === found.header.text && known.offset <= found.bytes;
	return isSame && known ? known : { ...found.header.after, lastMicros: undefined };
}

function isCursor(cursor: unknown): cursor is Cursor {
	return typeof cursor === 'object' && cursor !== null && 'offset' in cursor && 'header' in cursor;
}
