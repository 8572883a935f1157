import type { SQLInputValue } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { ConfigError, messageOf, RetriableError } from '#contracts/error.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';
import type { MetadataMetrics } from './metrics.ts';

type Rows = Extract<FromWorker, { ok: true }>;

export interface Connection {
	/** @throws RetriableError when the database is busy or its disk is full or failing */
	execute(sql: string, parameters: readonly unknown[]): Promise<Rows>;
	close(): Promise<void>;
}

interface Waiting {
	readonly resolve: (rows: Rows) => void;
	readonly reject: (error: Error) => void;
}

// SQLite's codes for what is wrong with the statement or its values, however often it is tried: ERROR, TOOBIG,
// CONSTRAINT, MISMATCH, MISUSE, RANGE. All others (busy, full, failing or read-only disk, …) are the surroundings' fault.
const FAULT_OF_CONTENT: ReadonlySet<number | undefined> = new Set([undefined, 1, 18, 19, 20, 21, 25]);

/** How long a statement waits for a writer of another process. */
const BUSY_TIMEOUT_MS = 5000;

export interface ConnectionOptions {
	readonly busyTimeoutMs?: number;
	/** The thread has ended without being told to: nothing will be answered any more. */
	readonly onBroken?: ((error: Error) => void) | undefined;
	readonly metrics?: MetadataMetrics | undefined;
}

/** @throws ConfigError when the file cannot be opened */
export async function openConnection(
	file: string,
	{ busyTimeoutMs = BUSY_TIMEOUT_MS, onBroken, metrics }: ConnectionOptions = {},
): Promise<Connection> {
	const workerData: WorkerSettings = { file, busyTimeoutMs };
	const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData, name: 'metadata' });
	const waiting: Waiting[] = [];
	let ended: Error | undefined;
	let opened = false;
	let closing = false;

	const next = () => new Promise<Rows>((resolve, reject) => waiting.push({ resolve, reject }));
	worker.on('message', (message: FromWorker) => {
		const first = waiting.shift();
		if (message.ok) first?.resolve(message);
		else first?.reject(errorOf(message));
	});
	const end = (error: Error) => {
		ended ??= error;
		for (const { reject } of waiting.splice(0)) reject(ended);
	};
	worker.on('error', (error) =>
		end(new RetriableError(`metadata database has stopped: ${messageOf(error)}`, { cause: error })),
	);
	worker.on('exit', () => {
		end(new Error('metadata database is closed'));
		if (opened && !closing) onBroken?.(ended ?? new Error('metadata database has stopped'));
	});

	await next().catch((error: unknown) => {
		throw new ConfigError(`cannot open metadata database "${file}": ${messageOf(error)}`);
	});
	opened = true;
	return {
		execute(sql, parameters) {
			if (ended) return Promise.reject(ended);
			const answer = next();
			metrics?.asked(answer);
			worker.postMessage({ sql, parameters: parameters as readonly SQLInputValue[] } satisfies ToWorker);
			return answer;
		},
		async close() {
			if (ended) return;
			closing = true;
			const { promise, resolve } = Promise.withResolvers<unknown>();
			worker.once('exit', resolve);
			worker.postMessage('close');
			await promise;
		},
	};
}

function errorOf({ message, sqliteCode }: Extract<FromWorker, { ok: false }>): Error {
	const text = `metadata database: ${message}`;
	return FAULT_OF_CONTENT.has(sqliteCode) ? new Error(text) : new RetriableError(text);
}
