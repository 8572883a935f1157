import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Settings } from '#contracts/config.ts';
import { messageOf } from '#contracts/error.ts';
import { folderBytes } from './backup/files.ts';
import { loadSettings } from './config/settings.ts';
import { readConfiguration } from './configuration.ts';
import { isHeld, RESTORING } from './data-folder.ts';
import { diskFindings } from './doctor/disk.ts';
import { type Finding, fail, ok, spellBytes, warn } from './doctor/finding.ts';
import { clockFindings, machineFindings, readMachine } from './doctor/machine.ts';

const HEALTH_WITHIN_MS = 3000;

/** Looks at everything that a start needs, and at the server that runs already; changes nothing. Never throws. */
export async function examine(env: NodeJS.ProcessEnv): Promise<Finding[]> {
	const { settings, findings: configuration } = configurationFindings(env);
	const isRunning = isHeld(settings.dataFolder);
	const server = await askServer(settings);
	return [
		...configuration,
		...diskFindings(settings.dataFolder, () => performance.now()),
		...(await folderFindings(settings.dataFolder, isRunning)),
		await portFinding(settings, server !== undefined),
		...(server === undefined ? [] : [readyFinding(server)]),
		...(await clockFindings(
			{ wallMs: Date.now, monotonicMs: () => performance.now(), sleep: (ms) => delay(ms) },
			server,
		)),
		...machineFindings(readMachine(chdbVersion())),
	];
}

const SETTINGS_WITHOUT: Pick<Settings, 'dataFolder' | 'port' | 'host'> = {
	dataFolder: './data',
	port: 3000,
	host: '127.0.0.1',
};
type Needed = typeof SETTINGS_WITHOUT;

function configurationFindings(env: NodeJS.ProcessEnv): {
	readonly settings: Needed;
	readonly findings: readonly Finding[];
} {
	const mend = 'nothing starts with it, and a running server keeps the one before';
	let settings: Needed = SETTINGS_WITHOUT;
	try {
		settings = loadSettings(env);
		const { config, settings: all } = readConfiguration(env);
		const where = all.configFile ?? 'no configuration file';
		const found = `${where}: ${config.collectors.length} collectors, ${config.streams.length} stream rules, no fault`;
		return { settings, findings: [ok('config', found)] };
	} catch (error) {
		const lines = messageOf(error).split('\n');
		return { settings, findings: lines.map((line) => fail('config', line, mend)) };
	}
}

async function folderFindings(dataFolder: string, isRunning: boolean): Promise<Finding[]> {
	if (!existsSync(dataFolder)) return [ok('data', `${dataFolder} is made at the first start`)];
	if (existsSync(join(dataFolder, RESTORING)))
		return [fail('data', `a restore into ${dataFolder} was cut short`, 'empty it and run `sigmascope restore` again')];
	const sizes = await Promise.all(
		['clickhouse', 'spool', 'backups'].map(
			async (name) => `${name} ${spellBytes(await folderBytes(join(dataFolder, name)))}`,
		),
	);
	const files = ['journal.db', 'metadata.db'].map(
		(name) => `${name} ${spellBytes(sizeWithLog(join(dataFolder, name)))}`,
	);
	const left = await folderBytes(join(dataFolder, 'backups'));
	const findings = [
		ok(
			'data.lock',
			isRunning ? 'held by a server that runs on it' : 'free; a lock ends with its process and is never stale',
		),
		ok('data.sizes', [...files, ...sizes].join(', ')),
	];
	if (left > 0 && !isRunning)
		findings.push(
			warn(
				'data.backups',
				`${spellBytes(left)} in ${join(dataFolder, 'backups')}`,
				'a backup that nobody took; the next start removes it',
			),
		);
	return findings;
}

function sizeWithLog(file: string): number {
	return [file, `${file}-wal`].filter(existsSync).reduce((sum, one) => sum + statSync(one).size, 0);
}

interface Answer {
	readonly status: string;
	readonly parts: Readonly<Record<string, string>>;
	readonly offsetMs: number;
}

async function askServer({ port, host }: Needed): Promise<Answer | undefined> {
	if (port === 0) return undefined;
	const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
	try {
		const url = `http://${name.includes(':') ? `[${name}]` : name}:${port}/readyz`;
		const answer = await fetch(url, { signal: AbortSignal.timeout(HEALTH_WITHIN_MS) });
		const { status, parts } = (await answer.json()) as Answer;
		if (typeof status !== 'string' || typeof parts !== 'object') return undefined;
		// The header has whole seconds, cut off: half of one is the middle of what it may mean.
		const offsetMs = Date.parse(answer.headers.get('date') ?? '') + 500 - Date.now();
		return { status, parts, offsetMs: Math.abs(offsetMs) < 1000 ? 0 : offsetMs };
	} catch {
		return undefined;
	}
}

function readyFinding({ status, parts }: Answer): Finding {
	const odd = Object.entries(parts).filter(([, state]) => state !== 'up' && state !== 'ended');
	const found = `${status}${odd.map(([part, state]) => `, ${part} is ${state}`).join('')}`;
	if (status === 'ready') return ok('server', found);
	const mend = 'the System page and the log say why';
	return status === 'down' ? fail('server', found, mend) : warn('server', found, mend);
}

async function portFinding({ port, host }: Needed, isOurs: boolean): Promise<Finding> {
	const where = `${host}:${port}`;
	if (isOurs) return ok('port', `${where} is answered by a Sigmascope`);
	const probe = createServer();
	try {
		probe.listen({ port, host });
		await once(probe, 'listening');
		return ok('port', port === 0 ? 'any free one' : `${where} is free`);
	} catch (error) {
		const mend = 'PORT and HOST set another; ports below 1024 need a right of their own';
		return fail('port', `${where}: ${messageOf(error)}`, mend);
	} finally {
		probe.close();
	}
}

function chdbVersion(): string | undefined {
	try {
		const manifest = new URL('../../../node_modules/chdb/package.json', import.meta.url);
		return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
	} catch {
		return undefined;
	}
}
