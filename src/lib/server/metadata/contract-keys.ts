import { describe, expect, it } from 'vitest';
import type { Subject } from './contract-subject.ts';

export function keysContract({ metadata, reopen }: Subject): void {
	describe('API keys', () => {
		it('a key is found by what was shown once, with its site and scopes', async () => {
			const secret = await metadata().keys.create({ name: 'press', site: 'plant-a', scopes: ['write', 'read'] });
			await reopen();
			expect(await metadata().keys.find(secret)).toEqual({
				kind: 'key',
				name: 'press',
				sites: ['plant-a'],
				scopes: ['write', 'read'],
				writeSite: 'plant-a',
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
	});
}
