import { describe, expect, it } from 'vitest';
import { RetriableError } from '#contracts/error.ts';
import { createQueue } from './queue.ts';

function held() {
	const { promise, resolve } = Promise.withResolvers<void>();
	return { work: () => promise, end: resolve };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a queue', () => {
	it('runs no more at once than it may', async () => {
		const queue = createQueue({ atOnce: 2, maxWaiting: 10 });
		let most = 0;
		let now = 0;
		const one = async () => {
			most = Math.max(most, ++now);
			await settled();
			now--;
		};
		await Promise.all(Array.from({ length: 9 }, () => queue(one)));
		expect(most).toBe(2);
	});
	it('refuses who would wait behind too many, and tells when to come again', async () => {
		const queue = createQueue({ atOnce: 1, maxWaiting: 1 });
		const first = held();
		const running = queue(first.work);
		const waiting = queue(async () => 'second');
		const refused: unknown = await queue(async () => 'third').catch((error: unknown) => error);
		expect(refused).toBeInstanceOf(RetriableError);
		expect(refused).toMatchObject({ retryAfterMs: 2000 });
		first.end();
		await running;
		expect(await waiting).toBe('second');
	});
	it('goes on after one that failed', async () => {
		const queue = createQueue({ atOnce: 1, maxWaiting: 1 });
		await expect(queue(() => Promise.reject(new Error('x')))).rejects.toThrow('x');
		expect(await queue(async () => 1)).toBe(1);
	});
});
