import { createReadStream } from 'node:fs';
import { type CsvRecord, createCsvReader, type FilePlace } from '#contracts/csv.ts';
import { ConfigError } from '#contracts/error.ts';

/**
 * Reads records from a place on, one piece of the file at a time.
 *
 * @throws ConfigError when this is no text file; what the file system says
 */
export async function* readRecords(file: string, from: FilePlace, delimiter: string): AsyncGenerator<CsvRecord> {
	const reader = createCsvReader({ delimiter, from });
	for await (const chunk of createReadStream(file, { start: from.offset }) as AsyncIterable<Buffer>)
		yield* pushed(reader, file, chunk);
	yield* reader.end();
}

function pushed(reader: ReturnType<typeof createCsvReader>, file: string, chunk: Buffer): CsvRecord[] {
	try {
		return reader.push(chunk);
	} catch (error) {
		if (error instanceof RangeError) throw new ConfigError(`cannot replay ${file}: ${error.message}`);
		throw error;
	}
}
