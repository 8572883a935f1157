import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createCsvReader } from '#contracts/csv.ts';
import { InputError } from '#contracts/error.ts';
import { EXPORT_VERSION, type ExportedPoint, type ExportFacts } from '#contracts/export.ts';
import { parseTime } from '#contracts/time.ts';

/** An export with the points of its streams, whichever form it has. */
export type WholeExport = Omit<ExportFacts, 'streams'> & {
	readonly streams: readonly (ExportFacts['streams'][number] & { readonly points: readonly ExportedPoint[] })[];
};

/** @returns whether a document is one of our exports */
export function isExport(document: unknown): document is ExportFacts {
	return typeof document === 'object' && document !== null && 'sigmascopeExport' in document;
}

/** @returns whether this names the folder of an export */
export function isExportFolder(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true && existsSync(join(path, 'metadata.json'));
}

/** `metadata.json` with `points.csv` beside it. @throws InputError */
export async function readExportFolder(folder: string): Promise<WholeExport> {
	const facts: unknown = JSON.parse(readFileSync(join(folder, 'metadata.json'), 'utf8'));
	if (!isExport(facts)) throw new InputError(`cannot read ${folder}: its metadata.json is none of an export`);
	const file = join(folder, 'points.csv');
	if (!existsSync(file) && facts.streams.some(({ points }) => points === undefined))
		throw new InputError(`cannot analyze ${folder}: there is no points.csv in it; export with --format csv`);
	const points = existsSync(file) ? await pointsOf(file) : new Map<string, ExportedPoint[]>();
	return wholeExport({
		...facts,
		streams: facts.streams.map((one) => ({ ...one, points: one.points ?? points.get(one.id) ?? [] })),
	});
}

/** @throws InputError for one of a later version, or without points */
export function wholeExport(facts: ExportFacts): WholeExport {
	if (facts.sigmascopeExport !== EXPORT_VERSION)
		throw new InputError(
			`cannot analyze this export: it is of form ${facts.sigmascopeExport}, this version reads ${EXPORT_VERSION}`,
		);
	return {
		...facts,
		streams: facts.streams.map((stream) => {
			if (stream.points) return { ...stream, points: stream.points };
			throw new InputError('cannot analyze this export: it has metadata only; give the folder with its points');
		}),
	};
}

const [ID, TIME, VALUE, QUALITY, FLAGS] = [0, 2, 3, 4, 5] as const;

async function pointsOf(file: string): Promise<Map<string, ExportedPoint[]>> {
	const reader = createCsvReader({ delimiter: ',' });
	const found = new Map<string, ExportedPoint[]>();
	let isHead = true;
	const take = (records: ReturnType<typeof reader.push>) => {
		for (const record of records) {
			if ('fault' in record) throw new InputError(`cannot read ${file}, line ${record.line}: ${record.fault}`);
			if (!isHead) addPoint(found, record.fields, `${file}, line ${record.line}`);
			isHead = false;
		}
	};
	for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }))
		take(reader.push(chunk as Uint8Array));
	take(reader.end());
	return found;
}

function addPoint(found: Map<string, ExportedPoint[]>, fields: readonly string[], place: string): void {
	const t = parseTime(fields[TIME]);
	const numbers = [VALUE, QUALITY, FLAGS].map((at) => Number(fields[at] ?? NaN));
	const [v = NaN, quality = NaN, flags = NaN] = numbers;
	if (t === undefined || numbers.some(Number.isNaN))
		throw new InputError(`cannot read ${place}: it is no point of an export`);
	const id = fields[ID] ?? '';
	const points = found.get(id) ?? [];
	if (points.length === 0) found.set(id, points);
	points.push([t, v, quality, flags]);
}
