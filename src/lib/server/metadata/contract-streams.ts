import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '#contracts/command.ts';
import { DEFAULT_PLAN } from '#contracts/plan.ts';
import { canonicalName } from '#contracts/stream.ts';
import type { Subject } from './contract-subject.ts';
import { newStream } from './contract-samples.ts';

export function streamsContract({ metadata, reopen }: Subject): void {
	const commands = async () => (await metadata().outbox.pending(1e6)).map(({ bytes }) => parseCommand(bytes));

	describe('streams', () => {
		it('get ids from 1 in the order in which they come, and keep them', async () => {
			const { streams } = metadata();
			expect((await streams.ensure([newStream('a'), newStream('b')])).map(({ id }) => id)).toEqual([1, 2]);
			await reopen();
			const again = await metadata().streams.ensure([newStream('c'), newStream('b'), newStream('a')]);
			expect(again.map(({ id }) => id)).toEqual([3, 2, 1]);
		});

		it('are told apart by site, key and labels, in whatever order the labels are', async () => {
			const all = await metadata().streams.ensure([
				newStream('a', { labels: { x: '1', y: '2' } }),
				newStream('a', { labels: { y: '2', x: '1' } }),
				newStream('a', { labels: { x: '1' } }),
				newStream('a', { site: 'plant-b', labels: { x: '1' } }),
			]);
			expect(all.map(({ id }) => id)).toEqual([1, 1, 2, 3]);
			expect(all[0]?.labels).toEqual({ x: '1', y: '2' });
		});

		it('each new one leaves a command in the outbox, once', async () => {
			const { streams } = metadata();
			const plan = { ...DEFAULT_PLAN, rules: [1] };
			const [a] = await streams.ensure([newStream('a', { plan })]);
			await streams.ensure([newStream('a')]);
			expect(await commands()).toEqual([{ type: 'stream', stream: a, plan, planRevision: 1 }]);
		});

		it('a changed unit is kept and told; one that is not said changes nothing', async () => {
			const { streams } = metadata();
			await streams.ensure([newStream('a', { unit: '' })]);
			expect(await streams.ensure([newStream('a', { unit: 'bar' })])).toMatchObject([{ id: 1, unit: 'bar' }]);
			expect(await streams.ensure([newStream('a', { unit: '' })])).toMatchObject([{ id: 1, unit: 'bar' }]);
			expect(await streams.get(1)).toMatchObject({ stream: { unit: 'bar' } });
			expect(await commands()).toMatchObject([{ stream: { unit: '' } }, { stream: { unit: 'bar' } }]);
		});

		it('the first of a name within one call says what it is, a later one only its unit', async () => {
			const twice = [newStream('a', { asset: 'one' }), newStream('b'), newStream('a', { asset: 'two', unit: 'bar' })];
			const all = await metadata().streams.ensure(twice);
			expect(all).toMatchObject([{ id: 1, asset: 'one', unit: 'bar' }, { id: 2 }, { id: 1, unit: 'bar' }]);
		});

		it('come in pages by id, of the sites that may be seen', async () => {
			const { streams } = metadata();
			const of = (i: number) => ({ site: i % 2 === 0 ? 'plant-a' : 'plant-b', asset: `press-${i % 3}` });
			await streams.ensure(Array.from({ length: 20 }, (_, i) => newStream(`s${i}`, of(i))));
			const f = async (filter: object) =>
				(await streams.page({ sites: 'all', afterId: 0, limit: 3, ...filter })).map(({ id }) => id);
			expect(await f({})).toEqual([1, 2, 3]);
			expect(await f({ afterId: 18 })).toEqual([19, 20]);
			expect(await f({ sites: ['plant-b'] })).toEqual([2, 4, 6]);
			expect(await f({ sites: ['plant-a'], asset: 'press-0', afterId: 1 })).toEqual([7, 13, 19]);
			expect(await f({ key: 's9' })).toEqual([10]);
			expect(await f({ sites: [] })).toEqual([]);
		});

		it('of a site that was removed are found no more, and one of the same name is another one', async () => {
			const { streams, events, acts } = metadata();
			await streams.ensure([newStream('a', { site: 'demo' }), newStream('a'), newStream('b', { site: 'demo' })]);
			const told = { kind: 'note', fromMicros: 1, toMicros: null, title: 'x', asset: null, attributes: {} } as const;
			await events.add({ ...told, site: 'demo', streams: ['a'] });
			expect(await streams.removeSite('demo', { name: 'ann', id: null, address: null })).toBe(2);
			expect((await streams.all()).map(({ stream }) => stream.id)).toEqual([2]);
			expect([await streams.get(1), await streams.some([1, 3])]).toEqual([undefined, []]);
			expect((await streams.page({ sites: 'all', afterId: 0, limit: 9 })).map(({ id }) => id)).toEqual([2]);
			expect([...(await streams.countBySite('all')).values()]).toEqual([1]);
			expect((await events.list({ sites: 'all', limit: 9 })).items).toEqual([]);
			expect((await acts.list({ sites: 'all', limit: 9 })).items).toMatchObject([
				{ act: 'streams.remove', subject: 'site:demo', detail: '2' },
			]);
			expect(await streams.ensure([newStream('a', { site: 'demo' })])).toMatchObject([{ id: 4 }]);
			expect(await streams.removeSite('nowhere', { name: 'ann', id: null, address: null })).toBe(0);
		});

		it('several are found at once, each once and by id; what does not exist is left out', async () => {
			const { streams } = metadata();
			await streams.ensure(Array.from({ length: 2500 }, (_, i) => newStream(`s${i}`)));
			const found = await streams.some([2500, 7, 9999, 7, 1]);
			expect(found.map(({ stream }) => stream.id)).toEqual([1, 7, 2500]);
			expect(found[1]).toEqual(await streams.get(7));
			expect(await streams.some(Array.from({ length: 2500 }, (_, i) => i + 1))).toHaveLength(2500);
			expect(await streams.some([])).toEqual([]);
		});

		it('a plan that is set gets the next revision, its source, and a command', async () => {
			const { streams, outbox } = metadata();
			await streams.ensure([newStream('a')]);
			await outbox.done((await outbox.pending(10)).map(({ id }) => id));
			const plan = { ...DEFAULT_PLAN, rules: [1, 2] };
			const wanted = { plan, planRevision: 2, planSource: 'sigmascope.yaml:12' };
			expect(await streams.setPlan(1, plan, 'sigmascope.yaml:12')).toMatchObject(wanted);
			expect(await streams.get(1)).toMatchObject(wanted);
			expect(await streams.all()).toMatchObject([wanted]);
			expect(await commands()).toMatchObject([{ type: 'stream', plan, planRevision: 2 }]);
		});

		it('one that does not exist is undefined, and cannot have a plan', async () => {
			expect(await metadata().streams.get(7)).toBeUndefined();
			await expect(metadata().streams.setPlan(7, DEFAULT_PLAN, null)).rejects.toThrow('stream 7');
			expect(await commands()).toEqual([]);
		});

		it('ten thousand at once, then ten thousand that are known', async () => {
			const many = Array.from({ length: 10_000 }, (_, i) =>
				newStream(`press-${i}/t`, { labels: { line: String(i % 7) } }),
			);
			const first = await metadata().streams.ensure(many);
			expect(first.map(({ id }) => id)).toEqual(many.map((_, i) => i + 1));
			expect(await metadata().streams.ensure(many)).toEqual(first);
			expect(await commands()).toHaveLength(10_000);
		});

		it('calls at the same time never give two ids to one name or one id to two', async () => {
			const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
			const calls = fc.array(fc.array(key, { maxLength: 6 }), { maxLength: 6 });
			const check = async (keys: string[][]) => {
				const answers = await Promise.all(keys.map((some) => metadata().streams.ensure(some.map((k) => newStream(k)))));
				const ids = new Map<string, number>();
				for (const stream of answers.flat()) {
					expect(ids.get(canonicalName(stream)) ?? stream.id).toBe(stream.id);
					ids.set(canonicalName(stream), stream.id);
				}
				expect(new Set(ids.values()).size).toBe(ids.size);
			};
			await fc.assert(fc.asyncProperty(calls, check), { numRuns: 20 });
		});
	});

	describe('outbox', () => {
		it('gives the oldest first and forgets what is done, also over a restart', async () => {
			await metadata().streams.ensure(['a', 'b', 'c'].map((key) => newStream(key)));
			const [first] = await metadata().outbox.pending(1);
			await metadata().outbox.done([first?.id ?? 0]);
			await reopen();
			expect(await commands()).toMatchObject([{ stream: { key: 'b' } }, { stream: { key: 'c' } }]);
		});

		it('numbers are never given again', async () => {
			const { streams, outbox } = metadata();
			await streams.ensure([newStream('a')]);
			const before = await outbox.pending(10);
			await outbox.done(before.map(({ id }) => id));
			await streams.ensure([newStream('b')]);
			expect((await outbox.pending(10))[0]?.id).toBeGreaterThan(before[0]?.id ?? Infinity);
		});

		it('done with nothing is fine', async () => expect(await metadata().outbox.done([])).toBeUndefined());
	});
}
