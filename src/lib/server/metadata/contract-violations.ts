import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '#contracts/error.ts';
import type { Violation } from '#contracts/violation.ts';
import type { Subject } from './contract-subject.ts';
import { ended, episode, learnt, limits, newStream, opened, updated } from './contract-samples.ts';
import type { ViolationFilter } from './port-violations.ts';

export function violationsContract(subject: Subject): void {
	describe('violations', () => applying(subject));
}

function applying({ metadata, reopen }: Subject): void {
	beforeEach(async () => {
		const sites = ['plant-a', 'plant-b', 'plant-a'];
		await metadata().streams.ensure(sites.map((site, i) => newStream(`s${i + 1}`, { site })));
	});
	const ids = (violations: readonly Violation[]) => violations.map(({ id }) => id);

	describe('applying verdicts', () => {
		it('an episode becomes an open violation with everything that the engine said', async () => {
			const one = episode('v1', { endedMicros: 5, active: false, historical: true, sigma: 0.1 + 0.2 });
			const wanted = { ...one, state: 'open', cause: null, assignee: null };
			expect(await metadata().violations.apply(3, [opened(one)])).toEqual([wanted]);
			await reopen();
			expect(await metadata().violations.get('v1')).toEqual(wanted);
			expect(await metadata().violations.position()).toBe(3);
		});

		it('rules keep their kind: numbers, words and custom names', async () => {
			const rules = [8, 'limit', 'no-data', 'my own'] as const;
			await metadata().violations.apply(
				1,
				rules.map((rule, i) => opened(episode(`v${i}`, { rule }))),
			);
			for (const [i, rule] of rules.entries()) expect((await metadata().violations.get(`v${i}`))?.rule).toBe(rule);
		});

		it('the same record again changes nothing and tells nothing', async () => {
			const verdicts = [opened(episode('v1')), learnt(limits('l1'))];
			await metadata().violations.apply(3, verdicts);
			expect(await metadata().violations.apply(3, verdicts)).toEqual([]);
			expect(await metadata().violations.apply(2, [updated(episode('v1', { revision: 9 }))])).toEqual([]);
			expect(await metadata().violations.position()).toBe(3);
		});

		it('a smaller revision never replaces a larger one', async () => {
			const { violations } = metadata();
			await violations.apply(1, [updated(episode('v1', { revision: 3, points: 3 }))]);
			expect(await violations.apply(2, [updated(episode('v1', { revision: 2, points: 2 }))])).toEqual([]);
			expect(await violations.get('v1')).toMatchObject({ revision: 3, points: 3 });
			expect(await violations.position()).toBe(2);
		});

		it('several revisions in one record: the largest counts and is told once', async () => {
			const last = episode('v1', { revision: 3, points: 3, active: false, endedMicros: 9 });
			const verdicts = [opened(episode('v1')), ended(last), updated(episode('v1', { revision: 2, points: 2 }))];
			expect(await metadata().violations.apply(1, verdicts)).toMatchObject([{ revision: 3, points: 3, active: false }]);
		});

		it('in whatever pieces and order revisions come, the largest is what remains', async () => {
			const revisions = fc.array(
				fc.record({ id: fc.constantFrom('a', 'b', 'c'), revision: fc.integer({ min: 1, max: 9 }) }),
			);
			const pieces = fc.array(revisions, { maxLength: 5 });
			const check = async (records: readonly { id: string; revision: number }[][]) => {
				const { violations } = metadata();
				const run = await violations.position();
				const name = (id: string) => `${id}-${run}`;
				const largest = new Map<string, number>();
				for (const [i, record] of records.entries()) {
					const verdicts = record.map(({ id, revision }) => updated(episode(name(id), { revision, points: revision })));
					await violations.apply(run + i + 1, verdicts);
					for (const { id, revision } of record) largest.set(id, Math.max(revision, largest.get(id) ?? 0));
				}
				for (const [id, revision] of largest)
					expect(await violations.get(name(id))).toMatchObject({ revision, points: revision });
			};
			await fc.assert(fc.asyncProperty(pieces, check), { numRuns: 25 });
		});

		it('what people did stays when the engine goes on', async () => {
			const { violations } = metadata();
			await violations.apply(1, [opened(episode('v1'))]);
			await violations.setState('v1', 'acknowledged', 'ann');
			const [changed] = await violations.apply(2, [updated(episode('v1', { revision: 2 }))]);
			expect(changed).toMatchObject({ revision: 2, state: 'acknowledged' });
		});

		it('a value that is no number is kept as such', async () => {
			await metadata().violations.apply(1, [opened(episode('v1', { rule: 'no-data', value: NaN }))]);
			expect((await metadata().violations.get('v1'))?.value).toBeNaN();
		});

		it('a verdict about a stream that nobody made blocks nothing', async () => {
			const verdicts = [
				opened(episode('v1', { streamId: 99 })),
				learnt(limits('l9', { streamId: 99 })),
				opened(episode('v2')),
			];
			expect(ids(await metadata().violations.apply(1, verdicts))).toEqual(['v2']);
			expect(await metadata().violations.position()).toBe(1);
		});

		it('a record without verdicts moves the position only', async () => {
			expect(await metadata().violations.apply(5, [])).toEqual([]);
			expect(await metadata().violations.position()).toBe(5);
		});
	});

	describe('limits', () => {
		it('every version of a stream, oldest first, unchanged', async () => {
			const second = limits('l2', { fromMicros: 1_800_000_000_000_000, baseline: null, lag1: null });
			const first = limits('l1');
			await metadata().violations.apply(1, [learnt(second)]);
			await metadata().violations.apply(2, [learnt(first), learnt(limits('other', { streamId: 2 }))]);
			await metadata().violations.apply(3, [learnt({ ...first, centre: 99 })]);
			expect(await metadata().limits.of(1)).toEqual([first, second]);
			expect(await metadata().limits.of(3)).toEqual([]);
		});
	});

	describe('what people do', () => {
		beforeEach(async () => void (await metadata().violations.apply(1, [opened(episode('v1'))])));

		it('acknowledge, then resolve', async () => {
			const { violations } = metadata();
			expect(await violations.setState('v1', 'acknowledged', 'ann')).toMatchObject({ state: 'acknowledged' });
			expect(await violations.setState('v1', 'resolved', 'bob', 'nozzle cleaned')).toMatchObject({ state: 'resolved' });
			expect(await violations.get('v1')).toMatchObject({ state: 'resolved' });
		});

		it('who acknowledges late does not reopen what is resolved', async () => {
			await metadata().violations.setState('v1', 'resolved', 'ann');
			expect(await metadata().violations.setState('v1', 'acknowledged', 'bob')).toMatchObject({ state: 'resolved' });
		});

		it('a violation that does not exist is undefined', async () => {
			expect(await metadata().violations.setState('nothing', 'resolved', 'ann')).toBeUndefined();
			expect(await metadata().violations.get('nothing')).toBeUndefined();
		});
	});

	describe('asking', () => {
		const list = async (filter: Partial<ViolationFilter> = {}) =>
			metadata().violations.list({ sites: 'all', limit: 100, ...filter });
		const listed = async (filter: Partial<ViolationFilter>) => ids((await list(filter)).items);

		beforeEach(async () => {
			await metadata().violations.apply(1, [
				opened(episode('a', { streamId: 1, rule: 1, firstMicros: 100, lastMicros: 200, active: false })),
				opened(episode('b', { streamId: 2, rule: 2, firstMicros: 200, lastMicros: 250, active: true })),
				opened(episode('c', { streamId: 3, rule: 'no-data', firstMicros: 300, lastMicros: 400, active: false })),
				opened(episode('d', { streamId: 1, rule: 2, firstMicros: 300, lastMicros: 500, active: true })),
			]);
			await metadata().violations.setState('c', 'resolved', 'ann');
		});

		it('the newest come first', async () => expect(await listed({})).toEqual(['d', 'c', 'b', 'a']));
		it('by site', async () => expect(await listed({ sites: ['plant-b'] })).toEqual(['b']));
		it('no site, nothing', async () => expect(await listed({ sites: [] })).toEqual([]));
		it('by stream', async () => expect(await listed({ streamId: 1 })).toEqual(['d', 'a']));
		it('a foreign stream is not there', async () =>
			expect(await listed({ streamId: 2, sites: ['plant-a'] })).toEqual([]));
		it('by rule', async () => expect(await listed({ rule: '2' })).toEqual(['d', 'b']));
		it('by the name of a rule', async () => expect(await listed({ rule: 'no-data' })).toEqual(['c']));
		it('by state', async () => expect(await listed({ state: 'resolved' })).toEqual(['c']));
		it('those that go on', async () => expect(await listed({ active: true })).toEqual(['d', 'b']));
		it('those that ended', async () => expect(await listed({ active: false })).toEqual(['c', 'a']));
		it('until a time', async () => expect(await listed({ toMicros: 200 })).toEqual(['b', 'a']));
		it('from a time, with all that reach into it or go on', async () =>
			expect(await listed({ fromMicros: 350 })).toEqual(['d', 'c', 'b']));
		it('within a range', async () => expect(await listed({ fromMicros: 190, toMicros: 299 })).toEqual(['b', 'a']));

		it('page by page gives each once, also when newer ones come in between', async () => {
			const seen: string[] = [];
			for (let cursor: string | null | undefined; cursor !== null;) {
				const page = await list({ limit: 1, ...(cursor === undefined ? {} : { cursor }) });
				seen.push(...ids(page.items));
				cursor = page.cursor;
				const { violations } = metadata();
				const later = episode(`new-${seen.length}`, { firstMicros: 1000 + seen.length });
				await violations.apply((await violations.position()) + 1, [opened(later)]);
			}
			expect(seen).toEqual(['d', 'c', 'b', 'a']);
		});

		it('a page that holds exactly the rest has no cursor', async () => {
			expect((await list({ limit: 4 })).cursor).toBeNull();
		});

		it('a cursor that is none is refused as input', async () => {
			for (const cursor of ['', 'x', 'W10', Buffer.from('{"a":1}').toString('base64url')])
				await expect(list({ cursor })).rejects.toThrow(InputError);
		});

		it('active ones of some streams', async () => {
			expect(ids(await metadata().violations.active([1, 2, 3]))).toEqual(['b', 'd']);
			expect(ids(await metadata().violations.active([1]))).toEqual(['d']);
			expect(await metadata().violations.active([])).toEqual([]);
		});

		it('counts of what is not resolved', async () => {
			const counts = await metadata().violations.openCounts([1, 2, 3]);
			expect([...counts].sort()).toEqual([
				[1, 2],
				[2, 1],
			]);
			expect([...(await metadata().violations.openCounts([2]))]).toEqual([[2, 1]]);
		});
		it('no count of history, which nobody has to act on', async () => {
			const before = await metadata().violations.openCounts([1, 2, 3]);
			const old = episode('counted-not', { historical: true });
			await metadata().violations.apply(1_000_000, [{ type: 'violation.opened', episode: old }]);
			expect(await metadata().violations.openCounts([1, 2, 3])).toEqual(before);
		});
	});
}
