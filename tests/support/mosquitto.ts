import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

const PROGRAM = '/usr/sbin/mosquitto';

/** For `describe.skipIf`, and for its title to say why. */
export const noBroker = !existsSync(PROGRAM);
export const brokerNote = noBroker ? ' (skipped: apt-get install mosquitto)' : '';

/** A real broker with files of its own, on a port of the loopback that stays the same when it is started again. */
export interface Mosquitto {
	readonly port: number;
	/** `mqtt://127.0.0.1:PORT`. */
	readonly url: string;
	/** Of its second listener, when it was asked for. */
	readonly webSocketPort: number;
	readonly folder: string;
	readonly pid: () => number;
	/** What it has logged. */
	output(): string;
	/** kill -9. */
	kill(): Promise<void>;
	/** As an operator does: it writes its sessions to disk. */
	stop(): Promise<void>;
	start(): Promise<void>;
	/** Ends it and removes its files. */
	remove(): Promise<void>;
}

export interface MosquittoOptions {
	/** Lines of mosquitto.conf that belong to its listener: TLS, protocol. */
	readonly listener?: readonly string[];
	/** There is a second listener, for WebSocket: its lines. Version 2.0 does not start with that one alone. */
	readonly webSocket?: readonly string[];
	/** Further lines; `FOLDER` stands for its folder. */
	readonly settings?: readonly string[];
	/** Files to be in its folder before it starts. */
	readonly files?: Readonly<Record<string, string>>;
	/** Who may connect; everybody when left out. */
	readonly isAnonymous?: false;
	/** A folder that the test has prepared and removes itself. */
	readonly folder?: string;
}

export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
	const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'mosquitto-'));
	const [port = 0, webSocketPort = 0] = await freePorts(2);
	for (const [name, text] of Object.entries(options.files ?? {}))
		writeFileSync(join(folder, name), text, { mode: 0o600 });
	writeFileSync(join(folder, 'mosquitto.conf'), confOf(options, { folder, port, webSocketPort }));
	let child: ChildProcess | undefined;
	let text = '';

	async function start(): Promise<void> {
		const started = spawn(PROGRAM, ['-c', join(folder, 'mosquitto.conf')], { stdio: ['ignore', 'pipe', 'pipe'] });
		child = started;
		for (const stream of [started.stdout, started.stderr])
			stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
		await until(async () => {
			if (started.exitCode !== null) throw new Error(`mosquitto ended with ${started.exitCode}:\n${text}`);
			return (await canConnect(port)) && (!options.webSocket || canConnect(webSocketPort));
		});
	}

	async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
		const ending = child;
		if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
		const exited = new Promise((resolve) => ending.once('exit', resolve));
		ending.kill(signal);
		await exited;
	}

	await start();
	return {
		port,
		url: `mqtt://127.0.0.1:${port}`,
		webSocketPort,
		folder,
		pid: () => child?.pid ?? 0,
		output: () => text,
		kill: () => end('SIGKILL'),
		stop: () => end('SIGTERM'),
		start,
		async remove() {
			await end('SIGKILL');
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

function confOf(
	{ listener = [], webSocket, settings = [], isAnonymous = undefined }: MosquittoOptions,
	{ folder, ...ports }: { readonly folder: string; readonly port: number; readonly webSocketPort: number },
): string {
	const lines = [
		// As root it would become a user who cannot write here.
		'user root',
		'log_dest stdout',
		'persistence true',
		`persistence_location ${folder}/`,
		'max_queued_messages 0',
		'max_inflight_messages 200',
		`allow_anonymous ${isAnonymous === undefined}`,
		...settings,
		`listener ${ports.port} 127.0.0.1`,
		...listener,
		...(webSocket ? [`listener ${ports.webSocketPort} 127.0.0.1`, 'protocol websockets', ...webSocket] : []),
	];
	return `${lines.join('\n').replaceAll('FOLDER', folder)}\n`;
}

/** mosquitto cannot be told to take any port; nobody else takes these in the moment between. */
async function freePorts(count: number): Promise<number[]> {
	const servers = Array.from({ length: count }, () => createServer());
	for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const ports = servers.map((server) => (server.address() as AddressInfo).port);
	for (const server of servers) await new Promise((resolve) => server.close(resolve));
	return ports;
}

function canConnect(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		const say = (answer: boolean) => {
			socket.destroy();
			resolve(answer);
		};
		socket.once('connect', () => say(true));
		socket.once('error', () => say(false));
	});
}
