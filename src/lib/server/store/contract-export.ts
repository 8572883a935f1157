import { describe, expect, it } from 'vitest';
import type { Signal } from '#contracts/verdict.ts';
import { MINUTE, T0, type StoreSubject } from './contract-subject.ts';

const LATER = 4_000_000_000_000_000;

export function exportContract({ store, newStream, insert }: StoreSubject): void {
	const csvOf = async (id: number, name: string, asOfMicros = LATER) => {
		const chunks: Uint8Array[] = [];
		const range = { fromMicros: 0, toMicros: LATER };
		const wish = { format: 'csv', streams: [{ id, name }], ...range, asOfMicros } as const;
		for await (const chunk of await store().exported(wish, new AbortController().signal)) chunks.push(chunk);
		return Buffer.concat(chunks).toString().trimEnd().split('\n');
	};

	describe('exported', () => {
		it('rows are by time, with what the rules found, and every number comes back', async () => {
			const stream = newStream();
			const values = [0.1 + 0.2, -1e-300, Number.MAX_VALUE, 5];
			const points = values.map((v, i) => ({ stream, t: T0 + i, v }));
			await insert('exported', points);
			const signal: Signal = {
				...{ streamId: stream, chart: 'i', rule: 5, side: 'above', tMicros: T0 + 1, spanFromMicros: T0, v: 1 },
				...{ limitsId: 'L', baseline: false },
			};
			const signals = [signal, { ...signal, rule: 1 as const }];
			await store().insertVerdicts({ token: `exported-${stream}`, signals, limits: [], episodes: [] });
			const rows = await csvOf(stream, 'a,"b"');
			expect(rows.map((row) => Number(row.split(',').at(-4)))).toEqual(values);
			expect(rows[1]).toMatch(/^\d+,"a,""b""","2023-11-14T22:13:20\.000001Z",-1e-300,192,0,"i:1 i:5"$/);
		});
		it('leave out what came later', async () => {
			const stream = newStream();
			const now = Date.now() * 1000;
			const early = { stream, t: T0, v: 1, received: now - 10 };
			await insert('as-of', [early, { stream, t: T0 + 1, v: 2, received: now }]);
			expect(await csvOf(stream, 'x', now - 5)).toHaveLength(1);
		});
		it('stretches have all points once, one after the other', async () => {
			const stream = newStream();
			const count = 3000;
			const points = Array.from({ length: count }, (_, i) => ({
				stream,
				t: T0 + i * 1000 + (i < 2000 ? 0 : i * MINUTE),
				v: i,
			}));
			await insert('slices', points);
			const whole = { streamId: stream, fromMicros: 0, toMicros: LATER };
			const slices = await store().slices({ ...whole, most: 300 });
			const counts = await Promise.all(slices.map((slice) => store().countPoints({ ...whole, ...slice })));
			expect(counts.reduce((sum, one) => sum + one, 0)).toBe(count);
			expect(slices.length).toBeGreaterThan(9);
			slices.forEach((slice, i) => expect(slice.fromMicros).toBeGreaterThan(slices[i - 1]?.toMicros ?? -1));
		});
		it('stretches keep within the range, and there is none where nothing is', async () => {
			const stream = newStream();
			await insert('within', [{ stream, t: T0, v: 1 }]);
			const at = { fromMicros: T0 - 5, toMicros: T0 + 5 };
			expect(await store().slices({ streamId: stream, ...at, most: 10 })).toEqual([{ ...at, points: 1 }]);
			expect(await store().slices({ streamId: newStream(), ...at, most: 10 })).toEqual([]);
		});
		it('end when who asked has left', async () => {
			const leaving = new AbortController();
			leaving.abort(new Error('left'));
			const streams = [{ id: newStream(), name: 'x' }];
			const wish = { format: 'csv', streams, fromMicros: 0, toMicros: LATER, asOfMicros: LATER } as const;
			const reading = async () => {
				for await (const chunk of await store().exported(wish, leaving.signal)) void chunk;
			};
			await expect(reading()).rejects.toThrow('left');
		});
	});
}
