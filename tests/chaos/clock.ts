import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiList, ApiStream } from '#contracts/api.ts';
import type { Product } from '../product.ts';
import { until } from '../support/until.ts';

/** The wall clock of every process of a product, from outside: nobody else's clock can be set. */
export interface Clock {
	readonly env: Readonly<Record<string, string>>;
	/** Sets it so far from the true time; resolves once the product has it. */
	step(product: Product, offsetMs: number): Promise<void>;
}

/** Loaded before anything else in each process: `Date` then tells another time, and nothing else changes. */
const SHIFTED = (file: string) => `
import { readFileSync } from 'node:fs';
const True = Date;
let offset = 0;
const read = () => { try { offset = Number(readFileSync(${JSON.stringify(file)}, 'utf8')) || 0; } catch {} };
read();
setInterval(read, 20).unref();
globalThis.Date = class Date extends True {
	constructor(...of) { if (of.length === 0) super(True.now() + offset); else super(...of); }
	static now() { return True.now() + offset; }
};
`;

export function createClock(folder: string): Clock {
	const file = join(folder, 'clock');
	const module = join(folder, 'clock.mjs');
	writeFileSync(file, '0');
	writeFileSync(module, SHIFTED(file));
	let steps = 0;
	return {
		env: { NODE_OPTIONS: `--import ${module}` },
		async step(product, offsetMs) {
			writeFileSync(file, String(offsetMs));
			await until(async () => {
				const key = `clock/s${steps++}`;
				const body = JSON.stringify([{ stream: key, v: 1 }]);
				const headers = { 'content-type': 'application/json' };
				const response = await product.request('/api/v1/points', { method: 'POST', headers, body });
				await response.body?.cancel();
				const [found] = (await product.get<ApiList<ApiStream>>(`/api/v1/streams?key=${key}`)).items;
				return found?.last && Math.abs(Date.parse(found.last.t) - Date.now() - offsetMs) < 60_000;
			});
		},
	};
}
