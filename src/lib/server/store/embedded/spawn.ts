import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { ConfigError, RetriableError } from '#contracts/error.ts';
import type { ChildMessage, StartMessage } from './protocol.ts';

export interface SpawnOptions {
	readonly dataFolder: string;
	readonly log: Logger;
	/** What chdb may allocate, in bytes; default 1 GB. */
	readonly memoryBytes?: number;
	readonly threads?: number;
	/** Port and password of an earlier one: a restarted server is then found where its clients know it. */
	readonly at?: { readonly port: number; readonly password: string };
}

/** The embedded server, running: what `createStore` needs to reach it, and how it ends. */
export interface EmbeddedStore {
	readonly url: string;
	readonly username: string;
	readonly password: string;
	readonly port: number;
	readonly pid: number;
	/** Settles when the process is gone, for whatever reason; the supervisor starts a new one. */
	readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
	/** Lets what runs finish, closes the database, and resolves when the process is gone. */
	stop(): Promise<void>;
}

const DEFAULT_MEMORY_BYTES = 1_000_000_000;
const DEFAULT_THREADS = 2;
/** Every call into chdb holds a thread of libuv, and so do files and gzip; it is read once, when Node starts. */
const UV_THREADPOOL_SIZE = '16';
const KILL_AFTER_MS = 10_000;
const USERNAME = 'sigmascope';

/**
 * Starts the embedded ClickHouse server as a child process and resolves once it listens.
 *
 * @throws ConfigError when another process has the data folder
 * @throws RetriableError when the child ended before it listened
 */
export async function spawnEmbedded(options: SpawnOptions): Promise<EmbeddedStore> {
	const { dataFolder, log } = options;
	const child = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), [], {
		execArgv: [],
		// Nothing of the parent's: its secrets are no business of this process.
		env: { UV_THREADPOOL_SIZE, TZ: 'UTC', NODE_NO_WARNINGS: '1' },
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
	});
	const exited = exitOf(child);
	logLines(child.stdout, log);
	logLines(child.stderr, log);
	const password = options.at?.password ?? randomBytes(24).toString('base64url');
	const start: StartMessage = {
		type: 'start',
		dataFolder,
		port: options.at?.port ?? 0,
		username: USERNAME,
		password,
		memoryBytes: options.memoryBytes ?? DEFAULT_MEMORY_BYTES,
		threads: options.threads ?? DEFAULT_THREADS,
	};
	child.send(start);
	const port = await listening(child, exited);
	const url = `http://127.0.0.1:${port}`;
	return { url, username: USERNAME, password, port, pid: child.pid ?? 0, exited, stop: () => stop(child, exited) };
}

function exitOf(child: ChildProcess): EmbeddedStore['exited'] {
	return new Promise((resolve) => {
		child.once('exit', (code, signal) => resolve({ code, signal }));
		child.once('error', () => resolve({ code: null, signal: null }));
	});
}

async function listening(child: ChildProcess, exited: EmbeddedStore['exited']): Promise<number> {
	const first = new Promise<ChildMessage>((resolve) => {
		child.once('message', (message) => resolve(message as ChildMessage));
	});
	const answer = await Promise.race([first, exited]);
	if (!('type' in answer))
		throw new RetriableError(`cannot start the store: it ended with ${answer.signal ?? `code ${String(answer.code)}`}`);
	if (answer.type === 'listening') return answer.port;
	await exited;
	if (answer.kind === 'locked') throw new ConfigError(answer.message);
	throw new RetriableError(`cannot start the store: ${answer.message}`);
}

function logLines(stream: Readable | null, log: Logger): void {
	if (stream) createInterface({ input: stream }).on('line', (line) => log.warn({ line }, 'store process'));
}

async function stop(child: ChildProcess, exited: EmbeddedStore['exited']): Promise<void> {
	child.kill('SIGTERM');
	const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
	await exited;
	clearTimeout(timer);
}
