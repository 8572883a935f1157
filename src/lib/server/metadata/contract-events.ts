import { describe, expect, it } from 'vitest';
import type { NewEvent } from '#contracts/event.ts';
import { ANN } from './contract-samples.ts';
import type { Subject } from './contract-subject.ts';
import type { EventFilter } from './port-events.ts';

/** Recent, so that it is not forgotten as too old. */
const T0 = Math.floor(Date.now() / 1000) * 1_000_000;

export function eventsContract({ metadata, reopen }: Subject): void {
	describe('events', () => {
		const event = (title: string, fromMicros: number, more: Partial<NewEvent> = {}): NewEvent => ({
			...{ site: 'plant-a', kind: 'note', title, fromMicros: T0 + fromMicros, toMicros: null },
			...{ asset: null, streams: [], attributes: {} },
			...more,
		});
		const add = (...args: Parameters<typeof event>) => metadata().events.add(event(...args));
		const titles = async (filter: Partial<EventFilter> = {}) =>
			(await metadata().events.list({ sites: 'all', limit: 100, ...filter })).items.map(({ title }) => title);
		const lot = { kind: 'lot', asset: 'press-1' } as const;
		const lots = async () =>
			(await metadata().events.list({ sites: 'all', limit: 100, kind: 'lot' })).items.map(({ title, toMicros }) => [
				title,
				toMicros === null ? null : toMicros - T0,
			]);

		it('are kept as they were told', async () => {
			const told = await add('new tool', 5, {
				kind: 'tool',
				streams: ['press-1/force'],
				attributes: { no: 7, ok: true },
			});
			await reopen();
			expect(await metadata().events.get(told.id)).toEqual(told);
			expect(told).toMatchObject(
				event('new tool', 5, { kind: 'tool', streams: ['press-1/force'] as string[], attributes: { no: 7, ok: true } }),
			);
		});
		it('told twice are one', async () => {
			expect(await add('a', 1)).toEqual(await add('a', 1));
			expect(await titles()).toEqual(['a']);
		});
		it('come newest first, a page at a time', async () => {
			for (const [i, title] of ['a', 'b', 'c'].entries()) await add(title, i);
			const first = await metadata().events.list({ sites: 'all', limit: 2 });
			expect(first.items.map(({ title }) => title)).toEqual(['c', 'b']);
			expect(await titles({ cursor: first.cursor ?? '' })).toEqual(['a']);
		});
		it('refuse a cursor that is none', () => expect(titles({ cursor: 'x' })).rejects.toThrow('cursor'));
		it('are found by a range that they overlap', async () => {
			await add('moment', 10);
			await add('span', 0, { toMicros: T0 + 20 });
			expect(await titles({ fromMicros: T0 + 11, toMicros: T0 + 30 })).toEqual(['span']);
			expect(await titles({ fromMicros: T0 + 21 })).toEqual([]);
			expect(await titles({ toMicros: T0 + 5 })).toEqual(['span']);
		});
		it('of a stream are those that name it, its asset, or its site', async () => {
			await add('mine', 1, { streams: ['press-1/force'] });
			await add('asset', 2, { asset: 'press-1' });
			await add('site', 3);
			await add('other', 4, { asset: 'press-2' });
			await add('sibling', 5, { streams: ['press-1/heat'] });
			expect(await titles({ of: { asset: 'press-1', key: 'press-1/force' } })).toEqual(['site', 'asset', 'mine']);
		});
		it('are of their site alone', async () => {
			await add('theirs', 1, { site: 'plant-b' });
			expect(await titles({ sites: ['plant-a'] })).toEqual([]);
			expect(await titles({ sites: [] })).toEqual([]);
		});
		it('that last go on until the next of their kind', async () => {
			await add('A', 0, lot);
			expect(await titles({ fromMicros: T0 + 1_000_000 })).toEqual(['A']);
			await add('B', 10, lot);
			expect(await lots()).toEqual([
				['B', null],
				['A', 10],
			]);
		});
		it('come to the same in whatever order they are told', async () => {
			for (const [title, at] of [
				['C', 20],
				['A', 0],
				['B', 10],
			] as const)
				await add(title, at, lot);
			await add('elsewhere', 5, { ...lot, asset: 'press-2', toMicros: T0 + 6 });
			expect(await lots()).toEqual([
				['C', null],
				['B', 20],
				['elsewhere', 6],
				['A', 10],
			]);
		});
		it('end where a person says so', async () => {
			const { id } = await add('A', 0, lot);
			await metadata().events.change(id, { toMicros: T0 + 7, title: 'A1' }, ANN);
			await add('B', 10, lot);
			expect(await lots()).toEqual([
				['B', null],
				['A1', 7],
			]);
			const { items } = await metadata().acts.list({ sites: ['plant-a'], subject: `event:${id}`, limit: 9 });
			expect(items).toMatchObject([{ act: 'event.change', by: ANN, before: { title: 'A' }, after: { title: 'A1' } }]);
		});
		it('are taken back, which the audit keeps', async () => {
			const { id } = await add('wrong', 0, { streams: ['s'] });
			await metadata().events.remove(id, ANN);
			expect(await metadata().events.get(id)).toBeUndefined();
			expect((await metadata().acts.list({ sites: 'all', limit: 1 })).items).toMatchObject([{ act: 'event.remove' }]);
			expect(await metadata().events.change(id, { title: 'x' }, ANN)).toBeUndefined();
		});
		it('older than two years are forgotten when another comes', async () => {
			await metadata().events.add({ ...event('old', 0), fromMicros: T0 - 3 * 366 * 86_400 * 1_000_000 });
			await add('new', 0);
			expect(await titles()).toEqual(['new']);
		});
	});
}
