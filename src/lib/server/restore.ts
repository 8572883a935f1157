import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import { ConfigError, messageOf } from '#contracts/error.ts';
import { copyDurably, syncFolder } from './backup/files.ts';
import { type Manifest, type PartName, verifyBackup } from './backup/manifest.ts';
import { RESTORING } from './data-folder.ts';
import { beginGeneration } from './journal/sqlite/copy.ts';
import { remoteAddress } from './store-link.ts';
import { createStore } from './store/client.ts';
import { BACKUPS_FOLDER } from './store/embedded/protocol.ts';
import { spawnEmbedded } from './store/embedded/spawn.ts';

export interface RestoreOptions {
	/** The backup. */
	readonly from: string;
	/** The data folder: empty, or not there. */
	readonly to: string;
	readonly clickhouseUrl: string | undefined;
	/** Of this program: a backup of a newer one is refused. */
	readonly version: string;
	readonly log: Logger;
	readonly now: () => number;
	readonly onStep: (step: string) => void;
}

const ARCHIVE = 'restore.tar';

/**
 * Fills an empty data folder from a backup. All or nothing: the backup is checked whole before anything is written, and
 * what fails afterwards leaves the folder empty. A machine that stops in between leaves a mark in the folder with
 * which no product starts on it.
 *
 * @throws ConfigError
 */
export async function restoreBackup(options: RestoreOptions): Promise<Manifest> {
	const { from, to, onStep } = options;
	checkEmpty(to);
	const manifest = await verifyBackup(from, {
		version: options.version,
		progress: (name) => onStep(`checking ${name}`),
	});
	checkStore(manifest, options);
	mkdirSync(to, { recursive: true, mode: 0o700 });
	const mark = join(to, RESTORING);
	writeFileSync(mark, 'sigmascope restore\n', { flag: 'wx', mode: 0o600 });
	try {
		await fill(manifest, options);
		await syncFolder(to);
		await rm(mark);
		await syncFolder(to);
		return manifest;
	} catch (error) {
		for (const name of readdirSync(to)) rmSync(join(to, name), { recursive: true, force: true });
		throw new ConfigError(`cannot restore ${from}: ${messageOf(error)}. ${to} is empty again`, { cause: error });
	}
}

function checkEmpty(folder: string): void {
	const names = namesIn(folder).filter((name) => name !== 'lost+found');
	if (names.includes(RESTORING))
		throw new ConfigError(`cannot restore into ${folder}: an earlier restore was cut short there; empty it first`);
	if (names.length > 0)
		throw new ConfigError(
			`cannot restore into ${folder}: it is not empty, and nothing is ever written over; SIGMASCOPE_DATA names another folder`,
		);
}

function namesIn(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw new ConfigError(`cannot restore into ${folder}: ${messageOf(error)}`);
	}
}

function checkStore({ storeStatement }: Manifest, { from, clickhouseUrl }: RestoreOptions): void {
	if (storeStatement === null && clickhouseUrl !== undefined)
		throw new ConfigError(
			`cannot restore ${from}: it has a store of its own, but CLICKHOUSE_URL is set; unset it, or restore clickhouse.tar there by hand`,
		);
	if (storeStatement !== null && clickhouseUrl === undefined)
		throw new ConfigError(
			`cannot restore ${from}: its points are in a ClickHouse server of yours; restore them there (RESTORE ALL FROM …) and set CLICKHOUSE_URL`,
		);
}

async function fill(manifest: Manifest, options: RestoreOptions): Promise<void> {
	const { to, onStep, clickhouseUrl, log } = options;
	const journal = join(to, 'journal.db');
	onStep('journal and metadata');
	await copyPart(manifest, options, { name: 'journal.db', to: journal });
	await copyPart(manifest, options, { name: 'metadata.db', to: join(to, 'metadata.db') });
	for (const file of [journal, join(to, 'metadata.db')]) checkDatabase(file);
	beginGeneration(journal);
	onStep('store');
	if (clickhouseUrl !== undefined) return checkRemote(clickhouseUrl, options);
	const folder = join(to, 'clickhouse');
	const archive = join(folder, BACKUPS_FOLDER, ARCHIVE);
	mkdirSync(join(folder, BACKUPS_FOLDER), { recursive: true, mode: 0o700 });
	await copyPart(manifest, options, { name: 'clickhouse.tar', to: archive });
	const server = await spawnEmbedded({ dataFolder: folder, log });
	try {
		const store = createStore({ ...server, database: 'sigmascope', log, now: options.now });
		await store.restoreFrom(ARCHIVE);
		await store.close();
	} finally {
		await server.stop();
		await rm(archive, { force: true });
	}
}

/** Compared once more: between the check and now, the backup's own disk may have failed. */
async function copyPart(
	manifest: Manifest,
	{ from }: RestoreOptions,
	part: { readonly name: PartName; readonly to: string },
): Promise<void> {
	const sha256 = await copyDurably(join(from, part.name), part.to);
	if (sha256 !== manifest.files.find((file) => file.name === part.name)?.sha256)
		throw new Error(`${part.name} changed while it was being read`);
}

function checkDatabase(file: string): void {
	const db = new DatabaseSync(file);
	try {
		const found = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
		if (found !== 'ok') throw new Error(`${file}: ${String(found)}`);
	} finally {
		db.close();
	}
}

async function checkRemote(url: string, { log, now }: RestoreOptions): Promise<void> {
	const store = createStore({ ...remoteAddress(url), database: 'sigmascope', log, now });
	try {
		await store.maxStreamId();
	} catch (error) {
		throw new Error(`restore the points into your ClickHouse first: ${messageOf(error)}`, { cause: error });
	} finally {
		await store.close();
	}
}
