import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Journal } from '#server/journal/port.ts';
import { parseVerdicts } from '#contracts/verdict.ts';
import { SeqConflictError } from '#server/journal/port.ts';
import type { EngineChange } from './port.ts';
import { createJournalBed, engineOn, publish, recordsOf, verdictsOf, type JournalBed } from './testing/journal.ts';
import {
	declare,
	episodesOf,
	evaluateEach,
	gap,
	normals,
	points,
	signalsOf,
	tick,
	written,
	type Input,
} from './testing/records.ts';

const KNOWN = { baseline: { centre: 0, sigma: 1 }, rules: [1] };
const flat = (count: number) => Array<number>(count).fill(0);
let bed: JournalBed;

beforeEach(async () => {
	bed = await createJournalBed();
});
afterEach(() => bed.close());

/** Records with all that happens to a stream, and some unrest. */
function history(): readonly Input[] {
	const inputs: Input[] = [declare(1, { baseline: { points: 50 }, expect: '2s' })];
	normals(400, 11).forEach((v, i) => {
		inputs.push(points([v * (i > 200 ? 1.6 : 1)], i, { quality: i % 90 === 40 ? 0 : 192 }));
		if (i % 3 === 0) inputs.push(tick(1000 + i));
		if (i % 97 === 50) inputs.push(gap(1, i, i + 1));
		if (i === 250) inputs.push(declare(1, { baseline: { points: 30 }, rules: [1, 2, 3, 4] }, { revision: 2 }));
	});
	return inputs;
}

describe('an engine on a journal', () => {
	it('finds one point beyond zone A, with ten points of context on each side', async () => {
		await publish(bed.journal, [declare(1, KNOWN), points([...flat(10), 4, ...flat(10)])]);
		const engine = engineOn(bed.journal);
		await engine.start();
		await engine.caughtUp();
		const verdicts = await verdictsOf(bed.journal);
		expect(signalsOf(verdicts)).toEqual(['10 i 1 above', '10 mr 1 above', '11 mr 1 above']);
		const { context } = episodesOf(verdicts)[0]!;
		expect([context.before.length, context.at.length, context.after.length, context.complete]).toEqual([
			10,
			1,
			10,
			true,
		]);
		await engine.stop();
	});

	it('follows what is appended while it runs, and tells listeners of it', async () => {
		const engine = engineOn(bed.journal);
		const changes: EngineChange[] = [];
		engine.onAdvance((change) => changes.push(change));
		await engine.start();
		await publish(bed.journal, [declare(1, KNOWN), points([0, 4])]);
		await engine.caughtUp();
		expect(engine.status(1)).toEqual({ state: 'violating', last: { tMicros: 1_000_000, v: 4, quality: 192 } });
		expect(changes.some(({ plotted }) => plotted.has(1))).toBe(true);
		expect(changes.some(({ changed }) => changed.has(1))).toBe(true);
		expect(changes.at(-1)!.seq).toBe(engine.position());
		await engine.stop();
	});

	it('shows windows, limits and the newest t', async () => {
		await publish(bed.journal, [declare(1, KNOWN), points([0, 1]), points([4], 2)]);
		const engine = engineOn(bed.journal);
		await engine.start();
		await engine.caughtUp();
		expect(engine.lastMicros(1)).toBe(2_000_000);
		expect(engine.lastMicros(2)).toBeUndefined();
		expect(engine.status(2)).toBeUndefined();
		expect(engine.limits(1).map(({ chart }) => chart)).toEqual(['i', 'mr']);
		const [individuals, ranges] = engine.windows(1);
		expect(individuals).toMatchObject({ chart: 'i', truncated: false });
		expect([...individuals!.v]).toEqual([0, 1, 4]);
		expect([...individuals!.seq]).toEqual([2, 2, 3]);
		expect([...individuals!.signals]).toEqual([0, 0, 1]);
		expect([...individuals!.quality]).toEqual([192, 192, 192]);
		expect([...ranges!.v]).toEqual([1, 3]);
		expect([...engine.windows(1, 2)[0]!.v]).toEqual([4]);
		await engine.stop();
	});

	it('passes over a record that it cannot read', async () => {
		const broken: Input = { topic: 'points', bytes: new Uint8Array([1, 2, 3]) };
		const nonsense: Input = { topic: 'commands', bytes: new TextEncoder().encode('{') };
		await publish(bed.journal, [declare(1, KNOWN), broken, nonsense, points([4])]);
		const engine = engineOn(bed.journal);
		await engine.start();
		await engine.caughtUp();
		expect(engine.status(1)!.state).toBe('violating');
		await engine.stop();
	});

	it('writes one verdict record per input record that led to any', async () => {
		const inputs = history();
		await publish(bed.journal, inputs);
		const engine = engineOn(bed.journal);
		await engine.start();
		await engine.caughtUp();
		await engine.stop();
		expect(await recordsOf(bed.journal, 'verdicts')).toEqual(straight(inputs));
	});
});

