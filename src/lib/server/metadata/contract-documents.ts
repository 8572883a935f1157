import { describe, expect, it } from 'vitest';
import { ANN } from './contract-samples.ts';
import type { Subject } from './contract-subject.ts';
import type { NewDocument } from './port-documents.ts';

export function documentsContract({ metadata, reopen }: Subject): void {
	describe('documents', () => {
		const manual: NewDocument = {
			...{ site: 'plant-a', name: 'manual.pdf', type: 'pdf', bytes: 1000, pages: 12, notes: ['page 3 has no text'] },
			text: '[{"text":"one"}]',
		};
		const add = (more: Partial<NewDocument> = {}) => metadata().documents.add({ ...manual, ...more }, ANN);
		const counts = { passages: 3, terms: 90 };

		it('are kept with their text, and are not found before they are ready', async () => {
			const added = await add();
			await reopen();
			expect(await metadata().documents.list(['plant-a'])).toEqual([added]);
			expect(added).toMatchObject({ name: 'manual.pdf', by: ANN.name, edition: 0, error: null, notes: manual.notes });
			expect(await metadata().documents.text(added.id)).toBe(manual.text);
			await metadata().documents.ready(added.id, added.nextEdition, counts);
			const found = { edition: added.nextEdition, nextEdition: 0, ...counts };
			expect(await metadata().documents.get(added.id)).toMatchObject(found);
		});
		it('of a name take the place of the one before, which is found until then', async () => {
			const first = await add();
			await metadata().documents.ready(first.id, first.nextEdition, counts);
			const second = await add({ text: 'new', pages: null, type: 'text' });
			expect(second).toMatchObject({ id: first.id, edition: first.nextEdition, pages: null, type: 'text' });
			expect(await metadata().documents.gone()).toEqual([]);
			await metadata().documents.ready(second.id, second.nextEdition, counts);
			expect(await metadata().documents.gone()).toEqual([first.nextEdition]);
			expect(await metadata().documents.text(first.id)).toBe('new');
			expect((await add({ site: 'plant-b' })).id).not.toBe(first.id);
		});
		it('that are overtaken while they are made are not found', async () => {
			const first = await add();
			const second = await metadata().documents.again(first.id, ANN);
			await metadata().documents.ready(first.id, first.nextEdition, counts);
			await metadata().documents.failed(first.id, first.nextEdition, 'late');
			expect(await metadata().documents.get(first.id)).toMatchObject({ edition: 0, error: null });
			expect(await metadata().documents.gone()).toEqual([first.nextEdition]);
			await metadata().documents.failed(first.id, second?.nextEdition ?? 0, 'why');
			expect(await metadata().documents.get(first.id)).toMatchObject({ error: 'why' });
		});
		it('go with their text, once, and their numbers are not given again', async () => {
			const { id, nextEdition } = await add();
			expect(await metadata().documents.remove(id, ANN)).toMatchObject({ id });
			expect(await metadata().documents.remove(id, ANN)).toBeUndefined();
			expect(await metadata().documents.again(id, ANN)).toBeUndefined();
			expect(await metadata().documents.text(id)).toBeUndefined();
			expect(await metadata().documents.gone()).toEqual([nextEdition]);
			await metadata().documents.forget([nextEdition]);
			expect(await metadata().documents.gone()).toEqual([]);
			const next = await add();
			expect([next.id > id, next.nextEdition > nextEdition]).toEqual([true, true]);
		});
		it('are listed by site, and what was done to them is in the audit', async () => {
			const { id } = await add();
			await add({ site: 'plant-b' });
			expect((await metadata().documents.list(['plant-a'])).map(({ site }) => site)).toEqual(['plant-a']);
			expect(await metadata().documents.list('all')).toHaveLength(2);
			expect(await metadata().documents.list([])).toEqual([]);
			const { items } = await metadata().acts.list({ sites: ['plant-a'], limit: 10 });
			expect(items[0]).toMatchObject({ act: 'document.add', subject: `document:${id}`, detail: 'manual.pdf', by: ANN });
		});
	});
}
