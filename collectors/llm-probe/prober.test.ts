import { describe, expect, it } from 'vitest';
import { createRandom } from '#rules/testing/random.ts';
import { createManualClock } from '../kit/testing/manual-clock.ts';
import { isGap, type Emission, type GapSeen, type PointSeen } from '../kit/collector.ts';
import type { Asked } from './asker.ts';
import { createBudget } from './budget.ts';
import type { MeasuredCall } from './call.ts';
import { targetSchema } from './config.ts';
import { probe } from './prober.ts';
import { failedCall, goodCall } from './testing/answers.ts';
import { unitsOf } from './unit.ts';

const START = 1_700_000_000_000_000;
const MINUTE = 60_000_000;

interface Told {
	readonly model: string;
	readonly prompt: string;
	readonly atMicros: number;
}

/** Runs the prober with targets that answer as told, on a clock that jumps, until so much time has passed. */
async function run(options: {
	models?: readonly string[];
	minutes: number;
	answer?: (told: Told, nth: number) => MeasuredCall | Promise<MeasuredCall>;
	costUsd?: number | null;
	budget?: { calls?: number; usd?: number };
	cursor?: unknown;
	target?: object;
	seed?: number;
	diskFails?: boolean;
}) {
	const clock = createManualClock(START);
	const stop = new AbortController();
	const asked: Told[] = [];
	const emissions: Emission[] = [];
	const streams: string[] = [];
	const faults: string[] = [];
	const owners = (options.models ?? ['a']).map((model) => ({
		target: targetSchema.parse({ provider: 'openai', model, ...options.target }),
		isFree: model === 'free',
		asker: {
			async ask(prompt: { text: (nonce: string) => string }, nonce: string): Promise<Asked> {
				const told = { model, prompt: prompt.text(nonce), atMicros: clock.now };
				asked.push(told);
				const call = await (options.answer?.(told, asked.length - 1) ?? goodCall(told.atMicros));
				return { call, costUsd: options.costUsd ?? null, priceVersion: null, requests: 1 };
			},
		},
	}));
	await probe({
		units: unitsOf({ prompts: {}, every: 60_000 }, owners),
		emitter: {
			stream({ key, labels }) {
				const name = `${key} ${labels?.prompt_class}${labels?.concurrency ? `x${labels.concurrency}` : ''}`;
				if (!streams.includes(name)) streams.push(name);
				return streams.indexOf(name);
			},
			async emit(emission) {
				if (options.diskFails) throw new Error('the disk is gone');
				emissions.push(emission);
				await Promise.resolve();
			},
			fault: (message) => void faults.push(message),
		},
		clock: {
			nowMicros: clock.nowMicros,
			async sleep(ms, signal) {
				await clock.sleep(ms, signal);
				// What is under way gets its turn before the time goes on.
				for (let i = 0; i < 20; i++) await Promise.resolve();
				if (clock.now > START + options.minutes * MINUTE) stop.abort();
			},
		},
		random: createRandom(options.seed ?? 1),
		budget: createBudget(options.budget ?? {}, options.cursor),
		maxConcurrent: 20,
		signal: stop.signal,
	});
	const seen = emissions.flatMap((emission) => emission.seen);
	const of = (key: string) => streams.indexOf(key);
	return {
		asked,
		emissions,
		faults,
		streams,
		points: (key: string) => seen.filter((one): one is PointSeen => !isGap(one) && one.stream === of(key)),
		gaps: (key: string) => seen.filter((one): one is GapSeen => isGap(one) && one.stream === of(key)),
	};
}

const slotOf = ({ atMicros }: Told) => Math.floor(atMicros / MINUTE);