describe('an engine whose every point opens and ends episodes', () => {
	it('writes what one record led to in several, in order', async () => {
		const wild = points(Array.from({ length: 600 }, (_, i) => (i % 2 ? 9 : -9)));
		await publish(bed.journal, [declare(1, KNOWN), wild]);
		const engine = engineOn(bed.journal);
		await engine.start();
		await engine.caughtUp();
		await engine.stop();
		const records = await recordsOf(bed.journal, 'verdicts');
		expect(records.length).toBeGreaterThan(1);
		expect(await verdictsOf(bed.journal)).toEqual(evaluateEach([declare(1, KNOWN), wild]).flat());
	});
});

describe('an engine that is started again', () => {
	it('goes on where it stopped, without reading what was before', async () => {
		const inputs = history();
		await publish(bed.journal, inputs.slice(0, 300));
		const first = engineOn(bed.journal);
		await first.start();
		await first.caughtUp();
		await first.stop();
		expect(first.snapshotPosition()).toBe(300);
		const journal = await bed.reopen();
		await journal.trim({ topics: ['points', 'commands'], partition: 0, beforeSeq: 301 });
		const second = engineOn(journal);
		await second.start();
		expect(second.position()).toBe(300);
		expect(second.windows(1)[0]).toMatchObject({ truncated: true });
		await publish(journal, inputs.slice(300));
		await second.caughtUp();
		await second.stop();
		// Their input seqs differ: verdicts stand between the inputs here.
		const bare = (records: readonly string[]) => records.map((text) => text.slice(0, 8) + text.slice(16));
		expect(bare(await recordsOf(journal, 'verdicts'))).toEqual(bare(straight(inputs)));
	});

	it('after a power cut at any write gives the verdicts of a straight run, byte for byte', async () => {
		const inputs = history();
		await publish(bed.journal, inputs);
		for (let writes = 1; writes < 40; writes++) {
			const engine = engineOn(cutAfter(bed.journal, writes % 7), {
				snapshotEvery: { micros: 0, points: 1 + writes * 5 },
			});
			const over = engine.ended.catch((error: unknown) => error);
			await engine.start();
			await Promise.race([engine.caughtUp().catch(() => undefined), over]);
			await engine.stop();
		}
		const last = engineOn(bed.journal);
		await last.start();
		await last.caughtUp();
		await last.stop();
		expect(await recordsOf(bed.journal, 'verdicts')).toEqual(straight(inputs));
	});
});

describe('two engines of one partition', () => {
	it('only one of them writes; the other ends', async () => {
		await publish(bed.journal, [declare(1, KNOWN)]);
		const first = engineOn(bed.journal);
		const second = engineOn(bed.journal);
		const failures: unknown[] = [];
		for (const { ended } of [first, second]) ended.catch((error: unknown) => failures.push(error));
		await Promise.all([first.start(), second.start()]);
		for (let i = 0; i < 20 && failures.length === 0; i++) {
			await publish(bed.journal, [points([4 * (i % 2)], i)]);
			await Promise.allSettled([first.caughtUp(), second.caughtUp()]);
		}
		expect(failures).toHaveLength(1);
		expect(failures[0]).toBeInstanceOf(SeqConflictError);
		await Promise.all([first.stop(), second.stop()]);
		const seqs = (await recordsOf(bed.journal, 'verdicts')).map(
			(text) => parseVerdicts(Buffer.from(text, 'latin1')).inputSeq,
		);
		expect(new Set(seqs).size).toBe(seqs.length);
	});
});

function straight(inputs: readonly Input[]): readonly string[] {
	return written(evaluateEach(inputs)).filter((text) => text !== '');
}

/** The same journal until so many writes have been done; none after that. */
function cutAfter(journal: Journal, writes: number): Journal {
	let left = writes;
	const allow = () => {
		if (left-- <= 0) throw new Error('power cut');
	};
	return {
		...journal,
		async publishAll(publications) {
			allow();
			return journal.publishAll(publications);
		},
		async putAll(entries) {
			allow();
			return journal.putAll(entries);
		},
	};
}
