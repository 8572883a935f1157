import { describe, expect, it } from 'vitest';
import type { StoredLogLine } from '#contracts/log-line.ts';
import type { LogsFilter, StoredPassage } from './port-knowledge.ts';
import type { Store } from './port.ts';

const T0 = 1_700_000_000_000_000;

/** What every store has to do with lines of logs and passages of documents. */
export function knowledgeContract(store: () => Store, now: () => number): void {
	let lastSeq = 0;
	let lastEdition = 0;

	describe('logs', () => {
		const line = (text: string, more: Partial<StoredLogLine> = {}): StoredLogLine => ({
			...{ site: 'log-a', seq: ++lastSeq, line: 0, tMicros: T0 + lastSeq, source: 'plc', severity: 'info', text },
			attributes: {},
			...more,
		});
		const insert = (lines: readonly StoredLogLine[], token = `logs-${lastSeq}`) =>
			store().insertLogs({ token, lines, receivedMicros: now() });
		const read = async (filter: Partial<LogsFilter>) =>
			store().logs({ sites: ['log-a'], fromMicros: 0, toMicros: Number.MAX_SAFE_INTEGER, limit: 100, ...filter });
		const texts = async (filter: Partial<LogsFilter>) => (await read(filter)).map(({ text }) => text);

		it('come back as they were, to the microsecond, newest first; what nobody said is null', async () => {
			const odd = line('a\n\n"b\u0000\\ \u{1f525} Öl', {
				...{ source: null, severity: null, attributes: { part: '12', 'a b': 'x\ty' } },
			});
			const newer = line('newer');
			await insert([odd, newer]);
			expect(await read({ fromMicros: odd.tMicros })).toEqual([newer, odd]);
		});
		it('are there once, however often they are sent', async () => {
			const one = line('only once please');
			await insert([one], 'again');
			await insert([one], 'again');
			expect(await texts({ words: [['once'], ['please']] })).toEqual(['only once please']);
		});
		it('are found by all of some words or any of some, in whatever case', async () => {
			await insert([line('Spindle ERROR E-3021'), line('spindle ok'), line('Fehler ÜBERLAST 3021')]);
			expect(await texts({ words: [['error'], ['3021']] })).toEqual(['Spindle ERROR E-3021']);
			expect(await texts({ words: [['überlast', 'ok']] })).toEqual(['Fehler ÜBERLAST 3021', 'spindle ok']);
			expect(await texts({ words: [] })).toEqual([]);
			expect(await texts({ words: [['302']] })).toEqual([]);
		});
		it('are those of the source, the severities, the stretch and the sites asked for', async () => {
			const site = 'log-filters';
			const lines = [
				line('one', { site, source: 'mill', severity: 'error' }),
				line('two', { site, source: 'mill' }),
				line('three', { site, source: 'lathe', severity: 'critical' }),
			];
			await insert(lines);
			const of = (filter: Partial<LogsFilter>) => texts({ sites: [site], ...filter });
			expect(await of({ source: 'mill' })).toEqual(['two', 'one']);
			expect(await of({ severities: ['error', 'critical'] })).toEqual(['three', 'one']);
			expect(await of({ fromMicros: lines[1]?.tMicros ?? 0, toMicros: lines[1]?.tMicros ?? 0 })).toEqual(['two']);
			expect(await of({ sites: 'all', words: [['three']] })).toEqual(['three']);
			expect(await of({ sites: [] })).toEqual([]);
			expect(await of({ sites: ['log-a'] })).not.toContain('one');
		});
		it('have pages that go on in the midst of one time', async () => {
			const site = 'log-pages';
			const seq = ++lastSeq;
			await insert([0, 1, 2].map((n) => line(`n${n}`, { site, seq, line: n, tMicros: T0 })));
			const first = await read({ sites: [site], limit: 2 });
			expect(first.map(({ text }) => text)).toEqual(['n2', 'n1']);
			expect(await texts({ sites: [site], after: first[1] })).toEqual(['n0']);
		});
		it('give the words of a site, by beginning and by spelling', async () => {
			await insert([
				line('spindle overheated', { site: 'log-words' }),
				line('foreign spinnaker', { site: 'log-other' }),
			]);
			const { wordsLike, wordsNear } = store();
			expect(await wordsLike(['log-words'], ['overheat', 'spinn'])).toEqual(['overheated']);
			expect(await wordsNear(['log-words'], 'spindel', 2)).toEqual(['spindle']);
			expect(await wordsNear(['log-words'], 'spinaker', 2)).toEqual([]);
			expect(await wordsNear([], 'spindel', 2)).toEqual([]);
		});
	});

	describe('passages', () => {
		const passage = (edition: number, n: number, terms: readonly string[]): StoredPassage => ({
			...{ site: 'doc-a', edition, passage: n, heading: 'H', page: 3, text: terms.join(' '), terms },
		});
		const add = async (all: readonly (readonly string[])[]) => {
			const edition = ++lastEdition;
			await store().insertPassages({
				token: `edition-${edition}`,
				passages: all.map((t, n) => passage(edition, n, t)),
			});
			return edition;
		};
		const search = (editions: readonly number[], terms: readonly string[]) =>
			store().passagesByTerms({ editions, terms, weights: terms.map(() => 1), meanTerms: 2, limit: 10 });

		it('are found by their terms among the editions asked for, and counted', async () => {
			const [one, other] = [await add([['error', '3021'], ['pump']]), await add([['pump', 'pump', 'oil']])];
			expect(await search([one, other], ['3021'])).toEqual([
				expect.objectContaining({ edition: one, passage: 0, heading: 'H', page: 3, text: 'error 3021' }),
			]);
			expect((await search([other], ['pump'])).map(({ edition }) => edition)).toEqual([other]);
			expect(await search([], ['pump'])).toEqual([]);
			expect(await store().termCounts(['pump', 'oil', 'none'], { editions: [one, other] })).toEqual([2, 1, 0]);
		});
		it('have the score of BM25', async () => {
			const edition = await add([
				['a', 'b'],
				['a', 'a', 'b', 'b', 'b', 'b'],
			]);
			// tf 2, six terms where the mean is 4: 2.2 · 2 / (2 + 1.2 · (0.25 + 0.75 · 6/4))
			const [first] = await store().passagesByTerms({
				...{ editions: [edition], terms: ['a'], weights: [2], meanTerms: 4, limit: 1 },
			});
			expect(first).toMatchObject({ passage: 0 });
			expect(first?.score).toBeCloseTo((2 * 2.2) / (1 + 1.2 * (0.25 + 0.75 * 0.5)), 6);
		});
		it('are found by the nearest vector of the model asked for', async () => {
			const edition = await add([['x'], ['y'], ['z']]);
			const vectors = [
				[1, 0],
				[0, 1],
				[1, 1],
			].map((vector, n) => ({ site: 'doc-a', edition, passage: n, vector }));
			await store().insertVectors({ token: `v-${edition}`, model: 'm', vectors: vectors.slice(0, 2) });
			expect((await store().passagesWithout(edition, 'm', 10)).map((one) => one.passage)).toEqual([2]);
			await store().insertVectors({ token: `v-${edition}-2`, model: 'm', vectors: vectors.slice(2) });
			const asked = { editions: [edition], model: 'm', vector: [0.1, 1], limit: 2 };
			const { found, usual } = await store().passagesByVector(asked);
			expect([usual.count, usual.quartiles[1]]).toEqual([3, expect.closeTo(0.774, 3)]);
			expect(found.map(({ text }) => text)).toEqual(['y', 'z']);
			const none = { editions: [edition], limit: 2 };
			expect((await store().passagesByVector({ ...none, model: 'n', vector: [1, 0] })).found).toEqual([]);
			expect((await store().passagesByVector({ ...none, model: 'm', vector: [1, 0, 0] })).found).toEqual([]);
		});
		it('are counted by edition and go with it', async () => {
			const [kept, gone] = [await add([['k'], ['l']]), await add([['g']])];
			await store().removeEditions([gone]);
			const editions = await store().editions('m');
			expect(editions.get(kept)).toEqual({ passages: 2, vectors: 0 });
			await expect.poll(async () => (await store().editions('m')).has(gone)).toBe(false);
		});
	});
}
