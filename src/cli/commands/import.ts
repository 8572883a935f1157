import { join } from 'node:path';
import { MICROS_PER_MS } from '#contracts/time.ts';
import { loadSettings } from '#server/config/settings.ts';
import type { Command } from '../command.ts';
import { checkHub, findHub } from '../hub.ts';
import { createCheckpointFile } from '../import/checkpoint.ts';
import { createCsvImport } from '../import/csv.ts';
import { factsOf, type FileReader, headOf } from '../import/file.ts';
import { createLinesImport } from '../import/lines.ts';
import { importName, type ImportOptions, parseImportArgs, USAGE } from '../import/options.ts';
import { createParquetImport } from '../import/parquet.ts';
import { createProgress, grouped } from '../import/progress.ts';
import { type ImportResult, runImport } from '../import/run.ts';
import { createFileStreams, type FileStreams } from '../import/streams.ts';

/**
 * Brings a file in as history over the protocol of collectors. Messages are cut at the same places in every run and
 * numbered, so an import that was stopped or killed goes on where it was, and one that is run again sends nothing twice.
 */
export const importCommand: Command = {
	name: 'import',
	usage: USAGE,
	does: 'bring a file (CSV, Parquet, line protocol) in with its own times, judged as history',
	async run(args) {
		const options = parseImportArgs(args);
		const facts = await factsOf(options.file);
		const hub = findHub(loadSettings(process.env), options.url);
		await checkHub(hub, { site: options.site });
		const streams = createFileStreams(options.unit);
		const collector = importName(options);
		const checkpoints = createCheckpointFile(join(hub.dataFolder, 'imports'), collector);
		const nowMs = () => performance.now();
		const result = await runImport({
			file: options.file,
			facts,
			reader: readerOf(options, streams),
			streams,
			hub,
			site: options.site,
			collector,
			checkpoint: await checkpoints.read(facts, (bytes) => headOf(options.file, bytes)),
			checkpoints,
			progress: createProgress({ bytes: facts.bytes, screen: process.stderr, nowMs }),
			nowMicros: Date.now() * MICROS_PER_MS,
			nowMs,
			signal: onInterrupt(),
		});
		console.log(summary(result));
		return result.faults > 0 || result.refusedStreams.length > 0 ? 3 : 0;
	},
};

function readerOf(options: ImportOptions, streams: FileStreams): FileReader {
	switch (options.format) {
		case 'csv':
			return createCsvImport(options, streams);
		case 'parquet':
			return createParquetImport(options, streams);
		case 'lines':
			return createLinesImport(options, streams);
	}
}

function onInterrupt(): AbortSignal {
	const stopping = new AbortController();
	process.once('SIGINT', () => stopping.abort());
	process.once('SIGTERM', () => stopping.abort());
	return stopping.signal;
}

function summary({ points, gaps, faults, faultLines, refusedStreams }: ImportResult): string {
	const lines = [`${grouped(points)} points and ${grouped(gaps)} gaps imported`];
	if (points + gaps + faults === 0) lines.push('nothing new: the file has no rows, or it has been imported before');
	if (faults > 0)
		lines.push(`${grouped(faults)} rows or values could not be read:`, ...faultLines.map((line) => `  ${line}`));
	if (faults > faultLines.length) lines.push(`  and ${grouped(faults - faultLines.length)} more`);
	if (refusedStreams.length > 0) {
		const names = refusedStreams.slice(0, 5).map(({ key }) => JSON.stringify(key));
		lines.push(
			`${grouped(refusedStreams.length)} streams could not be made, and their rows are set aside: ${names.join(', ')} (limits.streamsPerKey says how many a key may make)`,
		);
	}
	return lines.join('\n');
}
