import { describe, expect, it } from 'vitest';
import { ANN, newAccount, storedSession } from './contract-samples.ts';
import type { Subject } from './contract-subject.ts';

export function accountsContract({ metadata, reopen }: Subject): void {
	const create = (email: string, more = {}) => metadata().accounts.create(newAccount(email, more), ANN);

	describe('accounts', () => {
		it('are found by address, however it is written', async () => {
			await create(' Ann@Plant.example ', { password: 'hash' });
			await reopen();
			const found = await metadata().accounts.byEmail('ANN@plant.EXAMPLE');
			expect(found).toEqual({
				password: 'hash',
				account: {
					id: 1,
					email: 'ann@plant.example',
					name: ' Ann',
					grants: [{ site: 'plant-a', role: 'viewer' }],
					isDisabled: false,
					hasPassword: true,
					createdMicros: expect.any(Number) as number,
				},
			});
		});
		it('are one per address', async () => {
			await create('a@x');
			expect(await create('A@X')).toBeUndefined();
			expect(await metadata().accounts.count()).toBe(1);
		});
		it('only one is the first, however many ask at once', async () => {
			const all = await Promise.all(['a@x', 'b@x', 'c@x'].map((email) => create(email, { ifFirst: true })));
			expect(all.filter(Boolean)).toHaveLength(1);
		});
		it('keep no password in what is listed', async () => {
			await create('a@x', { password: 'secret-hash' });
			expect(JSON.stringify(await metadata().accounts.all())).not.toContain('secret-hash');
			const { items } = await metadata().acts.list({ sites: 'all', limit: 10 });
			expect(JSON.stringify(items)).not.toContain('secret-hash');
		});
		it('that are removed are gone with sessions and links, and their number is not given again', async () => {
			await create('a@x');
			await metadata().sessions.add(storedSession('s'));
			await metadata().accounts.remove(1, ANN);
			expect(await metadata().sessions.get('s')).toBeUndefined();
			expect((await create('a@x'))?.id).toBe(2);
		});
		it('a change is in the audit, before and after', async () => {
			await create('a@x');
			await metadata().accounts.change(1, { grants: [{ site: 'plant-a', role: 'admin' }] }, ANN);
			const { items } = await metadata().acts.list({ sites: ['plant-a'], act: 'person.change', limit: 1 });
			expect(items).toMatchObject([
				{ by: ANN, before: { roles: { 'plant-a': 'viewer' } }, after: { roles: { 'plant-a': 'admin' } } },
			]);
		});
		it('that exist on two sites are no business of the admin of one', async () => {
			await create('a@x', { grants: ['plant-a', 'plant-b'].map((site) => ({ site, role: 'viewer' })) });
			expect((await metadata().acts.list({ sites: ['plant-a'], limit: 9 })).items).toEqual([]);
		});
	});

	describe('sessions', () => {
		const begin = async () => {
			await create('a@x');
			await metadata().sessions.add(storedSession('s'));
		};
		const isThere = async () => (await metadata().sessions.get('s')) !== undefined;
		it('are found with their account', async () => {
			await begin();
			await reopen();
			expect(await metadata().sessions.get('s')).toMatchObject({
				session: storedSession('s'),
				account: { email: 'a@x' },
			});
		});
		it('move on', async () => {
			await begin();
			await metadata().sessions.extend('s', 15);
			await metadata().sessions.seen('s', 9);
			expect(await metadata().sessions.of(1)).toEqual([storedSession('s', { expiresMicros: 15, seenMicros: 9 })]);
		});
		it('end with another role', async () => {
			await begin();
			await metadata().accounts.change(1, { grants: [{ site: 'plant-a', role: 'admin' }] }, ANN);
			expect(await isThere()).toBe(false);
		});
		it('do not end with another name', async () => {
			await begin();
			await metadata().accounts.change(1, { name: 'Ann M.' }, ANN);
			expect(await isThere()).toBe(true);
		});
		it('end when the account is shut', async () => {
			await begin();
			await metadata().accounts.change(1, { isDisabled: true }, ANN);
			expect(await isThere()).toBe(false);
		});
		it('end with another password', async () => {
			await begin();
			await metadata().accounts.setPassword(1, 'hash', ANN);
			expect(await isThere()).toBe(false);
		});
		it('of one account end but for the one that asks', async () => {
			await begin();
			await metadata().sessions.add(storedSession('other'));
			await metadata().sessions.removeOf(1, 's');
			expect((await metadata().sessions.of(1)).map(({ id }) => id)).toEqual(['s']);
		});
		it('that are over are cleared away', async () => {
			await begin();
			await metadata().sessions.removeOver(9);
			expect(await isThere()).toBe(true);
			await metadata().sessions.removeOver(10);
			expect(await isThere()).toBe(false);
		});
	});

	describe('links', () => {
		const add = (hash: string, expiresMicros = Date.now() * 2000) =>
			metadata().links.add({ hash, accountId: 1, kind: 'invite', expiresMicros, site: 'plant-a', by: ANN });
		it('work once, whoever else tries in the same moment', async () => {
			await create('a@x');
			await add('h');
			expect(await metadata().links.find('h')).toMatchObject({ kind: 'invite', account: { email: 'a@x' } });
			const taken = await Promise.all([1, 2, 3].map(() => metadata().links.take('h')));
			expect(taken.filter((id) => id !== undefined)).toEqual([1]);
			expect(await metadata().links.find('h')).toBeUndefined();
		});
		it('do not work once they have expired', async () => {
			await create('a@x');
			await add('h', 1);
			expect(await metadata().links.find('h')).toBeUndefined();
			expect(await metadata().links.take('h')).toBeUndefined();
		});
		it('a newer one ends the older', async () => {
			await create('a@x');
			await add('old');
			await add('new');
			expect(await metadata().links.take('old')).toBeUndefined();
			expect(await metadata().links.take('new')).toBe(1);
		});
	});
}
