import { describe, expect, it } from 'vitest';
import { createLags } from './lags.ts';

function setUp() {
	const seqs: Record<string, number> = { points: 0, commands: 0, verdicts: 0 };
	const at = { engine: 0, store: 0, cases: 0 };
	let nowMs = 0;
	const lags = createLags({
		journal: { lastSeq: async (topic) => seqs[topic] ?? 0 },
		partition: 0,
		positions: { engine: () => at.engine, store: () => at.store, cases: () => at.cases },
		nowMs: () => nowMs,
	});
	return { seqs, at, lags, pass: (ms: number) => void (nowMs += ms) };
}

describe('how far behind a reader is', () => {
	it('nothing, while there is nothing', async () =>
		expect(await setUp().lags.read()).toEqual({
			engine: { records: 0, seconds: 0 },
			store: { records: 0, seconds: 0 },
			cases: { records: 0, seconds: 0 },
		}));
	it('as many records and as long as the oldest waits', async () => {
		const { seqs, lags, pass } = setUp();
		seqs['points'] = 10;
		await lags.read();
		pass(3000);
		seqs['points'] = 20;
		expect((await lags.read()).engine).toEqual({ records: 20, seconds: 3 });
	});
	it('only since what it has not taken', async () => {
		const { seqs, at, lags, pass } = setUp();
		seqs['points'] = 10;
		await lags.read();
		pass(3000);
		seqs['points'] = 20;
		await lags.read();
		pass(1000);
		at.store = 10;
		expect((await lags.read()).store).toEqual({ records: 10, seconds: 1 });
	});
	it('nothing, once level, however long nothing comes', async () => {
		const { seqs, at, lags, pass } = setUp();
		seqs['verdicts'] = 5;
		await lags.read();
		at.cases = 5;
		pass(60_000);
		expect((await lags.read()).cases).toEqual({ records: 0, seconds: 0 });
	});
	it('cases are not behind because of points', async () => {
		const { seqs, lags } = setUp();
		seqs['points'] = 1000;
		expect((await lags.read()).cases.records).toBe(0);
	});
	it('is known after hours too, with bounded memory', async () => {
		const { seqs, lags, pass } = setUp();
		for (let i = 1; i <= 5000; i++) {
			seqs['points'] = i;
			await lags.read();
			pass(1000);
		}
		const { seconds } = (await lags.read()).store;
		expect(seconds).toBeGreaterThanOrEqual(5000);
	});
});
