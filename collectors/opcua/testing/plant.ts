import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlantOptions, PlantOrder } from './plant-process.ts';

const PROGRAM = fileURLToPath(new URL('plant-process.ts', import.meta.url));

/** A plant behind a real OPC UA server, in a process of its own. */
export interface Plant {
	/** Stays the same when it is started again. */
	readonly url: string;
	readonly port: number;
	order(order: PlantOrder): void;
	kill(): Promise<void>;
	/** @param shift how many other namespaces come before that of the plant now */
	start(shift?: number): Promise<void>;
	/** SIGSTOP and SIGCONT: it is connected and says nothing. */
	hold(): void;
	release(): void;
	remove(): Promise<void>;
}

export async function startPlant(): Promise<Plant> {
	const folder = mkdtempSync(join(tmpdir(), 'plant-'));
	let child: ChildProcess | undefined;
	let port = 0;
	async function start(shift = 0): Promise<void> {
		const options: PlantOptions = { port, folder, shift };
		const started = fork(PROGRAM, [JSON.stringify(options)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
		child = started;
		const ended = once(started, 'exit').then(([code]) => {
			throw new Error(`the plant ended with ${code}`);
		});
		ended.catch(() => undefined);
		const [message] = (await Promise.race([once(started, 'message'), ended])) as [{ readonly port: number }];
		port = message.port;
	}
	async function kill(): Promise<void> {
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const exited = once(child, 'exit');
		child.kill('SIGKILL');
		await exited;
	}
	await start();
	return {
		get url() {
			return `opc.tcp://127.0.0.1:${port}`;
		},
		get port() {
			return port;
		},
		order: (order) => void child?.send(order),
		kill,
		start,
		hold: () => void child?.kill('SIGSTOP'),
		release: () => void child?.kill('SIGCONT'),
		async remove() {
			await kill();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
