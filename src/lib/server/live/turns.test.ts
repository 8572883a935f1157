import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

describe('turns', () => {
	it('let so many run at a time, the others in the order in which they came', async () => {
		const inTurn = createTurns(2);
		const began: number[] = [];
		const ends: (() => void)[] = [];
		const all = [0, 1, 2, 3].map((n) =>
			inTurn(() => {
				began.push(n);
				return new Promise<number>((resolve) => ends.push(() => resolve(n)));
			}),
		);
		expect(began).toEqual([0, 1]);
		ends[1]?.();
		await all[1];
		expect(began).toEqual([0, 1, 2]);
		ends[0]?.();
		ends[2]?.();
		await Promise.all([all[0], all[2]]);
		ends[3]?.();
		expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
		expect(began).toEqual([0, 1, 2, 3]);
	});
	it('pass on when one fails', async () => {
		const inTurn = createTurns(1);
		const first = inTurn(() => Promise.reject(new Error('no')));
		const second = inTurn(() => Promise.resolve('yes'));
		await expect(first).rejects.toThrow('no');
		expect(await second).toBe('yes');
	});
});
