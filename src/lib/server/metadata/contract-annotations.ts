import { describe, expect, it } from 'vitest';
import { parseCommand } from '#contracts/command.ts';
import { ANN, newStream } from './contract-samples.ts';
import type { Subject } from './contract-subject.ts';
import type { BaselineChange } from './port-annotations.ts';

export function annotationsContract({ metadata, reopen }: Subject): void {
	describe('annotations', () => {
		const stream = async (name = 's') => (await metadata().streams.ensure([newStream(name)]))[0]?.id ?? 0;
		const comment = (streamId: number, fromMicros: number, toMicros = fromMicros, text = 'why') => ({
			streamId,
			kind: 'comment' as const,
			fromMicros,
			toMicros,
			text,
		});
		const change = (streamId: number, more: Partial<BaselineChange>): BaselineChange => ({
			streamId,
			commands: [],
			act: 'exclude',
			reason: 'sensor',
			by: ANN,
			add: [],
			remove: [],
			...more,
		});
		const acts = async () => (await metadata().acts.list({ sites: ['plant-a'], limit: 10 })).items;

		it('are kept with who left them and when, and are in the audit', async () => {
			const id = await stream();
			const added = await metadata().annotations.add(comment(id, 5), ANN);
			await reopen();
			expect(await metadata().annotations.of(id)).toEqual([added]);
			expect(added).toMatchObject({ id: 1, by: ANN.name, fromMicros: 5, text: 'why' });
			expect((await acts())[0]).toMatchObject({ act: 'comment.add', subject: `stream:${id}`, detail: 'why', by: ANN });
		});
		it('are those of the stream that touch the stretch', async () => {
			const [id, other] = [await stream(), await stream('other')];
			await metadata().annotations.add(comment(id, 10, 20, 'range'), ANN);
			await metadata().annotations.add(comment(id, 30), ANN);
			await metadata().annotations.add(comment(other, 15), ANN);
			const found = await metadata().annotations.of(id, { fromMicros: 20, toMicros: 29 });
			expect(found.map(({ text }) => text)).toEqual(['range']);
			expect(await metadata().annotations.of(id, { kind: 'pin' })).toEqual([]);
		});
		it('are taken away once, by their own stream only, and their ids are not given again', async () => {
			const [id, other] = [await stream(), await stream('other')];
			await metadata().annotations.add(comment(id, 1), ANN);
			expect(await metadata().annotations.remove(other, 1, ANN)).toBeUndefined();
			expect(await metadata().annotations.remove(id, 1, ANN)).toMatchObject({ id: 1, text: 'why' });
			expect(await metadata().annotations.remove(id, 1, ANN)).toBeUndefined();
			expect((await acts())[0]).toMatchObject({ act: 'comment.remove', before: { text: 'why' } });
			expect((await metadata().annotations.add(comment(id, 1), ANN)).id).toBe(2);
		});
		it('of a baseline come with what the engine is told, and with one row of the audit', async () => {
			const id = await stream();
			await metadata().outbox.done((await metadata().outbox.pending(100)).map((row) => row.id));
			const act = { kind: 'exclude', fromMicros: 1, toMicros: 2 } as const;
			const [added] = await metadata().annotations.actOnBaseline(
				change(id, {
					commands: [act, { kind: 'phase' }],
					add: [{ streamId: id, kind: 'exclusion', fromMicros: 1, toMicros: 2, text: 'sensor' }],
				}),
			);
			const pending = await metadata().outbox.pending(100);
			expect(pending.map(({ bytes }) => parseCommand(bytes))).toEqual([
				{ type: 'baseline', streamId: id, act },
				{ type: 'baseline', streamId: id, act: { kind: 'phase' } },
			]);
			expect((await acts())[0]).toMatchObject({
				act: 'baseline.exclude',
				detail: 'sensor',
				after: [{ text: 'sensor' }],
			});
			await metadata().annotations.actOnBaseline(change(id, { act: 'include', remove: [added?.id ?? 0] }));
			expect(await metadata().annotations.of(id)).toEqual([]);
			expect((await acts())[0]).toMatchObject({ act: 'baseline.include', before: [{ text: 'sensor' }] });
		});
	});
}
