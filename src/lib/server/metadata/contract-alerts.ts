import { beforeEach, describe, expect, it } from 'vitest';
import { bitsOf, type AlertChange, type AlertContent } from '#contracts/alert.ts';
import { ANN, episode, newStream, opened } from './contract-samples.ts';
import type { Subject } from './contract-subject.ts';
import type { AlertDeciding, AlertOutcome, AlertTold } from './port-alerts.ts';

const EVERY = bitsOf(['opened', 'updated', 'ended', 'acknowledged', 'resolved']);
const LATER = 4_000_000_000_000_000;

export function alertsContract({ metadata, reopen }: Subject): void {
	let seq = 0;
	beforeEach(async () => {
		seq = 0;
		await metadata().streams.ensure([newStream('s1'), newStream('s2')]);
	});

	/** Verdicts as `cases` hands them over, with everybody told by route `ops` in group `g`. */
	async function happens(ids: readonly string[], change: AlertChange = 'opened', revision = 1): Promise<void> {
		const deciding: AlertDeciding = {
			changesOf: () => bitsOf([change]),
			decide: () => [{ route: 'ops', group: 'g' }],
		};
		const verdicts = ids.map((id) => opened(episode(id, { revision })));
		await metadata().violations.apply(++seq, verdicts, deciding);
	}

	const contentOf = ({ changes }: AlertTold): AlertContent => ({
		route: 'ops',
		severity: 'warning',
		items: [],
		count: changes.length,
		counts: {},
		violationIds: changes.map(({ id }) => id),
	});
	const gather = (mask = EVERY, channels: readonly string[] = ['ops.a']) =>
		metadata().alerts.gather({
			route: 'ops',
			group: 'g',
			mask,
			compose: (told) => channels.map((channel) => ({ channel, content: contentOf(told) })),
		});
	const waiting = (notOf: readonly string[] = []) => metadata().alerts.waiting({ upToMicros: LATER, limit: 10, notOf });
	async function record(state: AlertOutcome['state'], more: Partial<AlertOutcome> = {}): Promise<void> {
		const [message] = await waiting();
		if (!message) throw new Error('nothing waits');
		await metadata().alerts.record({ message, state, tookMs: 3, status: 200, detail: 'x', thread: null, ...more });
	}

	it('what opened waits for a message, also after the process ended, and is told once', async () => {
		await happens(['v1', 'v2']);
		await reopen();
		expect(await metadata().alerts.groups()).toEqual([{ route: 'ops', group: 'g', lastMicros: 0 }]);
		expect(await gather()).toBe(1);
		expect(await metadata().alerts.groups()).toEqual([]);
		expect(await gather()).toBe(0);
		const [message, ...others] = await waiting();
		expect([message?.content.count, message?.attempts, others]).toEqual([2, 0, []]);
	});

	it('a record that is read again decides nothing anew', async () => {
		await happens(['v1']);
		seq--;
		await happens(['v1']);
		await gather();
		expect((await waiting()).map(({ content }) => content.violationIds)).toEqual([['v1']]);
	});

	it('one message for each channel, with keys that no other has and every attempt keeps', async () => {
		await happens(['v1']);
		await gather(EVERY, ['ops.a', 'ops.b']);
		const [a, b] = await waiting();
		expect([a?.channel, b?.channel, a?.key === b?.key]).toEqual(['ops.a', 'ops.b', false]);
		await record('waiting', { dueMicros: 5 });
		await reopen();
		expect((await waiting()).find(({ id }) => id === a?.id)).toMatchObject({ key: a?.key, attempts: 1, dueMicros: 5 });
		expect((await waiting(['ops.a'])).map(({ channel }) => channel)).toEqual(['ops.b']);
	});

	it('who is told nothing of a change gets no message of it', async () => {
		await happens(['v1'], 'ended');
		expect(await gather(bitsOf(['opened']))).toBe(0);
		expect(await metadata().alerts.groups()).toEqual([]);
	});

	it('what people do is told to who was told that it opened, and to nobody else', async () => {
		await happens(['v1']);
		await metadata().violations.apply(++seq, [opened(episode('quiet'))]);
		await gather();
		await record('sent');
		for (const id of ['v1', 'quiet']) await metadata().violations.change(id, { by: ANN, state: 'acknowledged' });
		await gather();
		expect((await waiting()).map(({ content }) => content.violationIds)).toEqual([['v1']]);
	});

	it('a dead message waits again when somebody says so, and only then', async () => {
		await happens(['v1']);
		await gather();
		const [message] = await waiting();
		await record('dead');
		expect(await waiting()).toEqual([]);
		expect(await metadata().alerts.again(message?.id ?? 0)).toBe(true);
		expect(await metadata().alerts.again(message?.id ?? 0)).toBe(false);
		expect((await waiting()).map(({ id }) => id)).toEqual([message?.id]);
	});

	describe('of a channel', () => {
		it('where it has a violation is known to what follows', async () => {
			await happens(['v1']);
			await gather();
			await record('sent', { thread: 'C1/7' });
			expect([...(await metadata().alerts.threads('ops.a', ['v1', 'v2']))]).toEqual([['v1', 'C1/7']]);
			expect((await metadata().alerts.threads('ops.b', ['v1'])).size).toBe(0);
		});
		it('that is gone is off until it is turned on', async () => {
			await happens(['v1']);
			await gather();
			await record('dead', { isGone: true, detail: 'answered 410' });
			await reopen();
			expect([...(await metadata().alerts.off())]).toMatchObject([['ops.a', { reason: 'answered 410' }]]);
			await metadata().alerts.turnOn('ops.a');
			expect((await metadata().alerts.off()).size).toBe(0);
		});
	});

	it('every attempt is kept, the newest first, until it is tidied away', async () => {
		const { alerts } = metadata();
		await happens(['v1']);
		await gather();
		await record('waiting', { dueMicros: 1, status: 500 });
		await record('sent');
		const log = await alerts.log({ limit: 10 });
		expect(log.items.map(({ attempt, outcome, status }) => [attempt, outcome, status])).toEqual([
			[2, 'sent', 200],
			[1, 'failed', 500],
		]);
		expect(await alerts.counts()).toEqual([{ channel: 'ops.a', state: 'sent', count: 1 }]);
		expect((await alerts.list({ limit: 10, state: 'dead' })).items).toEqual([]);
		await alerts.tidy(LATER);
		expect((await alerts.log({ limit: 10 })).items).toEqual([]);
		expect((await alerts.list({ limit: 10 })).items).toEqual([]);
	});

	it('nothing of history is told', async () => {
		const deciding: AlertDeciding = {
			changesOf: () => bitsOf(['opened']),
			decide: () => [{ route: 'ops', group: 'g' }],
		};
		await metadata().violations.apply(++seq, [opened(episode('old', { historical: true }))], deciding);
		expect(await metadata().alerts.groups()).toEqual([]);
	});
}
