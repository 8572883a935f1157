import { describe, expect, it } from 'vitest';
import { QuotaError } from '#contracts/error.ts';
import { NOW, openHub, principalOf } from './testing/hub.ts';

const line = (key: string, i: number) => JSON.stringify({ stream: key, t: NOW + i, v: i });
const body = (lines: readonly string[]) => new TextEncoder().encode(lines.join('\n'));
const send = (hub: Awaited<ReturnType<typeof openHub>>, who: string, lines: readonly string[]) =>
	hub.ingest.points({ principal: principalOf(who, 'a'), body: body(lines), contentType: 'application/x-ndjson' });

describe('a key that invents streams without end', () => {
	it('gets its share, is told so, and harms no other key', { timeout: 60_000 }, async () => {
		const hub = await openHub({ streamsPerKey: 300 });
		await send(hub, 'good', [line('press/t', 0)]);
		let made = 0;
		for (let round = 0; round < 20; round++) {
			const invented = Array.from({ length: 5000 }, (_, i) => line(`x/${round * 5000 + i}`, i));
			const [attack, honest] = await Promise.allSettled([
				send(hub, 'bad', invented),
				send(hub, 'good', [line('press/t', round + 1), line(`press/new${round}`, 0)]),
			]);
			expect(honest).toMatchObject({ status: 'fulfilled', value: { accepted: 2, refused: 0 } });
			if (attack.status === 'rejected') expect(attack.reason).toBeInstanceOf(QuotaError);
			else {
				expect(attack.value.accepted + attack.value.refused).toBe(5000);
				made += attack.value.accepted;
			}
		}
		expect(made).toBe(300);
		expect(await hub.metadata.streams.page({ sites: 'all', afterId: 0, limit: 1000 })).toHaveLength(321);
	});
	it('may send to the streams that it has', async () => {
		const hub = await openHub({ streamsPerKey: 1 });
		await send(hub, 'a', [line('one', 0)]);
		await expect(send(hub, 'a', [line('two', 0)])).rejects.toThrow(/"a" has made its 1/);
		expect(await send(hub, 'a', [line('one', 1), line('two', 1)])).toMatchObject({ accepted: 1, refused: 1 });
	});
});

describe('a key that sends more points than it may', () => {
	it('is refused until its debt is paid, and nothing of a request is cut', async () => {
		const hub = await openHub({ pointsPerSecondPerKey: 10 });
		const principal = principalOf('fast', 'a');
		hub.ingest.admit(principal);
		const lines = Array.from({ length: 150 }, (_, i) => line('s', i));
		expect(await send(hub, 'fast', lines)).toMatchObject({ accepted: 150 });
		expect(() => hub.ingest.admit(principal)).toThrow(/wait for Retry-After/);
		hub.ingest.admit(principalOf('other', 'a'));
	});
});
