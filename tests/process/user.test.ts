import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeCache, removeFolder, startProduct, tempFolder, type Product } from '../product.ts';

const OWNER = { email: 'olga@plant.example', password: 'correct horse battery staple' };

describe('sigmascope user', () => {
	let product: Product;
	beforeAll(async () => {
		const env = { SIGMASCOPE_OWNER_EMAIL: OWNER.email, SIGMASCOPE_OWNER_PASSWORD: OWNER.password };
		product = await startProduct({ dataFolder: tempFolder('user'), env });
	});
	afterAll(async () => {
		await product.stop();
		removeFolder(product.dataFolder);
	});

	/** With no more than the data folder: as somebody who is locked out but owns the machine. */
	function user(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
		const child = spawn(process.execPath, ['src/cli/main.ts', 'user', ...args, '--url', product.url], {
			env: { PATH: process.env.PATH ?? '', ...codeCache(), NODE_NO_WARNINGS: '1', SIGMASCOPE_DATA: product.dataFolder },
		});
		let [out, err] = ['', ''];
		child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
		child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
		return new Promise((resolve) => child.once('close', (code) => resolve({ code, out: out.trim(), err: err.trim() })));
	}

	function post(path: string, body: object): Promise<Response> {
		const headers = { 'content-type': 'application/json', origin: product.url };
		return fetch(product.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
	}

	it('the owner of the environment signs in; no token is printed, and no password', async () => {
		expect((await post('/api/v1/sign-in', OWNER)).status).toBe(200);
		expect(product.output()).not.toMatch(/token=|correct horse/);
	});
	it('a new password comes by a link, also for the owner who lost it', async () => {
		const { code, out } = await user('reset', 'OLGA@plant.example');
		expect([code, out]).toEqual([0, expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/welcome#[\w-]{43}$/)]);
		const link = out.split('#')[1];
		expect((await post('/api/v1/links/use', { link, password: 'another four words here' })).status).toBe(200);
		expect((await post('/api/v1/sign-in', OWNER)).status).toBe(401);
	});
	it('somebody is added with a role on a site', async () => {
		const { out } = await user('add', 'ivo@plant.example', '--role', 'engineer', '--site', 'plant-a');
		expect(out).toContain('/welcome#');
		expect((await user('list')).out.split('\n')).toEqual([
			expect.stringMatching(/^olga@plant\.example\tolga\towner@\*\tactive\t\d{4}-/),
			'ivo@plant.example\tivo\tengineer@plant-a\tinvited\tnever',
		]);
	});
	it('does not need the token that the first start printed', () => {
		const token = readFileSync(join(product.dataFolder, 'start-token'), 'utf8').trim();
		expect(product.output()).not.toContain(token);
	});
});
