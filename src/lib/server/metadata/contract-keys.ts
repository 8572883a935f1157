import { describe, expect, it } from 'vitest';
import { ANN } from './contract-samples.ts';
import type { Subject } from './contract-subject.ts';

export function keysContract({ metadata, reopen }: Subject): void {
	describe('API keys', () => {
		it('a key is found by what was shown once, with its site and scopes', async () => {
			const secret = await metadata().keys.create({ name: 'press', site: 'plant-a', scopes: ['write', 'read'] });
			await reopen();
			expect(await metadata().keys.find(secret)).toEqual({
				id: 1,
				shown: secret.slice(0, 12),
				name: 'press',
				site: 'plant-a',
				scopes: ['write', 'read'],
				createdMicros: expect.any(Number) as number,
				createdBy: 'owner',
				expiresMicros: null,
				usedMicros: null,
			});
		});

		it('no two are alike, and none is short', async () => {
			const key = { name: 'k', site: 'plant-a', scopes: ['read'] } as const;
			const [a, b] = [await metadata().keys.create(key), await metadata().keys.create(key)];
			expect(a).not.toBe(b);
			expect(a).toMatch(/^sigma_[\w-]{43}$/);
		});

		it('anything else is nobody', async () => {
			const secret = await metadata().keys.create({ name: 'k', site: 'plant-a', scopes: ['read'] });
			for (const other of ['', secret.slice(0, -1), secret.toUpperCase(), "' OR 1=1 --"])
				expect(await metadata().keys.find(other)).toBeUndefined();
		});

		it('those of some sites are listed, and no other', async () => {
			for (const site of ['plant-a', 'plant-b'])
				await metadata().keys.create({ name: site, site, scopes: ['read'], expiresMicros: 5 });
			expect((await metadata().keys.list(['plant-b'])).map(({ name }) => name)).toEqual(['plant-b']);
			expect(await metadata().keys.list([])).toEqual([]);
			expect(await metadata().keys.list('all')).toMatchObject([{ id: 1 }, { id: 2, expiresMicros: 5 }]);
		});

		it('one that was removed is nobody, and its number is not given again', async () => {
			const key = { name: 'k', site: 'plant-a', scopes: ['read'] } as const;
			const secret = await metadata().keys.create(key);
			await metadata().keys.remove(1, ANN);
			expect(await metadata().keys.find(secret)).toBeUndefined();
			await metadata().keys.create(key);
			expect((await metadata().keys.list('all')).map(({ id }) => id)).toEqual([2]);
			const { items } = await metadata().acts.list({ sites: ['plant-a'], act: 'key.remove', limit: 10 });
			expect(items).toMatchObject([{ by: ANN, subject: 'key:1', detail: 'k', before: { scopes: 'read' } }]);
		});

		it('its last use is kept', async () => {
			await metadata().keys.create({ name: 'k', site: 'plant-a', scopes: ['read'] });
			await metadata().keys.used(1, 77);
			expect(await metadata().keys.get(1)).toMatchObject({ usedMicros: 77 });
		});
	});
}
