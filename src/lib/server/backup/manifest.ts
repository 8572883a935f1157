import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError, messageOf } from '#contracts/error.ts';
import { sha256Of } from './files.ts';

export const MANIFEST = 'manifest.json';
/** Everything that a backup may have; a name from a manifest is never used as a path unless it is one of these. */
export const PARTS = ['journal.db', 'metadata.db', 'clickhouse.tar', 'sigmascope.yaml'] as const;
export type PartName = (typeof PARTS)[number];
/** Without these there is nothing to restore; a demo has no configuration file. */
const NEEDED: readonly PartName[] = ['journal.db', 'metadata.db', 'clickhouse.tar'];
const FORMAT = 1;

const manifestSchema = z.strictObject({
	format: z.number().int(),
	/** The moment that the backup is of. */
	takenAt: z.string(),
	versions: z.record(z.string(), z.string()),
	/** Of the journal that it is a copy of; a restored one gets a generation of its own. */
	generation: z.string(),
	/** Journal records: up to which it has them, and up to which they are in the store. */
	positions: z.strictObject({ journal: z.number(), store: z.number() }),
	/** Where the store is a ClickHouse of somebody else's: what its owner runs to save what belongs to this; else null. */
	storeStatement: z.string().nullable(),
	files: z.array(z.strictObject({ name: z.enum(PARTS), bytes: z.number().int(), sha256: z.string() })),
});
export type Manifest = z.output<typeof manifestSchema>;

/** @returns the text, with a checksum of its own so that a damaged manifest is noticed, too */
export function encodeManifest(facts: Omit<Manifest, 'format'>): string {
	const manifest: Manifest = { format: FORMAT, ...facts };
	return `${JSON.stringify({ ...manifest, checksum: checksumOf(manifest) }, null, '\t')}\n`;
}

function checksumOf(manifest: Manifest): string {
	return createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
}

/**
 * Reads a backup's manifest and compares every file with it, before anything is written anywhere.
 *
 * @param progress told of each file before it is read
 * @throws ConfigError naming what is missing or damaged
 */
export async function verifyBackup(
	folder: string,
	{ version, progress = () => {} }: { readonly version: string; readonly progress?: (name: string) => void },
): Promise<Manifest> {
	const manifest = readManifest(folder);
	const newer = manifest.versions['sigmascope'] ?? '';
	if (isNewer(newer, version))
		throw new ConfigError(
			`cannot restore ${folder}: it was made by Sigmascope ${newer}, this is ${version}; restore it with that one or a newer one`,
		);
	const needed = manifest.storeStatement === null ? NEEDED : NEEDED.filter((name) => name !== 'clickhouse.tar');
	for (const name of needed)
		if (!manifest.files.some((file) => file.name === name)) throw damaged(folder, `its manifest has no ${name}`);
	for (const { name, bytes, sha256 } of manifest.files) {
		progress(name);
		const path = join(folder, name);
		if (!existsSync(path)) throw damaged(folder, `${name} is missing`);
		const found = statSync(path).size;
		if (found !== bytes) throw damaged(folder, `${name} has ${found} bytes instead of ${bytes}`);
		if ((await sha256Of(path)) !== sha256) throw damaged(folder, `the content of ${name} has changed`);
	}
	return manifest;
}

function readManifest(folder: string): Manifest {
	const path = join(folder, MANIFEST);
	if (!existsSync(path))
		throw new ConfigError(
			`cannot restore ${folder}: there is no ${MANIFEST}, so it is no backup, or an unfinished one`,
		);
	const read = (): unknown => {
		try {
			return JSON.parse(readFileSync(path, 'utf8'));
		} catch (error) {
			throw damaged(folder, `${MANIFEST} cannot be read: ${messageOf(error)}`);
		}
	};
	const { checksum, ...rest } = z.looseObject({ checksum: z.unknown() }).catch({ checksum: undefined }).parse(read());
	const { format } = z.looseObject({ format: z.number() }).catch({ format: 0 }).parse(rest);
	if (format > FORMAT)
		throw new ConfigError(
			`cannot restore ${folder}: it has format ${format}, this program knows up to ${FORMAT}; use the newer program`,
		);
	const parsed = manifestSchema.safeParse(rest);
	if (!parsed.success || checksumOf(parsed.data) !== checksum) throw damaged(folder, `${MANIFEST} has been changed`);
	return parsed.data;
}

function damaged(folder: string, what: string): ConfigError {
	return new ConfigError(`cannot restore ${folder}: ${what}. Nothing was written; take another backup`);
}

/** Of versions like 1.2.3; what stands behind a dash does not count. */
function isNewer(one: string, than: string): boolean {
	const numbers = (text: string) => (text.split('-')[0] ?? '').split('.').map(Number);
	const [a, b] = [numbers(one), numbers(than)];
	const at = [0, 1, 2].find((i) => (a[i] ?? 0) !== (b[i] ?? 0));
	return at !== undefined && (a[at] ?? 0) > (b[at] ?? 0);
}
