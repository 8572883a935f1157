#!/usr/bin/env node
/**
 * The door of `npm start`, `npm test` and the CLI on a fresh clone: installs what is missing, compiles messages and builds
 * the page where they are stale, then hands over to the Node 24 that the lock file brings.
 *
 * Runs before anything is installed and with the Node that the machine has: Node's own modules only, syntax of Node 20.
 * It starts `node_modules/.bin/node` itself because a shell that has looked up `node` once keeps the old one. The npm
 * scripts `exec` it: a shell between npm and here would swallow SIGTERM and leave everything running.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freshMessages } from '../messages/fresh.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const nodeBin = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
const installStamp = join(root, 'node_modules', '.sigmascope-install');
const buildStamp = join(root, 'build', '.sources');
/** Types are taken out of a file once, not at every start of every process and thread. Where nothing can be written, it is. */
const codeCache = join(root, 'node_modules', '.cache', 'node');

const say = (text) => process.stderr.write(`sigmascope: ${text}\n`);
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

function fail(text) {
	say(text);
	process.exit(1);
}

function hashOf(parts) {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part).update('\0');
	return hash.digest('hex');
}

function readIfThere(file) {
	return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** An image brings its packages with it and has nothing to install from. */
function install() {
	const lock = join(root, 'package-lock.json');
	if (!existsSync(lock)) return;
	const wanted = hashOf([readFileSync(lock)]);
	if (existsSync(nodeBin) && readIfThere(installStamp) === wanted) return;
	const since = Date.now();
	say('installing packages (once, about half a minute; 1 GB, most of it the ClickHouse engine and Node 24) ...');
	const npm = process.env.npm_execpath;
	const [command, first] = npm && /npm-cli\.[cm]?js$/.test(npm) ? [process.execPath, [npm]] : ['npm', []];
	const done = spawnSync(command, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: root,
		stdio: ['ignore', 2, 2],
		shell: command === 'npm' && process.platform === 'win32',
	});
	if (done.status !== 0) fail('cannot install packages: npm ci failed, its message is above; try again with a network');
	if (!existsSync(nodeBin))
		fail(
			`cannot start: npm ci brought no Node 24 for ${process.platform}-${process.arch}; was it run with --omit=optional?`,
		);
	writeFileSync(installStamp, wanted);
	say(`packages installed in ${seconds(since)}`);
}

/** The words of the page, as functions: what imports them runs in plain Node too. */
function messages() {
	const fault = freshMessages(nodeBin);
	if (fault) fail(fault.trim());
}

/** What the page is made of; sizes and times are enough to know that something changed. */
function pageSources() {
	const files = [];
	const walk = (folder) => {
		for (const entry of readdirSync(folder, { withFileTypes: true })) {
			const path = join(folder, entry.name);
			if (entry.isDirectory()) {
				if (entry.name !== 'server') walk(path);
			} else if (!entry.name.endsWith('.test.ts')) files.push(path);
		}
	};
	for (const folder of ['src/lib', 'src/messages', 'src/routes', 'static', 'rules'])
		if (existsSync(join(root, folder))) walk(join(root, folder));
	for (const name of ['src/app.html', 'src/app.css', 'svelte.config.js', 'vite.config.ts', 'package-lock.json']) {
		if (existsSync(join(root, name))) files.push(join(root, name));
	}
	return hashOf(
		files
			.sort()
			.map((file) => `${file.slice(root.length)} ${statSync(file).size} ${Math.floor(statSync(file).mtimeMs)}`),
	);
}

function buildPage() {
	if (!existsSync(join(root, 'src', 'routes'))) return;
	const wanted = pageSources();
	if (readIfThere(buildStamp) === wanted) return;
	const since = Date.now();
	say('building the page ...');
	const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
	const done = spawnSync(nodeBin, [vite, 'build', '--logLevel', 'error'], { cwd: root, encoding: 'utf8' });
	if (done.status !== 0) fail(`cannot build the page:\n${done.stdout}${done.stderr}`);
	mkdirSync(join(root, 'build'), { recursive: true });
	writeFileSync(buildStamp, wanted);
	say(`page built in ${seconds(since)}`);
}

/** Runs Node 24 in this one's place: same terminal, same signals, same exit code. */
function handOver(args) {
	const env = { ...process.env, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? codeCache };
	const child = spawn(nodeBin, args, { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
	// npm killed with -9 passes no signal on. Started by hand it may outlive its shell, so only npm's end counts.
	const npm = process.env.npm_lifecycle_event && process.ppid;
	if (npm) setInterval(() => process.ppid !== npm && child.kill('SIGTERM'), 500).unref();
	child.on('error', (error) => fail(`cannot start ${nodeBin}: ${error.message}`));
	child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)));
}

const [command = 'help', ...rest] = process.argv.slice(2);
install();
messages();
switch (command) {
	case 'install':
		break;
	case 'build':
		buildPage();
		break;
	case 'test':
		buildPage();
		handOver([join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...rest]);
		break;
	case 'start':
		buildPage();
		handOver([join(root, 'src', 'main.ts'), ...rest]);
		break;
	default:
		handOver([join(root, 'src', 'cli', 'main.ts'), command, ...rest]);
}
