import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiPoints, ApiStream } from '#contracts/api.ts';
import { codeCache, removeFolder, startProduct, type Product } from '../product.ts';
import { until } from '../support/until.ts';

const ROWS = 600_000;
let product: Product;
beforeAll(async () => (product = await startProduct()));
afterAll(async () => {
	await product.stop();
	removeFolder(product.dataFolder);
});

function startImport(file: string) {
	const env = {
		PATH: process.env.PATH ?? '',
		...codeCache(),
		SIGMASCOPE_API_KEY: product.key,
		SIGMASCOPE_DATA: product.dataFolder,
	};
	const args = ['--disable-warning=ExperimentalWarning', 'src/cli/main.ts', 'import', file, '--stream', 'big/s'];
	const child = spawn(process.execPath, [...args, '--url', product.url], { env, stdio: ['ignore', 'pipe', 'pipe'] });
	let text = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
	const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
	return { child, exited, text: () => text };
}

const accepted = async () => {
	const text = await (await product.request('/metrics')).text();
	return Number(/points_accepted_total\{via="collect"\} (\d+)/.exec(text)?.[1] ?? 0);
};

describe('an import that is killed again and again', () => {
	it('has every row once in the end', async () => {
		const file = join(product.dataFolder, 'big.csv');
		const lines = Array.from({ length: ROWS }, (_, i) => `${1_700_000_000 + i},${i % 1000}`);
		writeFileSync(file, `timestamp,value\n${lines.join('\n')}\n`);
		for (let round = 1; round <= 3; round++) {
			const before = await accepted();
			const running = startImport(file);
			await until(async () => (await accepted()) > before || running.child.exitCode !== null, 60_000);
			running.child.kill('SIGKILL');
			await running.exited;
		}
		const last = startImport(file);
		expect([await last.exited, last.text()]).toEqual([0, expect.stringMatching(/points and 0 gaps imported/)]);
		expect(await accepted()).toBe(ROWS);
		const { id } = (await product.get<ApiList<ApiStream>>('/api/v1/streams?key=big%2Fs')).items[0]!;
		const points = await until(async () => {
			const answer = await product.get<ApiPoints>(`/api/v1/streams/${id}/points?from=0&to=${2e15}`);
			return answer.t.length >= ROWS && answer;
		}, 120_000);
		expect(points.t).toHaveLength(ROWS);
		expect(points.v.every((v, i) => v === i % 1000)).toBe(true);
	});
});
