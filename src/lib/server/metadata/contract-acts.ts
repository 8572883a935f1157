import { describe, expect, it } from 'vitest';
import { ANN, newStream } from './contract-samples.ts';
import type { Subject } from './contract-subject.ts';
import type { ActFilter, NewAct } from './port-acts.ts';

export function actsContract({ metadata, reopen }: Subject): void {
	describe('the audit', () => {
		const act = (name: string, more: Partial<NewAct> = {}): NewAct => ({
			by: ANN,
			act: name,
			subject: 'server',
			site: 'plant-a',
			...more,
		});
		const names = async (filter: Partial<ActFilter> = {}) =>
			(await metadata().acts.list({ sites: 'all', limit: 10, ...filter })).items.map(({ act: name }) => name);

		it('keeps who, what, from where, before and after', async () => {
			await metadata().acts.add(act('x', { detail: 'why', before: { role: 'viewer' }, after: { role: 'admin' } }));
			await reopen();
			expect((await metadata().acts.list({ sites: 'all', limit: 1 })).items).toEqual([
				{
					id: 1,
					atMicros: expect.any(Number) as number,
					by: ANN,
					act: 'x',
					subject: 'server',
					site: 'plant-a',
					detail: 'why',
					before: { role: 'viewer' },
					after: { role: 'admin' },
				},
			]);
		});
		it('shows the newest first, a page at a time', async () => {
			for (const name of ['a', 'b', 'c']) await metadata().acts.add(act(name));
			const first = await metadata().acts.list({ sites: 'all', limit: 2 });
			expect([first.items.map(({ act: name }) => name), first.cursor]).toEqual([['c', 'b'], '2']);
			expect(await names({ beforeId: 2 })).toEqual(['a']);
		});
		it('shows of a site what is of that site only', async () => {
			await metadata().acts.add(act('mine'));
			await metadata().acts.add(act('theirs', { site: 'plant-b' }));
			await metadata().acts.add(act('of all', { site: null }));
			expect(await names({ sites: ['plant-a'] })).toEqual(['mine']);
			expect(await names({ sites: [] })).toEqual([]);
			expect(await names()).toHaveLength(3);
		});
		it('finds by act, subject and actor', async () => {
			await metadata().acts.add(act('a', { subject: 'key:1' }));
			await metadata().acts.add(act('b', { by: { ...ANN, name: 'bob' } }));
			expect(await names({ act: 'a' })).toEqual(['a']);
			expect(await names({ subject: 'key:1' })).toEqual(['a']);
			expect(await names({ actor: 'bob' })).toEqual(['b']);
		});
		it('has a plan before and after', async () => {
			const [stream] = await metadata().streams.ensure([newStream('s')]);
			const found = await metadata().streams.get(stream?.id ?? 0);
			if (!found) throw new Error('no stream');
			await metadata().streams.setPlan(found.stream.id, { ...found.plan, severity: 'critical' }, null, ANN);
			const { items } = await metadata().acts.list({ sites: ['plant-a'], act: 'plan', limit: 1 });
			expect(items).toMatchObject([
				{ by: ANN, before: { severity: found.plan.severity }, after: { severity: 'critical' } },
			]);
		});
		it('is unbroken as long as nobody touches it', async () => {
			expect(await metadata().acts.verify()).toEqual({ checked: 0, brokenAt: null });
			for (let i = 0; i < 5; i++) await metadata().acts.add(act(`act ${i}`));
			await reopen();
			expect(await metadata().acts.verify()).toEqual({ checked: 5, brokenAt: null });
		});
	});
}
