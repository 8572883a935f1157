import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DEFAULT_PLAN, planSchema } from '#contracts/plan.ts';
import { JournalFullError } from '#server/journal/port.ts';
import { emptyJournal, fillJournal, NOW, openHub, principalOf } from './testing/hub.ts';

const name = (key: string, more: object = {}) => ({
	site: 'a',
	key,
	labels: {},
	kind: 'machine' as const,
	unit: '',
	...more,
});

async function folder() {
	const path = await mkdtemp(join(tmpdir(), 'registry-'));
	onTestFinished(() => rm(path, { recursive: true, force: true }));
	return path;
}

describe('a new stream', () => {
	it('is announced in the journal before its first point', async () => {
		const hub = await openHub();
		await hub.post([{ stream: 'press-1/t', v: 1, unit: '°C' }]);
		const records = await hub.records('points', 'commands');
		expect(records.map(({ topic }) => topic)).toEqual(['commands', 'points']);
		expect(await hub.commands()).toEqual([
			{
				type: 'stream',
				stream: { id: 1, site: 'a', key: 'press-1/t', labels: {}, asset: 'press-1', kind: 'machine', unit: '°C' },
				plan: DEFAULT_PLAN,
				planRevision: 1,
			},
		]);
		expect(await hub.metadata.outbox.pending(10)).toEqual([]);
	});
	it('that many ask for at once is one, announced once', async () => {
		const hub = await openHub();
		const asked = await Promise.all(Array.from({ length: 8 }, () => hub.registry.ensure('k', [name('x'), name('y')])));
		expect(new Set(asked.flat().map((stream) => stream?.id)).size).toBe(2);
		expect(await hub.commands()).toHaveLength(2);
	});
	it('differs from others by site, key and labels in any order', async () => {
		const hub = await openHub();
		const streams = await hub.registry.ensure('k', [
			name('x'),
			name('x', { site: 'b' }),
			name('x', { labels: { p: '1', q: '2' } }),
			name('x', { labels: { q: '2', p: '1' } }),
		]);
		const ids = streams.map((stream) => stream?.id);
		expect(new Set(ids).size).toBe(3);
		expect(ids[2]).toBe(ids[3]);
	});
	it('takes the plan of the configuration and its place', async () => {
		const plan = planSchema.parse({ rules: [1] });
		const hub = await openHub({
			planFor: ({ key }) => (key === 'x' ? { plan, source: 's.yaml:3' } : { plan: DEFAULT_PLAN, source: null }),
		});
		await hub.registry.ensure('k', [name('x'), name('y')]);
		expect((await hub.metadata.streams.all()).map(({ plan: { rules }, planSource }) => [rules, planSource])).toEqual([
			[[1], 's.yaml:3'],
			[[1, 2, 5, 6], null],
		]);
		expect(await hub.commands()).toHaveLength(2);
	});
});

describe('a unit', () => {
	it('that changes is announced; one that is not said changes nothing', async () => {
		const hub = await openHub();
		await hub.post([{ stream: 'x', v: 1, unit: 'bar' }]);
		await hub.post([{ stream: 'x', v: 2, t: NOW + 1 }]);
		await hub.post([{ stream: 'x', v: 3, t: NOW + 2, unit: 'Pa' }]);
		await hub.post([{ stream: 'x', v: 3, t: NOW + 3, unit: 'Pa' }]);
		expect((await hub.commands()).map((command) => command.type === 'stream' && command.stream.unit)).toEqual([
			'bar',
			'Pa',
		]);
		expect(await hub.points()).toHaveLength(4);
	});
});

describe('the limit of streams of one key', () => {
	it('refuses new streams and no points of those that are there', async () => {
		const hub = await openHub({ streamsPerKey: 2 });
		const body = ['x', 'y', 'z', 'x'].map((stream, i) => ({ stream, v: i, t: NOW + i }));
		const answer = await hub.post(body);
		expect(answer).toMatchObject({ accepted: 3, refused: 1 });
		expect(answer.errors[0]).toMatchObject({
			path: '$[2]',
			message: expect.stringContaining('"k" has made its 2') as string,
		});
		expect((await hub.points()).map(({ key }) => key)).toEqual(['x', 'y', 'x']);
		await expect(hub.write('m z=1,w=2')).rejects.toThrow(/cannot make another stream/);
	});
	it('is of each key', async () => {
		const hub = await openHub({ streamsPerKey: 1 });
		await hub.post([{ stream: 'x', v: 1 }]);
		expect(await hub.post([{ stream: 'y', v: 1 }], { principal: principalOf('other', 'a') })).toMatchObject({
			accepted: 1,
		});
	});
	it('is kept over a restart', async () => {
		const path = await folder();
		const before = await openHub({ folder: path, streamsPerKey: 1 });
		await before.post([{ stream: 'x', v: 1 }]);
		await before.close();
		const hub = await openHub({ folder: path, streamsPerKey: 1 });
		await expect(hub.post([{ stream: 'y', v: 1 }])).rejects.toThrow(/has made its 1/);
		expect(await hub.post([{ stream: 'x', v: 1, t: NOW + 1 }])).toMatchObject({ accepted: 1 });
	});
});

