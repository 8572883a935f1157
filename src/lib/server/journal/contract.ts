import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { killContract } from './contract-kill.ts';
import { modelContract } from './contract-model.ts';
import { readSome, textOf, toBytes } from './contract-reading.ts';
import type { JournalUnderTest, OpenJournal } from './contract-subject.ts';
import { JournalFullError, SeqConflictError } from './port.ts';
import type { Journal, Publication, Topic } from './port.ts';

const DAY_MICROS = 24 * 3600 * 1_000_000;

/** What every implementation of the journal has to do. */
export function journalContract(subject: JournalUnderTest): void {
	describe(`journal contract: ${subject.name}`, () => {
		let folder: string;
		let journal: Journal;
		const reopen = async (options?: Parameters<OpenJournal>[1]) => {
			await journal.close();
			journal = await subject.open(folder, options);
		};
		const point = (text: string, more: Partial<Publication> = {}): Publication => ({
			topic: 'points',
			partition: 0,
			bytes: toBytes(text),
			...more,
		});
		const read = (topics: readonly Topic[], count: number, from: { fromSeq?: number; partition?: number } = {}) =>
			readSome(journal, { topics, partition: from.partition ?? 0, fromSeq: from.fromSeq ?? 1, count });

		beforeEach(async () => {
			folder = await mkdtemp(join(tmpdir(), 'journal-'));
			journal = await subject.open(folder);
		});
		afterEach(async () => {
			await journal.close();
			await rm(folder, { recursive: true });
		});

		describe('publish and read', () => {
			it('a record comes back with its bytes, topic and partition', async () => {
				const { seq, duplicate } = await journal.publish(point('a', { partition: 3 }));
				expect({ seq, duplicate }).toEqual({ seq: 1, duplicate: false });
				const [record] = await read(['points'], 1, { partition: 3 });
				expect(record).toMatchObject({ seq: 1, topic: 'points', partition: 3 });
				expect(textOf(record)).toBe('a');
			});

			it('takes bytes from the middle of a buffer, and none at all', async () => {
				await journal.publish(point('', { bytes: toBytes('abcdef').subarray(2, 4) }));
				await journal.publish(point(''));
				expect((await read(['points'], 2)).map(textOf)).toEqual(['cd', '']);
			});

			it('numbers run over all topics, and several topics are read in their one order', async () => {
				const topics = ['points', 'commands', 'points', 'verdicts', 'commands'] as const;
				for (const topic of topics) await journal.publish(point(topic, { topic }));
				await reopen();
				expect((await read(['commands', 'points'], 4)).map(({ seq }) => seq)).toEqual([1, 2, 3, 5]);
				expect((await read(['verdicts'], 1)).map(({ seq }) => seq)).toEqual([4]);
			});

			it('a reader begins where it says and sees its own partition only', async () => {
				for (const partition of [0, 1, 0, 1, 0]) await journal.publish(point('x', { partition }));
				expect((await read(['points'], 2, { fromSeq: 2 })).map(({ seq }) => seq)).toEqual([3, 5]);
				expect((await read(['points'], 2, { partition: 1 })).map(({ seq }) => seq)).toEqual([2, 4]);
			});

			it('a reader that is ahead waits for what it wants', async () => {
				const waiting = read(['verdicts'], 1);
				await journal.publish(point('not wanted'));
				await journal.publish(point('wanted', { topic: 'verdicts' }));
				expect((await waiting).map(textOf)).toEqual(['wanted']);
			});

			it('publications of one burst keep their order', async () => {
				const wanted = Array.from({ length: 1000 }, (_, i) => String(i));
				await Promise.all(wanted.map((text) => journal.publish(point(text))));
				expect((await read(['points'], 1000)).map(textOf)).toEqual(wanted);
			});

			it('reading ends without an error when it is aborted, also while it waits', async () => {
				const stop = new AbortController();
				const range = { topics: ['points'] as const, partition: 0, fromSeq: 1, signal: stop.signal };
				const reading = (async () => {
					for await (const records of journal.read(range)) expect(records).not.toHaveLength(0);
				})();
				await journal.publish(point('a'));
				stop.abort();
				await expect(reading).resolves.toBeUndefined();
			});

			it('reading ends without an error when the journal closes', async () => {
				const reading = read(['points'], 1);
				await journal.close();
				await expect(reading).resolves.toEqual([]);
				journal = await subject.open(folder);
			});

			it('after a restart everything is there and numbers go on', async () => {
				const bytes = new Uint8Array(2000).fill(7);
				for (let i = 0; i < 20; i += 1)
					await journal.publishAll(Array.from({ length: 100 }, () => point('', { bytes })));
				await reopen();
				expect((await journal.publish(point('next'))).seq).toBe(2001);
				const records = await read(['points'], 2001);
				expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 2001 }, (_, i) => i + 1));
				expect(records[1999]?.bytes).toEqual(bytes);
			});
		});

		describe('a resend', () => {
			const numbered = (seq: number, epoch = 'e1') => point(`${epoch}:${seq}`, { id: { source: 's', epoch, seq } });

			it('of a number changes nothing, however old the number is', async () => {
				for (const seq of [1, 2, 3]) await journal.publish(numbered(seq));
				expect(await journal.publish(numbered(3))).toEqual({ seq: 3, duplicate: true });
				expect(await journal.publish(numbered(1))).toMatchObject({ duplicate: true });
				await reopen();
				expect(await journal.publish(numbered(3))).toMatchObject({ duplicate: true });
				expect(await journal.highestOf('s', 'e1')).toBe(3);
				expect((await journal.publish(numbered(4))).seq).toBe(4);
			});

			it('is known for each epoch of a source by itself', async () => {
				await journal.publish(numbered(5, 'e1'));
				expect(await journal.highestOf('s', 'e2')).toBe(0);
				expect(await journal.publish(numbered(1, 'e2'))).toEqual({ seq: 2, duplicate: false });
			});

			it('within one call or one burst counts once', async () => {
				const all = await journal.publishAll([numbered(1), numbered(1), numbered(2)]);
				expect(all.map(({ duplicate }) => duplicate)).toEqual([false, true, false]);
				const burst = await Promise.all([journal.publish(numbered(3)), journal.publish(numbered(3))]);
				expect(burst).toEqual([
					{ seq: 3, duplicate: false },
					{ seq: 3, duplicate: true },
				]);
			});

			it('is still known when its record has been trimmed', async () => {
				await journal.publish(numbered(1));
				await journal.trim({ topics: ['points'], partition: 0, beforeSeq: 2 });
				expect(await journal.publish(numbered(1))).toMatchObject({ duplicate: true });
			});

			it('of a key is known for 24 hours', async () => {
				let nowMicros = 1_700_000_000_000_000;
				await reopen({ now: () => nowMicros });
				const keyed = point('k', { id: { key: 'k' } });
				expect(await journal.publish(keyed)).toEqual({ seq: 1, duplicate: false });
				nowMicros += DAY_MICROS - 1;
				expect(await journal.publish(keyed)).toEqual({ seq: 1, duplicate: true });
				nowMicros += 2;
				expect(await journal.publish(keyed)).toEqual({ seq: 2, duplicate: false });
			});
		});

		describe('fencing by expectSeq', () => {
			it('takes what knows the last seq of its topic and partition, and refuses the rest', async () => {
				await journal.publish(point('first', { expectSeq: 0 }));
				await journal.publish(point('elsewhere', { partition: 1, expectSeq: 0 }));
				await journal.publish(point('elsewhere', { topic: 'verdicts', expectSeq: 0 }));
				await expect(journal.publish(point('old', { expectSeq: 0 }))).rejects.toThrow(SeqConflictError);
				expect((await journal.publish(point('second', { expectSeq: 1 }))).seq).toBe(4);
				expect(await journal.lastSeq('points', 0)).toBe(4);
			});

			it('publishAll is all or none, and later ones see the earlier ones', async () => {
				await journal.publish(point('first'));
				const bad = [point('a', { expectSeq: 1 }), point('b', { expectSeq: 1 })];
				await expect(journal.publishAll(bad)).rejects.toThrow(SeqConflictError);
				expect(await journal.lastSeq('points', 0)).toBe(1);
				const good = [point('a', { expectSeq: 1 }), point('b', { expectSeq: 2 })];
				expect((await journal.publishAll(good)).map(({ seq }) => seq)).toEqual([2, 3]);
			});

			it('one refused call does not touch others of the same moment', async () => {
				const results = await Promise.allSettled([
					journal.publish(point('a')),
					journal.publish(point('b', { expectSeq: 99 })),
					journal.publish(point('c')),
				]);
				expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
				expect((await read(['points'], 2)).map(textOf)).toEqual(['a', 'c']);
			});
		});

		describe('values', () => {
			it('what was never put is undefined', async () => expect(await journal.get('nothing')).toBeUndefined());

			it('a put is there after a restart, with a revision that grows', async () => {
				expect(await journal.put('k', toBytes('one'))).toBe(1);
				expect(await journal.put('k', toBytes('two'))).toBe(2);
				await reopen();
				expect(await journal.get('k')).toMatchObject({ value: toBytes('two'), revision: 2 });
			});

			it('a put that expects another revision fails', async () => {
				await journal.put('k', toBytes('one'), 0);
				await expect(journal.put('k', toBytes('two'), 0)).rejects.toThrow(SeqConflictError);
				expect(await journal.put('k', toBytes('two'), 1)).toBe(2);
			});

			it('putAll is all or none', async () => {
				await journal.put('b', toBytes('old'));
				const entries = (expectRevision: number) => [
					{ key: 'a', value: toBytes('new'), expectRevision: 0 },
					{ key: 'b', value: toBytes('new'), expectRevision },
				];
				await expect(journal.putAll(entries(7))).rejects.toThrow(SeqConflictError);
				expect(await journal.get('a')).toBeUndefined();
				expect(await journal.putAll(entries(1))).toEqual([1, 2]);
			});

			it('list gives the keys of a prefix in their order', async () => {
				for (const key of ['p/2', 'p/1', 'q/1', 'p', 'p/é𝄞', 'P/1']) await journal.put(key, toBytes(key));
				const listed = await journal.list('p/');
				expect(listed.map(({ key }) => key)).toEqual(['p/1', 'p/2', 'p/é𝄞']);
				expect(listed.map(({ value }) => new TextDecoder().decode(value))).toEqual(['p/1', 'p/2', 'p/é𝄞']);
			});
		});

		describe('lease', () => {
			it('one holds it; the next gets it after the release, with a larger token', async () => {
				const first = await journal.lease('jobs', 1000);
				let got = false;
				const second = journal.lease('jobs', 1000).then((lease) => {
					got = true;
					return lease;
				});
				const other = await journal.lease('other', 1000);
				expect({ got, lost: first.lost.aborted }).toEqual({ got: false, lost: false });
				await first.release();
				expect((await second).token).toBeGreaterThan(first.token);
				await other.release();
			});

			it('tokens grow over restarts too', async () => {
				const { token } = await journal.lease('jobs', 1000);
				await reopen();
				expect((await journal.lease('jobs', 1000)).token).toBeGreaterThan(token);
			});
		});

		describe('trim', () => {
			it('drops what is below the seq in the given topics only; numbers stay', async () => {
				for (const topic of ['points', 'verdicts', 'points', 'points'] as const)
					await journal.publish(point('x', { topic }));
				await journal.trim({ topics: ['points', 'calls'], partition: 0, beforeSeq: 4 });
				await reopen();
				expect((await read(['points', 'verdicts'], 2)).map(({ seq }) => seq)).toEqual([2, 4]);
				expect(await journal.stats()).toMatchObject({ firstSeq: 2, lastSeq: 4 });
			});

			it('the last seq is known when its record is gone, and numbers go on', async () => {
				for (let i = 0; i < 3; i += 1) await journal.publish(point('x'));
				await journal.trim({ topics: ['points'], partition: 0, beforeSeq: 4 });
				await reopen();
				expect(await journal.lastSeq('points', 0)).toBe(3);
				expect((await journal.publish(point('y', { expectSeq: 3 }))).seq).toBe(4);
			});
		});

		describe('at the byte cap', () => {
			const large = () => point('', { bytes: new Uint8Array(100_000) });
			const fill = async () => {
				for (;;) await journal.publish(large());
			};

			it('takes no more points, but verdicts and values, which free space; goes on after a trim', async () => {
				await reopen({ capBytes: 4_000_000 });
				await expect(fill()).rejects.toThrow(JournalFullError);
				const { lastSeq, bytes } = await journal.stats();
				expect(bytes).toBeLessThanOrEqual(4_000_000);
				await journal.publish(point('verdict', { topic: 'verdicts' }));
				await journal.put('snapshot', new Uint8Array(1000));
				await journal.trim({ topics: ['points'], partition: 0, beforeSeq: lastSeq });
				expect((await journal.publish(large())).seq).toBe(lastSeq + 2);
			});

			it('a resend of what it has is still acknowledged', async () => {
				await reopen({ capBytes: 4_000_000 });
				const known = point('known', { id: { source: 's', epoch: 'e', seq: 1 } });
				await journal.publish(known);
				await expect(fill()).rejects.toThrow(JournalFullError);
				expect(await journal.publish(known)).toMatchObject({ duplicate: true });
			});
		});

		it('the generation stays with the folder and differs between folders', async () => {
			const { generation } = journal;
			await reopen();
			expect(journal.generation).toBe(generation);
			const other = await mkdtemp(join(tmpdir(), 'journal-'));
			const second = await subject.open(other);
			expect(second.generation).not.toBe(generation);
			await second.close();
			await rm(other, { recursive: true });
		});

		modelContract(subject.open);
		killContract(subject);
	});
}
