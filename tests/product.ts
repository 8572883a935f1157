import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './support/until.ts';

/** A whole Sigmascope in processes of its own, as a user starts it. */
export interface Product {
	readonly url: string;
	readonly startLink: string;
	readonly key: string;
	readonly dataFolder: string;
	readonly pid: number;
	/** Everything it printed so far. */
	output(): string;
	/** A request with the key; the path begins with a slash. */
	request(path: string, init?: RequestInit): Promise<Response>;
	get<T>(path: string): Promise<T>;
	/** Ends it as an operator does and waits. @returns its exit code */
	stop(): Promise<number | null>;
	/** kill -9 of the main process and every child, at once. */
	kill(): Promise<void>;
	/** Process numbers of the children whose command line has this word. */
	children(word: string): number[];
}

export interface ProductOptions {
	readonly dataFolder?: string;
	readonly port?: number;
	/** Where its code is; default here. */
	readonly root?: string;
	readonly env?: Readonly<Record<string, string>>;
}

/** Less than a hook may take, so that this error is the one that is seen. */
const START_WITHIN_MS = 50_000;

export const TEST_KEY = 'sk-test-bootstrap-key-0123456789abcdef';

export function tempFolder(name: string): string {
	return mkdtempSync(join(tmpdir(), `${name}-`));
}

export function removeFolder(folder: string): void {
	rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** What the launcher sets. */
export function codeCache(): { readonly NODE_COMPILE_CACHE?: string } {
	const { NODE_COMPILE_CACHE } = process.env;
	return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
}

/** Starts it on a port that the system picks and waits until it answers. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
	const dataFolder = options.dataFolder ?? tempFolder('sigmascope');
	const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/main.ts'], {
		env: {
			PATH: process.env.PATH ?? '',
			HOME: process.env.HOME ?? '',
			...codeCache(),
			PORT: String(options.port ?? 0),
			SIGMASCOPE_DATA: dataFolder,
			SIGMASCOPE_DEMO: '0',
			SIGMASCOPE_API_KEY: TEST_KEY,
			...options.env,
		},
		...(options.root === undefined ? {} : { cwd: options.root }),
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let text = '';
	for (const stream of [child.stdout, child.stderr])
		stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
	const startLink = await until(() => {
		if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
		// Without a token once there is an account to sign in with.
		return /^ {2}open +(https?:\/\/\S+)/m.exec(text)?.[1];
	}, START_WITHIN_MS).catch((error: unknown) => {
		for (const one of [child.pid ?? 0, ...descendants(child.pid ?? 0)]) if (one > 0) killIfThere(one);
		throw new Error(`the product did not start:\n${text}`, { cause: error });
	});
	return handleOf({ child, startLink, dataFolder, output: () => text });
}

function handleOf(own: { child: ChildProcess; startLink: string; dataFolder: string; output: () => string }): Product {
	const { child, startLink, dataFolder, output } = own;
	const url = new URL(startLink).origin;
	const pid = child.pid ?? 0;
	const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
	const request: Product['request'] = (path, init) =>
		fetch(url + path, { ...init, headers: { authorization: `Bearer ${TEST_KEY}`, ...init?.headers } });
	return {
		url,
		startLink,
		key: TEST_KEY,
		dataFolder,
		pid,
		output,
		request,
		async get<T>(path: string) {
			const response = await request(path);
			if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
			return (await response.json()) as T;
		},
		stop: () => (child.kill('SIGTERM'), exited),
		async kill() {
			for (const one of [pid, ...descendants(pid)]) killIfThere(one);
			await exited;
		},
		children: (word) => descendants(pid).filter((one) => commandLine(one).includes(word)),
	};
}

export function killIfThere(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It ended by itself in between.
	}
}

function commandLine(pid: number): string {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
	} catch {
		return '';
	}
}

/** Children, their children, and so on, from /proc. */
export function descendants(pid: number): number[] {
	const parents = new Map<number, number>();
	for (const name of readdirSync('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		try {
			const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
			parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
		} catch {
			// It ended while we looked.
		}
	}
	const found: number[] = [];
	const walk = (of: number) => {
		for (const [child, parent] of parents)
			if (parent === of) {
				found.push(child);
				walk(child);
			}
	};
	walk(pid);
	return found;
}
