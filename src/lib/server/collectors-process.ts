import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { CollectorsSetup, CollectorsStatus, FromCollectors, ToCollectors } from '#collectors/messages.ts';
import type { Running } from './supervisor.ts';

const ENTRY = fileURLToPath(new URL('../../../collectors/main.ts', import.meta.url));
const TERM_WAIT_MS = 5000;

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
		env: { TZ: 'UTC', NODE_NO_WARNINGS: '1' },
		execArgv: [],
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
	});
	for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', forward(log));
	child.on('message', (message: FromCollectors) => onStatus(message.status));
	const exited = once(child, 'exit').then(([code, signal]) => (signal === null ? `exit code ${code}` : String(signal)));
	await once(child, 'spawn');
	child.send({ configure: setup } satisfies ToCollectors);
	return {
		exited,
		async stop() {
			child.kill('SIGTERM');
			const timer = setTimeout(() => child.kill('SIGKILL'), TERM_WAIT_MS);
			await exited;
			clearTimeout(timer);
		},
	};
}

function forward(log: Logger): (text: string) => void {
	return (text) => {
		for (const line of text.split('\n')) if (line.trim() !== '') log.info({ part: 'collectors' }, line.slice(0, 2000));
	};
}
