import { describe, expect, it } from 'vitest';
import type { NewRecording } from '#contracts/recording.ts';
import { ANN } from './contract-samples.ts';
import type { Subject } from './contract-subject.ts';
import type { RecordingFilter } from './port-recordings.ts';

export function recordingsContract({ metadata, reopen }: Subject): void {
	describe('recorded sessions', () => {
		const recording = (name: string, more: Partial<NewRecording> = {}): NewRecording => ({
			...{ site: 'plant-a', name, notes: '', streamIds: [1, 2], fromMicros: 10, toMicros: 20, by: 'ann' },
			inForce: [{ streamId: 1, planRevision: 3, limitsIds: ['l1'] }],
			...more,
		});
		const add = (...args: Parameters<typeof recording>) => metadata().recordings.add(recording(...args), ANN);
		const names = async (filter: Partial<RecordingFilter> = {}) =>
			(await metadata().recordings.list({ sites: 'all', limit: 10, ...filter })).map(({ name }) => name);

		it('are kept as they were made, and are in the audit', async () => {
			const added = await add('run 1', { notes: 'first\nlight' });
			await reopen();
			expect(await metadata().recordings.get(added.id)).toEqual(added);
			expect(added).toMatchObject(recording('run 1', { notes: 'first\nlight' }));
			const { items } = await metadata().acts.list({ sites: ['plant-a'], limit: 1 });
			expect(items[0]).toMatchObject({
				act: 'session.create',
				subject: `session:${added.id}`,
				detail: 'run 1',
				by: ANN,
			});
		});
		it('come newest first, a page at a time', async () => {
			for (const name of ['a', 'b', 'c']) await add(name);
			expect(await names({ limit: 2 })).toEqual(['c', 'b']);
			expect(await names({ beforeId: 2 })).toEqual(['a']);
		});
		it('are found by stream, by words, and on the sites that may be seen', async () => {
			await add('Warm run', { streamIds: [7] });
			await add('cold', { site: 'plant-b', notes: 'warm start' });
			expect(await names({ streamId: 7 })).toEqual(['Warm run']);
			expect(await names({ text: 'WARM' })).toEqual(['cold', 'Warm run']);
			expect(await names({ sites: ['plant-a'] })).toEqual(['Warm run']);
			expect(await names({ sites: [] })).toEqual([]);
		});
		it('change what is said and keep the rest', async () => {
			const { id } = await add('run', { toMicros: null });
			const changed = await metadata().recordings.change(id, { toMicros: 30, name: 'run 2' }, ANN);
			expect(changed).toMatchObject({ name: 'run 2', toMicros: 30, fromMicros: 10, streamIds: [1, 2] });
			expect(await metadata().recordings.get(id)).toEqual(changed);
		});
		it('are gone once removed, and their numbers with them', async () => {
			const { id } = await add('run');
			expect(await metadata().recordings.remove(id, ANN)).toBe(true);
			expect(await metadata().recordings.get(id)).toBeUndefined();
			expect(await metadata().recordings.remove(id, ANN)).toBe(false);
			expect((await add('next')).id).not.toBe(id);
		});
		it('have ids of ours only', async () => {
			for (const id of ['0', '-1', 'x', '1e3', '']) {
				expect(await metadata().recordings.get(id)).toBeUndefined();
				expect(await metadata().recordings.change(id, { name: 'x' }, ANN)).toBeUndefined();
				expect(await metadata().recordings.remove(id, ANN)).toBe(false);
			}
		});
	});
}
