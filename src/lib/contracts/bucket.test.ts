import { describe, expect, it } from 'vitest';
import { QuotaError } from './error.ts';
import { createBucket } from './bucket.ts';

function create(options: { burst?: number; perMinute?: number } = {}) {
	let nowMicros = 0;
	const bucket = createBucket({ burst: 3, perMinute: 6, message: 'wait', now: () => nowMicros, ...options });
	const waitMs = (name = 'a') => {
		try {
			bucket.take(name);
			return 0;
		} catch (error) {
			return error instanceof QuotaError ? error.retryAfterMs : NaN;
		}
	};
	return { waitMs, pass: (seconds: number) => (nowMicros += seconds * 1e6) };
}

describe('a bucket', () => {
	it('gives what it holds at once', () => {
		const { waitMs } = create();
		expect([waitMs(), waitMs(), waitMs()]).toEqual([0, 0, 0]);
	});
	it('then says how long until the next', () => {
		const { waitMs, pass } = create();
		[1, 2, 3].forEach(() => waitMs());
		expect(waitMs()).toBe(10_000);
		pass(4);
		expect(waitMs()).toBe(6000);
		pass(6);
		expect(waitMs()).toBe(0);
	});
	it('does not make who keeps trying wait longer', () => {
		const { waitMs, pass } = create();
		[1, 2, 3, 4, 5, 6].forEach(() => waitMs());
		pass(10);
		expect(waitMs()).toBe(0);
	});
	it('is full again after a while, and no fuller', () => {
		const { waitMs, pass } = create();
		[1, 2, 3].forEach(() => waitMs());
		pass(3600);
		expect([1, 2, 3, 4].map(() => waitMs() === 0)).toEqual([true, true, true, false]);
	});
	it('is one for each name', () => {
		const { waitMs } = create({ burst: 1 });
		expect([waitMs('a'), waitMs('b')]).toEqual([0, 0]);
	});
	it('is not filled by a clock that is set back', () => {
		const { waitMs, pass } = create({ burst: 1 });
		waitMs();
		pass(-3600);
		expect(waitMs()).toBe(10_000);
	});
	it('forgets names when there are too many, and stays small', () => {
		const { waitMs } = create({ burst: 1 });
		waitMs('first');
		for (let i = 0; i < 20_001; i++) waitMs(`n${i}`);
		expect(waitMs('n20000')).toBeGreaterThan(0);
		expect(waitMs('first')).toBe(0);
	});
});
