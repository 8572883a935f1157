import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

/** Debian's: another Python in the path has none of it. */
const PYTHON = '/usr/bin/python3';
const SERVER = fileURLToPath(new URL('../../collectors/modbus/testing/server.py', import.meta.url));

const canServe = existsSync(PYTHON) && spawnSync(PYTHON, ['-c', 'import pymodbus.server.async_io']).status === 0;
/** For `describe.skipIf`, and for its title to say why. */
export const noPymodbus = !canServe;
export const pymodbusNote = canServe
	? ''
	: ' (skipped: apt-get install python3-pymodbus python3-serial python3-serial-asyncio)';
export const noMbpoll = !existsSync('/usr/bin/mbpoll');
export const mbpollNote = noMbpoll ? ' (skipped: apt-get install mbpoll)' : '';
export const noSocat = !existsSync('/usr/bin/socat');
export const socatNote = noSocat ? ' (skipped: apt-get install socat)' : '';

/** A device of pymodbus; collectors/modbus/testing/server.py says what it has. */
export interface ModbusDevice {
	/** Of TCP; stays the same when it is started again. */
	readonly port: number;
	kill(): Promise<void>;
	start(): Promise<void>;
	/** SIGSTOP and SIGCONT: it is there and says nothing. */
	hold(): void;
	release(): void;
}

export async function startModbusDevice(mode: 'tcp' | 'rtu' | 'rtu-over-tcp', path?: string): Promise<ModbusDevice> {
	let child: ChildProcess | undefined;
	let port = 0;
	async function start(): Promise<void> {
		const started = spawn(PYTHON, [SERVER, mode, path ?? String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
		child = started;
		let ready: string | undefined;
		createInterface({ input: started.stdout }).on('line', (line) => (ready ??= /^ready (\d+)$/.exec(line)?.[1]));
		await until(() => {
			if (started.exitCode !== null) throw new Error(`the device ended with ${started.exitCode}`);
			return ready !== undefined;
		});
		port = Number(ready);
	}
	await start();
	return {
		get port() {
			return port;
		},
		async kill() {
			const ending = child;
			if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
			const exited = new Promise((resolve) => ending.once('exit', resolve));
			ending.kill('SIGKILL');
			await exited;
		},
		start,
		hold: () => void child?.kill('SIGSTOP'),
		release: () => void child?.kill('SIGCONT'),
	};
}

/** A serial line without hardware: what is written to one end comes out of the other. */
export async function startSerialLine(): Promise<{ readonly ends: readonly [string, string]; stop(): void }> {
	const folder = mkdtempSync(join(tmpdir(), 'serial-line-'));
	const ends = [join(folder, 'a'), join(folder, 'b')] as const;
	const child = spawn(
		'/usr/bin/socat',
		ends.map((end) => `pty,raw,echo=0,link=${end}`),
		{ stdio: 'ignore' },
	);
	await until(() => ends.every((end) => existsSync(end)));
	return {
		ends,
		stop() {
			child.kill();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
