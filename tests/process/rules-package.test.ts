import { execFile, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeFolder, tempFolder } from '../product.ts';

const run = promisify(execFile);

/** What a user writes; prints one line. */
const PROGRAM = `
import { analyze, createBank, maskOf, capability, changePoint } from '@sigmascope/rules';
const { charts } = analyze({ values: [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1] });
const bank = createBank({ capacity: 2 });
bank.setLimits(1, { centre: 0, sigma: 1, rules: maskOf([1, 2]) });
const { cp } = capability({ values: [1, 2, 3, 4], sigmaWithin: 1, lsl: -1, usl: 5 });
const changed = changePoint([0, 0.1, 0, 0.1, 0, 5, 5.1, 5, 5.1]);
console.log(JSON.stringify([charts.i?.ucl[0]?.toFixed(4), bank.push(1, 4), cp?.value, changed?.index]));
`;
const SAYS = '["55.8041",1,1,5]';

/** A Node 20 beside the one that runs the tests. */
const node20 = ['/usr/bin/node', '/usr/local/bin/node', process.execPath].find(
	(path) => existsSync(path) && spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout.startsWith('v20.'),
);

describe('npm pack in rules/', () => {
	const folder = tempFolder('rules-package');
	const app = join(folder, 'app');
	const installed = join(app, 'node_modules/@sigmascope/rules');
	afterAll(() => removeFolder(folder));

	beforeAll(async () => {
		// A copy of the folder, so that the build that packing makes and removes is seen by nobody else.
		const source = (path: string) => !/\.test\.ts$|\/(build|node_modules)$/.test(path);
		cpSync('rules', join(folder, 'rules'), { recursive: true, filter: source });
		cpSync('tsconfig.json', join(folder, 'tsconfig.json'));
		symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
		await run('npm', ['pack', '--pack-destination', folder], { cwd: join(folder, 'rules') });
		mkdirSync(installed, { recursive: true });
		const { version } = JSON.parse(readFileSync('rules/package.json', 'utf8')) as { version: string };
		await run('tar', [
			'-xzf',
			join(folder, `sigmascope-rules-${version}.tgz`),
			'--strip-components=1',
			'-C',
			installed,
		]);
		// Not the link to our modules, which holds more than the package asks for.
		rmSync(join(folder, 'node_modules'));
		cpSync('node_modules/simple-statistics', join(app, 'node_modules/simple-statistics'), { recursive: true });
		writeFileSync(join(app, 'package.json'), '{"type": "module"}');
		writeFileSync(join(app, 'main.mjs'), PROGRAM);
		writeFileSync(join(app, 'main.ts'), PROGRAM);
	});

	it('leaves no build behind', () => expect(existsSync(join(folder, 'rules/build'))).toBe(false));

	it.skipIf(!node20)(`runs on Node 20${node20 ? '' : ' (skipped: no Node 20 on this machine)'}`, async () => {
		expect((await run(node20!, ['main.mjs'], { cwd: app })).stdout.trim()).toBe(SAYS);
	});

	it('has types, which need neither Node nor a browser', async () => {
		const strict = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022'];
		const program = join(app, 'main.ts');
		writeFileSync(join(app, 'console.d.ts'), 'declare const console: { log(text: string): void };');
		const { status, stdout } = spawnSync(
			process.execPath,
			[
				'node_modules/typescript/bin/tsc',
				...strict,
				'--lib',
				'es2023',
				'--ignoreConfig',
				program,
				join(app, 'console.d.ts'),
			],
			{ encoding: 'utf8' },
		);
		expect(stdout).toBe('');
		expect(status).toBe(0);
	});

	it('runs from a browser bundle of less than 45 kB compressed', async () => {
		const output = join(app, 'bundle');
		await build({
			root: app,
			configFile: false,
			logLevel: 'error',
			build: { outDir: output, lib: { entry: 'main.mjs', formats: ['es'], fileName: 'main' } },
		});
		const bundle = readFileSync(join(output, 'main.js'), 'utf8');
		expect(bundle).not.toMatch(/from\s*["'](node:|@)/);
		const size = gzipSync(bundle).length;
		process.stdout.write(`rules in a browser: ${size} bytes compressed\n`);
		expect(size).toBeLessThan(45_000);
		const browser = await chromium.launch({
			executablePath: '/usr/bin/chromium',
			args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
		});
		try {
			const page = await browser.newPage();
			const said = page.waitForEvent('console');
			await page.addScriptTag({ content: bundle, type: 'module' });
			expect((await said).text()).toBe(SAYS);
		} finally {
			await browser.close();
		}
	});
});