describe('slots', () => {
	const models = ['a', 'b', 'c', 'd', 'e', 'f'];
	it('ask each target once', async () => {
		const { asked } = await run({ models, minutes: 20 });
		const bySlot = Map.groupBy(asked, slotOf);
		expect(bySlot.size).toBeGreaterThanOrEqual(19);
		for (const slot of [...bySlot.values()].slice(0, -1)) expect(slot.map(({ model }) => model).sort()).toEqual(models);
	});
	it('ask them in another order and at other moments each time, and none when another does', async () => {
		const { asked } = await run({ models, minutes: 40 });
		const slots = [...Map.groupBy(asked, slotOf).values()].slice(0, -1);
		expect(new Set(slots.map((slot) => slot.map(({ model }) => model).join(''))).size).toBeGreaterThan(30);
		expect(new Set(slots.map(([first]) => (first?.atMicros ?? 0) % MINUTE)).size).toBe(slots.length);
		expect(new Set(asked.map(({ atMicros }) => atMicros)).size).toBe(asked.length);
	});
	it('leave each call beside its points, with their times, and no word of it', async () => {
		const { emissions } = await run({ models: ['a'], minutes: 3 });
		const [first] = emissions;
		expect(first?.calls).toMatchObject([
			{ ...{ provider: 'openai', model: 'a', promptClass: 'short', responseModel: 'm', ttftMs: 40, totalMs: 100 } },
		]);
		const [call] = first?.calls ?? [];
		const times = first?.seen.flatMap((one) => (isGap(one) ? [] : [one.tMicros]));
		expect([times?.includes(call!.endedMicros), times?.includes(call!.firstTokenMicros!)]).toEqual([true, true]);
		expect(JSON.stringify(first?.calls)).not.toContain('1 2 3');
	});
	it('are the same for the same random numbers', async () => {
		const [one, other] = [await run({ models, minutes: 5 }), await run({ models, minutes: 5 })];
		expect(one.asked).toEqual(other.asked);
	});
	it('are over in half of the interval, also with very many targets', async () => {
		const many = Array.from({ length: 200 }, (_, i) => `m${i}`);
		const { asked } = await run({ models: many, minutes: 3 });
		expect(Math.max(...asked.map(({ atMicros }) => atMicros % MINUTE))).toBeLessThan(MINUTE / 2 + 1_000_000);
	});
	it('have no number before the prompt twice', async () => {
		const { asked } = await run({ models, minutes: 20 });
		expect(new Set(asked.map(({ prompt }) => prompt)).size).toBe(asked.length);
	});
	it('pass over a target whose call still runs, and over no other', async () => {
		const { promise, resolve } = Promise.withResolvers<MeasuredCall>();
		const answer = ({ model, atMicros }: Told, nth: number) => {
			if (nth > 12) resolve(goodCall(START + MINUTE));
			return model === 'a' ? promise : goodCall(atMicros);
		};
		const { asked } = await run({ models: ['a', 'b'], minutes: 15, answer });
		const times = (of: string) => asked.filter(({ model }) => model === of).length;
		expect(times('b')).toBeGreaterThanOrEqual(14);
		expect(times('a')).toBeLessThan(5);
	});
});

describe('prompt classes and concurrency', () => {
	it('have streams of their own, and long prompts are rare', async () => {
		const { asked, streams } = await run({ minutes: 200, target: { prompt: ['short', 'long'] } });
		expect(asked.filter(({ prompt }) => prompt.length > 20_000)).toHaveLength(1);
		expect(streams).toEqual(expect.arrayContaining(['openai/a/ttft_ms short', 'openai/a/ttft_ms long']));
	});
	it('ask so many times at once, each a point with a time of its own', async () => {
		const { asked, points } = await run({ minutes: 3, target: { concurrency: [1, 4] } });
		const slots = [...Map.groupBy(asked, slotOf).values()];
		expect(slots[0]).toHaveLength(5);
		const times = points('openai/a/ttft_ms shortx4').map(({ tMicros }) => tMicros);
		expect([times.length % 4, new Set(times).size]).toEqual([0, times.length]);
		expect(times).toEqual(times.toSorted((a, b) => a - b));
	});
});