describe('after a restart', () => {
	it('ids are the same and nothing is announced twice', async () => {
		const path = await folder();
		const before = await openHub({ folder: path });
		const first = await before.registry.ensure('k', [name('x', { labels: { l: '1' } }), name('y')]);
		await before.close();
		const hub = await openHub({ folder: path });
		expect(hub.registry.find('a', 'x', { l: '1' })).toEqual(first[0]);
		expect(hub.registry.find('a', 'y')).toEqual(first[1]);
		expect(hub.registry.find('a', 'x')).toBeUndefined();
		expect(await hub.commands()).toHaveLength(2);
	});
	it('what a crash left in the outbox is announced, before any point', async () => {
		const path = await folder();
		const before = await openHub({ folder: path });
		const stream = { ...name('x'), asset: 'x', plan: DEFAULT_PLAN };
		await before.metadata.streams.ensure([stream]);
		await before.close();
		const hub = await openHub({ folder: path });
		expect(await hub.commands()).toMatchObject([{ type: 'stream', stream: { key: 'x' } }]);
		expect(hub.registry.find('a', 'x')?.id).toBe(1);
	});
	it('what a crash left in the outbox after it was announced is not announced again', async () => {
		const path = await folder();
		const before = await openHub({ folder: path });
		await before.metadata.streams.ensure([{ ...name('x'), asset: 'x', plan: DEFAULT_PLAN }]);
		const [row] = await before.metadata.outbox.pending(1);
		await before.journal.publish({
			topic: 'commands',
			partition: 0,
			id: { key: row?.key ?? '' },
			bytes: row?.bytes ?? new Uint8Array(),
		});
		await before.close();
		const hub = await openHub({ folder: path });
		expect(await hub.commands()).toHaveLength(1);
		expect(await hub.metadata.outbox.pending(1)).toEqual([]);
	});
	it('streams get the plans that the configuration says now, and those of people stay', async () => {
		const path = await folder();
		const rules = (...rule: number[]) => planSchema.parse({ rules: rule });
		const before = await openHub({
			folder: path,
			planFor: ({ key }) => ({ plan: rules(1), source: key === 'mine' || key === 'default' ? null : 's.yaml:1' }),
		});
		await before.registry.ensure('k', [name('kept'), name('changed'), name('dropped'), name('mine'), name('default')]);
		const mine = before.registry.find('a', 'mine');
		await before.metadata.streams.setPlan(mine?.id ?? 0, rules(7), null);
		await before.registry.relay();
		await before.close();
		const announced = 6;
		const hub = await openHub({
			folder: path,
			planFor: ({ key }) => {
				if (key === 'kept') return { plan: rules(1), source: 's.yaml:1' };
				return key === 'changed' ? { plan: rules(2), source: 's.yaml:4' } : { plan: DEFAULT_PLAN, source: null };
			},
		});
		const plans = Object.fromEntries(
			(await hub.metadata.streams.all()).map(({ stream, plan, planSource }) => [stream.key, [plan.rules, planSource]]),
		);
		expect(plans).toEqual({
			kept: [[1], 's.yaml:1'],
			changed: [[2], 's.yaml:4'],
			dropped: [DEFAULT_PLAN.rules, null],
			mine: [[7], null],
			default: [[1], null],
		});
		expect(await hub.commands()).toHaveLength(announced + 2);
	});
	it('a stream that turns out to be a counter is judged no more, unless somebody chose its plan', async () => {
		let isKnown = false;
		const unjudged = planSchema.parse({ rules: 'none' });
		const hub = await openHub({ planFor: () => ({ plan: isKnown ? unjudged : DEFAULT_PLAN, source: null }) });
		await hub.registry.ensure('k', [name('counter'), name('chosen')]);
		await hub.metadata.streams.setPlan(hub.registry.find('a', 'chosen')?.id ?? 0, DEFAULT_PLAN, null);
		isKnown = true;
		expect([await hub.registry.replan(), await hub.registry.replan()]).toEqual([1, 0]);
		const plans = (await hub.metadata.streams.all()).map(({ stream, plan }) => [stream.key, plan.rules]);
		expect(plans).toEqual([
			['counter', 'none'],
			['chosen', DEFAULT_PLAN.rules],
		]);
	});
});

describe('while the journal is full', () => {
	it('no id is given out, and later the stream is announced before its points', async () => {
		const hub = await openHub({ capBytes: 240_000 });
		await fillJournal(hub, 'verdicts');
		await expect(hub.post([{ stream: 'x', v: 1, labels: { big: 'x'.repeat(100) } }])).rejects.toThrow(JournalFullError);
		expect(hub.registry.find('a', 'x')).toBeUndefined();
		await emptyJournal(hub);
		expect(
			await hub.post([
				{ stream: 'x', v: 1 },
				{ stream: 'y', v: 1 },
			]),
		).toMatchObject({ accepted: 2 });
		const topics = (await hub.records('commands', 'points')).map(({ topic }) => topic);
		expect(topics.indexOf('points')).toBe(topics.length - 1);
	});
});
