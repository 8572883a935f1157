import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_PLAN } from '#contracts/plan.ts';
import { ANN, episode, newStream, opened } from './contract-samples.ts';
import type { Subject } from './contract-subject.ts';

const BOB = { ...ANN, name: 'bob', id: 'person:2' };

export function casesContract({ metadata, reopen }: Subject): void {
	beforeEach(async () => {
		const plan = { ...DEFAULT_PLAN, reaction: ['Check coolant', 'Call maintenance'] };
		await metadata().streams.ensure([
			newStream('s1', { plan }),
			newStream('s2', { asset: 'press-2' }),
			newStream('s3', { site: 'plant-b', asset: 'saw' }),
		]);
		await metadata().violations.apply(1, [
			opened(episode('a', { rule: 1, firstMicros: 100 })),
			opened(episode('b', { rule: 2, firstMicros: 200, severity: 'critical' })),
			opened(episode('c', { streamId: 2, rule: 2, firstMicros: 300, active: false })),
			opened(episode('d', { streamId: 3, rule: 2, firstMicros: 400 })),
			opened(episode('old', { historical: true, firstMicros: 50 })),
		]);
	});

	describe('acts on many', () => {
		it('say what each was before, leave out what is none, and can be taken back while nobody did anything since', async () => {
			const { violations } = metadata();
			const change = { by: ANN, state: 'acknowledged' } as const;
			const done = await violations.changeAll(['a', 'none', 'b'].map((id) => ({ id, change })));
			expect(done.map(({ before, after }) => [after.id, before.state, after.state])).toEqual([
				['a', 'open', 'acknowledged'],
				['b', 'open', 'acknowledged'],
			]);
			await violations.change('b', { by: BOB, assignee: 'bob' });
			const undone = await violations.changeAll(
				done.map(({ before, after }) => {
					const back = { by: ANN, state: before.state, assignee: before.assignee, cause: before.cause };
					return { id: before.id, change: { ...back, isReturn: true as const }, ifNow: after };
				}),
			);
			expect(undone.map(({ after }) => [after.id, after.state])).toEqual([['a', 'open']]);
			expect((await violations.get('b'))?.state).toBe('acknowledged');
			expect((await violations.times('a'))?.acknowledgedMicros).toBeNull();
		});
		it('take back what was resolved to acknowledged', async () => {
			const { violations } = metadata();
			await violations.change('a', { by: ANN, state: 'acknowledged' });
			const seen = (await violations.times('a'))?.acknowledgedMicros;
			await violations.change('a', { by: ANN, state: 'resolved', cause: 'sensor-noise' });
			await violations.change('a', { by: ANN, state: 'acknowledged', cause: null, isReturn: true });
			expect(await violations.get('a')).toMatchObject({ state: 'acknowledged', cause: null });
			expect(await violations.times('a')).toMatchObject({ acknowledgedMicros: seen, resolvedMicros: null });
		});
	});

	it('violations are counted by what they share, without history, and narrowed like a list', async () => {
		const { violations } = metadata();
		await violations.change('b', { by: ANN, state: 'resolved', cause: 'sensor-noise' });
		const by = async (name: 'asset' | 'rule' | 'cause' | 'stream', more: object = {}) =>
			(await violations.groups({ sites: 'all', by: name, limit: 10, ...more })).map((one) => [
				one.key,
				one.count,
				one.unresolved,
			]);
		expect(await by('rule')).toEqual([
			['2', 3, 2],
			['1', 1, 1],
		]);
		expect(await by('asset', { sites: ['plant-a'] })).toEqual([
			['press-1', 2, 1],
			['press-2', 1, 1],
		]);
		expect(await by('cause')).toEqual([
			[null, 3, 3],
			['sensor-noise', 1, 0],
		]);
		expect(await by('stream', { state: 'unresolved', asset: 'press-1' })).toEqual([['1', 1, 1]]);
		expect(await by('rule', { sites: [] })).toEqual([]);
		const [all] = await violations.groups({ sites: 'all', by: 'asset', limit: 1 });
		expect(all).toMatchObject({ title: 'press-1', critical: 1, active: 2, newestMicros: 200 });
		const found = async (filter: object) =>
			(await violations.list({ sites: 'all', limit: 9, ...filter })).items.map(({ id }) => id);
		expect(await found({ cause: 'sensor-noise' })).toEqual(['b']);
		expect(await found({ cause: null, severity: 'critical' })).toEqual([]);
		expect(await found({ asset: 'press-2', assignee: null })).toEqual(['c']);
	});

	it('what people took is counted from when it became known, by week, and nothing that did not happen', async () => {
		const { violations } = metadata();
		await violations.change('a', { by: ANN, state: 'acknowledged' });
		await violations.change('b', { by: ANN, state: 'resolved' });
		const { total, weeks, isCut } = await violations.summary({ sites: 'all' });
		expect([total.opened, total.acknowledged.count, total.resolved.count, isCut]).toEqual([4, 2, 1, false]);
		expect(total.acknowledged.medianMs).toBeGreaterThanOrEqual(0);
		expect(weeks.reduce((sum, { opened: some }) => sum + some, 0)).toBe(4);
		for (const { fromMicros } of weeks) expect(new Date(fromMicros / 1000).getUTCDay()).toBe(1);
		const none = await violations.summary({ sites: ['plant-b'] });
		expect(none.total).toMatchObject({ opened: 1, resolved: { count: 0, medianMs: null, p90Ms: null } });
	});

	it('steps of the reaction plan are ticked by somebody, and stay when the plan has others', async () => {
		const { violations } = metadata();
		expect(await violations.tick('a', { step: 'no such step', isDone: true, by: ANN })).toBe(false);
		expect(await violations.tick('a', { step: 'Check coolant', isDone: true, by: ANN })).toBe(true);
		expect(await violations.tick('a', { step: 'Check coolant', isDone: true, by: BOB })).toBe(true);
		await reopen();
		const steps = async (id: string) =>
			(await metadata().violations.steps(id)).map(({ step, done, isPlanned }) => [step, done?.by, isPlanned]);
		expect(await steps('a')).toEqual([
			['Check coolant', 'ann', true],
			['Call maintenance', undefined, true],
		]);
		await metadata().violations.change('b', { by: ANN, state: 'resolved' });
		await metadata().streams.setPlan(1, { ...DEFAULT_PLAN, reaction: ['Look at it'] }, null, ANN);
		expect(await steps('a')).toEqual([
			['Look at it', undefined, true],
			['Check coolant', 'ann', false],
		]);
		expect((await steps('b')).map(([step]) => step)).toEqual(['Check coolant', 'Call maintenance']);
		expect(await metadata().violations.tick('a', { step: 'Check coolant', isDone: false, by: BOB })).toBe(true);
		expect((await steps('a')).length).toBe(1);
		const trail = await metadata().acts.list({ sites: ['plant-a'], subject: 'violation:a', limit: 9 });
		expect(trail.items.map(({ act, by, detail }) => [act, by.name, detail])).toEqual([
			['step.undone', 'bob', 'Check coolant'],
			['step', 'ann', 'Check coolant'],
		]);
	});

	it('a cause that is named is merged or retired; only one that nothing names is removed', async () => {
		const { causes, violations } = metadata();
		const at = async (name: string) => (await causes.list()).find((one) => one.name === name);
		await causes.put({ name: 'dirt', title: 'Dirt', isRetired: false }, ANN);
		await violations.change('a', { by: ANN, state: 'resolved', cause: 'dirt' });
		expect(await causes.remove('dirt', ANN)).toBe(false);
		expect(await causes.merge('dirt', 'none-such', ANN)).toBeUndefined();
		expect(await causes.merge('dirt', 'sensor-noise', ANN)).toBe(1);
		expect((await violations.get('a'))?.cause).toBe('sensor-noise');
		expect(await at('dirt')).toEqual({
			name: 'dirt',
			title: 'Dirt',
			isRetired: true,
			mergedInto: 'sensor-noise',
			uses: 0,
		});
		expect((await at('sensor-noise'))?.uses).toBe(1);
		expect(await causes.remove('dirt', ANN)).toBe(true);
		expect(await at('dirt')).toBeUndefined();
		expect(await causes.remove('dirt', ANN)).toBe(false);
	});

	it('filters are kept by person and page, each name once, and not without end', async () => {
		const { views } = metadata();
		await views.put('person:1', 'violations', { name: 'mine', query: '?show=all' });
		await views.put('person:1', 'violations', { name: 'mine', query: '?show=open' });
		await views.put('person:2', 'violations', { name: 'mine', query: '' });
		expect(await views.list('person:1', 'violations')).toEqual([{ name: 'mine', query: '?show=open' }]);
		for (let i = 0; i < 49; i++) await views.put('person:1', 'violations', { name: `v${i}`, query: '' });
		expect(await views.put('person:1', 'violations', { name: 'one more', query: '' })).toBe(false);
		expect(await views.remove('person:1', 'violations', 'mine')).toBe(true);
		expect(await views.remove('person:1', 'violations', 'mine')).toBe(false);
		expect(await views.list('person:2', 'violations')).toHaveLength(1);
	});
}