describe('who asks to be left alone', () => {
	it('is left alone for as long as it says, which is a gap, and said once', async () => {
		const answer = ({ atMicros }: Told, nth: number) =>
			nth === 3 ? failedCall(atMicros, 'rate_limited', { retryAfterMs: 300_000 }) : goodCall(atMicros);
		const { asked, gaps, faults, points } = await run({ minutes: 12, answer });
		const waited = asked[4]!.atMicros - asked[3]!.atMicros;
		expect([waited >= 5 * MINUTE, waited < 7 * MINUTE]).toEqual([true, true]);
		const [failed, left] = gaps('openai/a/ttft_ms short');
		expect([failed?.reason, left?.reason]).toEqual(['rate_limited: no words', 'rate_limited: left alone for a while']);
		expect(left!.toMicros - left!.fromMicros).toBeGreaterThan(3 * MINUTE);
		expect(faults).toEqual(['openai/a: rate_limited: no words']);
		expect(
			points('openai/a/error short')
				.map(({ v }) => v)
				.slice(0, 5),
		).toEqual([0, 0, 0, 1, 0]);
	});
	it('is asked ever more rarely, and never less than each hour', async () => {
		const answer = ({ atMicros }: Told) => failedCall(atMicros, 'overloaded', { retryAfterMs: 1e12 });
		const { asked } = await run({ minutes: 600, answer });
		expect(asked.length).toBeGreaterThanOrEqual(9);
		expect(asked.length).toBeLessThan(12);
	});
	it('does not keep others from being asked', async () => {
		const answer = ({ model, atMicros }: Told) =>
			model === 'a' ? failedCall(atMicros, 'rate_limited', { retryAfterMs: 600_000 }) : goodCall(atMicros);
		const { asked } = await run({ models: ['a', 'b'], minutes: 8, answer });
		expect(asked.filter(({ model }) => model === 'b').length).toBeGreaterThanOrEqual(7);
		expect(asked.filter(({ model }) => model === 'a')).toHaveLength(1);
	});
});

describe('the budget of a day', () => {
	it('ends the calls, and begins anew with the day (UTC)', async () => {
		// 22:13:20 UTC.
		const { asked, gaps } = await run({ minutes: 130, budget: { calls: 10 } });
		const days = Map.groupBy(asked, ({ atMicros }) => new Date(atMicros / 1000).toISOString().slice(0, 10));
		expect([...days.values()].map(({ length }) => length)).toEqual([10, 10]);
		expect(gaps('openai/a/ttft_ms short')[0]?.reason).toBe('the budget of 10 calls a day is used up');
	});
	it('is not exceeded by calls at once', async () => {
		const { asked } = await run({ models: ['a', 'b'], minutes: 30, budget: { calls: 10 }, target: { concurrency: 7 } });
		expect(asked).toHaveLength(10);
	});
	it('counts money where the price is known', async () => {
		expect((await run({ minutes: 30, budget: { usd: 0.05 }, costUsd: 0.01 })).asked).toHaveLength(5);
	});
	it('outlives a restart', async () => {
		const cursor = { day: '2023-11-14', calls: 8, usd: 0 };
		const { asked, emissions } = await run({ minutes: 30, budget: { calls: 10 }, cursor });
		expect([asked.length, emissions.at(-1)?.cursor]).toEqual([2, { day: '2023-11-14', calls: 10, usd: 0 }]);
	});
	it('does not count what is free', async () => {
		const { asked } = await run({ models: ['a', 'free'], minutes: 30, budget: { calls: 3 } });
		expect(asked.filter(({ model }) => model === 'a')).toHaveLength(3);
		expect(asked.filter(({ model }) => model === 'free').length).toBeGreaterThan(25);
	});
});

describe('failures', () => {
	it('that cannot be asked about are no failures of the provider', async () => {
		const answer = () => Promise.reject(new Error('cannot read secret "/run/secrets/x": ENOENT'));
		const { streams, faults } = await run({ minutes: 5, answer });
		expect(streams).toEqual([]);
		expect(faults).toEqual(['openai/a: not asked: cannot read secret "/run/secrets/x": ENOENT']);
	});
	it('are said once, and again when they come back', async () => {
		const answer = ({ atMicros }: Told, nth: number) =>
			nth % 4 < 2 ? failedCall(atMicros, 'auth') : goodCall(atMicros);
		expect((await run({ minutes: 7, answer })).faults).toHaveLength(2);
	});
	it('of our own disk end the run', () =>
		expect(run({ minutes: 5, diskFails: true })).rejects.toThrow('the disk is gone'));
	it('open no stream of latencies for a target that never answered', async () => {
		const answer = ({ atMicros }: Told) => failedCall(atMicros, 'auth');
		expect((await run({ minutes: 5, answer })).streams).toEqual(['openai/a/connect_ms short', 'openai/a/error short']);
	});
});
