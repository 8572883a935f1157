import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ConfigError } from '#contracts/error.ts';
import { copyDurably, freshFolder, publishFolder } from '#server/backup/files.ts';
import { MANIFEST, verifyBackup, type Manifest } from '#server/backup/manifest.ts';
import type { BackupState } from '#server/backup/port.ts';
import { loadSettings } from '#server/config/settings.ts';
import { readVersion } from '#server/version.ts';
import type { Command } from '../command.ts';
import { findHub, type Hub } from '../hub.ts';

const LOOK_EVERY_MS = 250;

export const backupCommand: Command = {
	name: 'backup',
	usage: [
		'backup DIR [--url URL]',
		'  on the machine of the server, which goes on running; DIR must be empty or not there',
		'  --url  of the Sigmascope, default http://127.0.0.1:3000',
	].join('\n'),
	does: 'write a backup of everything while points go on coming in',
	async run(args) {
		const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { url: { type: 'string' } } });
		const [name] = positionals;
		if (name === undefined) throw new ConfigError('cannot back up: where to? sigmascope backup DIR');
		const to = resolve(name);
		checkTarget(to);
		const hub = findHub(loadSettings({ ...process.env, SIGMASCOPE_CONFIG: undefined }), values.url);
		const { folder } = await make(hub);
		const manifest = await takeOver(folder, to);
		console.log(summary(to, manifest));
		return 0;
	},
};

function checkTarget(to: string): void {
	if (existsSync(to) && readdirSync(to).length > 0)
		throw new ConfigError(`cannot back up to ${to}: there is something already, and nothing is ever written over`);
	mkdirSync(dirname(to), { recursive: true });
}

async function make(hub: Hub): Promise<{ readonly folder: string }> {
	let state = await ask(hub, { method: 'POST', path: '/api/v1/backups' });
	for (let shown = ''; state.state === 'running';) {
		if (state.step !== shown) process.stderr.write(`${(shown = state.step)} ...\n`);
		await delay(LOOK_EVERY_MS);
		const { id } = state;
		state = await ask(hub, { method: 'GET', path: '/api/v1/backups/newest' });
		if (state.id !== id) throw new ConfigError('another backup was begun before this one could be taken over');
	}
	if (state.error !== null) throw new ConfigError(state.error);
	const { folder } = state;
	if (folder === null || !existsSync(join(folder, MANIFEST)))
		throw new ConfigError(
			`the backup lies in ${folder} on the machine of ${hub.url}, where this command has to run, too`,
		);
	return { folder };
}

async function ask(hub: Hub, { method, path }: { method: string; path: string }): Promise<BackupState> {
	const headers = { authorization: `Bearer ${hub.key}` };
	const answer = await fetch(hub.url + path, { method, headers }).catch(() => {
		throw new ConfigError(
			`cannot reach Sigmascope at ${hub.url}: is it running? (--url names another). When it is stopped, a copy of the whole data folder is a backup`,
		);
	});
	if (answer.ok) return (await answer.json()) as BackupState;
	const { detail = `status ${answer.status}` } = (await answer.json().catch(() => ({}))) as { detail?: string };
	throw new ConfigError(`cannot back up: ${detail}`);
}

/** The copy has its name only once all of it is on disk and the same as what the server wrote. */
async function takeOver(folder: string, to: string): Promise<Manifest> {
	const manifest = await verifyBackup(folder, { version: readVersion() });
	const partial = `${to}.partial`;
	await freshFolder(partial);
	for (const { name, sha256 } of manifest.files) {
		process.stderr.write(`copying ${name} ...\n`);
		if ((await copyDurably(join(folder, name), join(partial, name))) !== sha256)
			throw new ConfigError(`cannot back up to ${to}: ${name} was changed on its way; is the disk sound?`);
	}
	await copyDurably(join(folder, MANIFEST), join(partial, MANIFEST));
	await publishFolder(partial, to);
	await rm(folder, { recursive: true, force: true });
	return manifest;
}

function summary(to: string, { files, takenAt, storeStatement }: Manifest): string {
	const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
	const lines = [`${to}: everything as of ${takenAt}, ${(bytes / 1_000_000).toFixed(1)} MB`];
	if (storeStatement !== null)
		lines.push(
			'The points are in your ClickHouse, held still there beside the live tables. Save them now, before the next backup lets go of them:',
			`  ${storeStatement} Disk('backups', '${takenAt}')`,
		);
	return lines.join('\n');
}
