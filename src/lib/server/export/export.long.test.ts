import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#tests/support/until.ts';
import { EVERY_MICROS, FIRST_MICROS, startFilled, valueAt, type Filled } from './testing/filled.ts';

const POINTS = 10_000_000;
const MEBIBYTE = 2 ** 20;
let filled: Filled;
beforeAll(async () => {
	filled = await startFilled({ streams: 1, points: POINTS });
}, 300_000);
afterAll(() => filled.stop());

/** @returns what it read, and by how much this process grew at most on the way */
async function read(format: 'csv' | 'json' | 'parquet', take: (chunk: Uint8Array) => void = () => {}) {
	const leaving = new AbortController();
	const { body } = await filled.exports.open(filled.wish({ format }), leaving.signal);
	const before = process.memoryUsage.rss();
	let most = before;
	let bytes = 0;
	for await (const chunk of body) {
		bytes += chunk.length;
		take(chunk);
		most = Math.max(most, process.memoryUsage.rss());
	}
	leaving.abort();
	return { bytes, grownMiB: (most - before) / MEBIBYTE };
}

describe('ten million points', () => {
	it('leave as CSV row for row, with flat memory', { timeout: 300_000 }, async () => {
		let rest = '';
		let row = -1;
		let wrong = 0;
		const { grownMiB } = await read('csv', (chunk) => {
			const lines = (rest + Buffer.from(chunk).toString('latin1')).split('\n');
			rest = lines.pop() ?? '';
			for (const line of lines) {
				if (row >= 0) {
					const [, , time = '', value] = line.split(',');
					const micros = Date.parse(`${time.slice(1, 24)}Z`) * 1000 + Number(time.slice(24, 27));
					if (micros !== FIRST_MICROS + row * EVERY_MICROS || Number(value) !== valueAt(row)) wrong++;
				}
				row++;
			}
		});
		expect([row, rest, wrong]).toEqual([POINTS, '', 0]);
		expect(grownMiB).toBeLessThan(250);
	});
	it.each(['json', 'parquet'] as const)('leave as %s with flat memory', { timeout: 300_000 }, async (format) => {
		const { bytes, grownMiB } = await read(format);
		expect(bytes).toBeGreaterThan(10 * MEBIBYTE);
		expect(grownMiB).toBeLessThan(250);
	});
	it('are let go of when who reads leaves: places, queries and files', { timeout: 120_000 }, async () => {
		for (const format of ['csv', 'parquet', 'json', 'csv', 'parquet', 'csv'] as const) {
			const leaving = new AbortController();
			const opening = filled.exports.open(filled.wish({ format }), leaving.signal);
			if (format === 'parquet') {
				leaving.abort();
				await expect(opening).rejects.toThrow();
				continue;
			}
			const { body } = await opening;
			for await (const chunk of body) if (chunk.length > 0) break;
			leaving.abort();
		}
		// None of six is left: four would be all places.
		const { body } = await filled.exports.open(filled.wish({ format: 'csv' }), AbortSignal.timeout(60_000));
		for await (const chunk of body) if (chunk.length > 0) break;
		const range = { streamId: filled.streams[0]!.stream.id, fromMicros: 0, toMicros: FIRST_MICROS };
		expect(await filled.store.countPoints(range)).toBe(1);
		await until(async () => (await readdir(filled.spool)).length === 0);
	});
	it('wait for no reader who never reads', { timeout: 60_000 }, async () => {
		const leaving = new AbortController();
		const wish = filled.wish({ format: 'csv' });
		for (let i = 0; i < 4; i++) await filled.exports.open(wish, leaving.signal);
		await expect(filled.exports.open(wish, leaving.signal)).rejects.toThrow('4 exports run already');
		leaving.abort();
		const after = new AbortController();
		await expect(filled.exports.open(wish, after.signal)).resolves.toMatchObject({
			type: expect.stringContaining('csv'),
		});
		after.abort();
	});
});
