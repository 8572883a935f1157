import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { until } from '#tests/support/until.ts';
import { createExpiry } from './expiry.ts';

const stream = { id: 1, site: 'a', key: 'k/s', labels: {}, asset: 'k', kind: 'machine', unit: '' } as const;

describe('what has outlived its site', () => {
	it('is looked for by the sites of all streams, again and again, also after the store was away', async () => {
		const done: string[] = [];
		const expiry = createExpiry({
			store: {
				putStreams: (streams) => Promise.resolve(void done.push(`streams ${streams.length}`)),
				expire: () => (done.push('expire'), done.length < 3 ? Promise.reject(new Error('away')) : Promise.resolve(1)),
			},
			streams: () => Promise.resolve([stream]),
			log: pino({ level: 'silent' }),
			...{ firstAfterMs: 1, everyMs: 1 },
		});
		expiry.start();
		await until(() => done.length >= 6);
		await expiry.stop();
		const after = done.length;
		expect(done.slice(0, 4)).toEqual(['streams 1', 'expire', 'streams 1', 'expire']);
		expect(done).toHaveLength(after);
	});
});
