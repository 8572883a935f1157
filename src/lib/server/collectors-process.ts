import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { levels, type Level, type Logger } from 'pino';
import {
	HEAP_ENV,
	HEAP_FLAGS,
	type CollectorsSetup,
	type CollectorsStatus,
	type FromCollectors,
	type ToCollectors,
} from '#collectors/messages.ts';
import type { Running } from './supervisor.ts';

const ENTRY = fileURLToPath(new URL('../../../collectors/main.ts', import.meta.url));
const TERM_WAIT_MS = 5000;
const MAX_LINE_CHARS = 2000;

/**
 * One child process that runs these collectors. It gets its work and its key by IPC: neither stands on a command line
 * or in an environment that others can read.
 */
export async function startCollectors(options: {
	readonly setup: CollectorsSetup;
	readonly log: Logger;
	readonly onStatus: (status: CollectorsStatus) => void;
}): Promise<Running> {
	const { setup, log, onStatus } = options;
	const child = fork(ENTRY, {
		// Nothing of the parent's: its secrets are no business of what talks to devices.
		env: { TZ: 'UTC', NODE_NO_WARNINGS: '1', ...HEAP_ENV },
		execArgv: [...HEAP_FLAGS],
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
	});
	for (const stream of [child.stdout, child.stderr]) forward(stream, log);
	child.on('message', (message: FromCollectors) => onStatus(message.status));
	const exited = once(child, 'exit').then(([code, signal]) => (signal === null ? `exit code ${code}` : String(signal)));
	await once(child, 'spawn');
	child.send({ configure: setup } satisfies ToCollectors);
	return {
		exited,
		pid: child.pid,
		async stop() {
			child.kill('SIGTERM');
			const timer = setTimeout(() => child.kill('SIGKILL'), TERM_WAIT_MS);
			await exited;
			clearTimeout(timer);
		},
	};
}

/** The child logs as we do, so its lines become lines of ours with the same level and fields. */
function forward(stream: Readable | null, log: Logger): void {
	if (stream === null) return;
	createInterface({ input: stream }).on('line', (line) => {
		const entry = parseEntry(line);
		if (entry === undefined) return log.info({ part: 'collectors' }, line.slice(0, MAX_LINE_CHARS));
		const { level, msg, time: _, pid: __, hostname: ___, ...fields } = entry;
		log[levels.labels[level] as Level]({ part: 'collectors', ...fields }, msg);
	});
}

interface Entry {
	readonly level: number;
	readonly msg: string;
	readonly [field: string]: unknown;
}

function parseEntry(line: string): Entry | undefined {
	if (!line.startsWith('{')) return undefined;
	try {
		const entry = JSON.parse(line) as Entry;
		return entry.level in levels.labels && typeof entry.msg === 'string' ? entry : undefined;
	} catch {
		return undefined;
	}
}
