import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { keyFault, labelsFault } from '#contracts/stream.ts';
import { record, type Recording } from '../kit/testing/collect-all.ts';
import { createManualClock } from '../kit/testing/manual-clock.ts';
import { CALM_S } from './faults.ts';
import { simulator } from './index.ts';

const NOW = 1_714_564_800_000_000;

interface Where {
	readonly startedMicros: number;
	readonly untilMicros: number;
}

/** Runs until it has emitted up to `seconds` after now, of a clock that jumps. */
function f(
	options: { seconds: number; nowMicros?: number; cursor?: unknown; enough?: (recording: Recording) => boolean },
	config: object = {},
) {
	const nowMicros = options.nowMicros ?? NOW;
	const collector = simulator.create(
		{ warmup: '0s', ...config },
		{
			name: 'demo',
			log: pino({ level: 'silent' }),
			clock: createManualClock(nowMicros),
			random: () => 0,
			folder: '',
			onReached() {},
		},
	);
	const until = nowMicros + options.seconds * 1e6;
	return record(collector, {
		cursor: options.cursor,
		enough: options.enough ?? ((so) => (so.cursor() as Where).untilMicros >= until),
	});
}

const of = (recording: Recording, key: string) => {
	const stream = recording.streams.findIndex((name) => name.startsWith(`${key} `));
	return {
		points: recording.points().filter((point) => point.stream === stream),
		gaps: recording.gaps().filter((gap) => gap.stream === stream),
	};
};

describe('the simulated plant', () => {
	it('has some thirty streams of machines and of language models, with names that the hub takes', async () => {
		const { streams } = await f({ seconds: 1 });
		expect(streams).toHaveLength(32);
		for (const stream of streams) {
			const [key = '', labels = ''] = stream.split(' ');
			expect([keyFault(key), labelsFault(JSON.parse(labels))]).toEqual([undefined, undefined]);
		}
		expect(streams).toContain('press-1/temperature {"source":"simulator","area":"forming"}');
		expect(streams).toContain('provider-a/large/ttft_ms {"source":"simulator","prompt_class":"short"}');
	});

	it('measures each machine once a second, at a phase of its own', async () => {
		const recording = await f({ seconds: 60 });
		const times = of(recording, 'press-1/temperature').points.map((point) => point.tMicros);
		expect(times.length).toBeGreaterThanOrEqual(59);
		expect(new Set(times.slice(1).map((t, i) => t - (times[i] ?? 0)))).toEqual(new Set([1_000_000]));
		expect(times[0]).not.toBe(of(recording, 'press-1/pressure').points[0]?.tMicros);
	});

	it('is as quick and as large as wanted', async () => {
		const { streams, points } = await f({ seconds: 2 }, { every: '100ms', lines: 3 }).then((recording) => ({
			streams: recording.streams,
			points: of(recording, 'press-3/pressure').points,
		}));
		expect([streams.length, points.length]).toEqual([3 * 17 + 15, 20]);
	});

	it('keeps the times of every stream growing, also while a provider is slow', async () => {
		const recording = await f({ seconds: 1800 });
		for (const key of recording.streams) {
			const { points } = of(recording, key.split(' ')[0] ?? '');
			expect(points.every((point, i) => i === 0 || point.tMicros > (points[i - 1]?.tMicros ?? 0))).toBe(true);
		}
		for (const { seen } of recording.emissions) {
			const times = seen.map((one) => ('v' in one ? one.tMicros : one.toMicros));
			expect(times).toEqual([...times].sort((a, b) => a - b));
		}
	});

	it('has latencies that fit together: the whole takes longer than the first token', async () => {
		const recording = await f({ seconds: 120 });
		const { points: ttft } = of(recording, 'provider-a/large/ttft_ms');
		const { points: total } = of(recording, 'provider-a/large/total_ms');
		expect(total.length).toBeGreaterThan(20);
		total.forEach((point, i) => expect(point.v).toBeGreaterThan(ttft[i]?.v ?? Infinity));
	});

	it('stages faults after the calm time: a shift, a frozen sensor, a missing one, a slow provider', async () => {
		const recording = await f({ seconds: 1200 });
		const mean = (key: string, fromS: number, toS: number) => {
			const inside = of(recording, key).points.filter(
				({ tMicros }) => tMicros >= NOW + (CALM_S + fromS) * 1e6 && tMicros < NOW + (CALM_S + toS) * 1e6,
			);
			return inside.reduce((sum, point) => sum + point.v, 0) / inside.length;
		};
		expect(mean('press-1/pressure', 20, 60) - mean('press-1/pressure', -500, 0)).toBeGreaterThan(7);
		expect(mean('provider-b/medium/ttft_ms', 115, 180) / mean('provider-b/medium/ttft_ms', -500, 0)).toBeGreaterThan(
			1.5,
		);
		const frozen = of(recording, 'spindle-1/temperature').points.filter(
			({ tMicros }) => tMicros > NOW + (CALM_S + 521) * 1e6 && tMicros < NOW + (CALM_S + 579) * 1e6,
		);
		expect([frozen.length, new Set(frozen.map((point) => point.v)).size]).toEqual([58, 1]);
		const { gaps } = of(recording, 'press-1/temperature');
		expect(gaps.map((gap) => [Math.round((gap.toMicros - gap.fromMicros) / 1e6), gap.reason])).toEqual([
			[34, 'sensor disconnected'],
		]);
	});

	it('stages none when it is told so', async () => {
		const recording = await f({ seconds: 1100 }, { faults: 'none' });
		expect(recording.gaps()).toEqual([]);
	});

	it('plays one labelled scenario, its calm as history and its fault from now on', async () => {
		const recording = await f({ seconds: 30 }, { inject: 'process-shift', seed: 4 });
		const [first] = recording.streams;
		const times = recording.points().map((point) => point.tMicros);
		expect(first).toContain('feeder-1/flow');
		expect(Math.min(...times)).toBeLessThan(NOW - 200e6);
		expect(times.filter((t) => t >= NOW).length).toBeGreaterThan(0);
	});

	it('has machining cells where they are asked for, each tool told once, also over a restart and a gap', async () => {
		const config = { cells: 2, warmup: '1h', every: '10s' };
		const first = await f({ seconds: 0, enough: (so) => so.emissions.length === 40 }, config);
		const second = await f({ seconds: 1800, nowMicros: NOW, cursor: first.cursor() }, config);
		const third = await f({ seconds: 1800, nowMicros: NOW + 12 * 3600e6, cursor: second.cursor() }, config);
		const told = [first, second, third].flatMap(({ emissions }) => emissions.flatMap(({ events = [] }) => events));
		for (const asset of ['mill-1', 'mill-2']) {
			const tools = told.filter((event) => event.asset === asset).map(({ attributes }) => Number(attributes['tool']));
			expect(tools.every((tool, i) => i === 0 || tool > tools[i - 1]!)).toBe(true);
			// What it had before the gap, and what has come since.
			const skipped = tools.findIndex((tool, i) => tool > i + 1);
			expect([tools[0], skipped > 3, tools.length > skipped]).toEqual([1, true, true]);
		}
		expect(of(third, 'mill-2/part_count').points.at(-1)!.v).toBeGreaterThan(1500);
	});

	it('refuses an interval of nothing', () =>
		expect(simulator.schema.safeParse({ every: '0ms' }).error?.issues[0]?.message).toBe(
			'the shortest interval is 1ms',
		));
});

describe('the first start', () => {
	it('makes up the past at once, in order, as history up to the last minute', async () => {
		const recording = await f({ seconds: 5 }, { warmup: '15m' });
		const { points } = of(recording, 'furnace-1/temperature');
		expect(points.length).toBeGreaterThan(900);
		expect(points[0]?.tMicros).toBeLessThan(NOW - 898e6);
		const historical = recording.emissions.filter((emission) => emission.historical);
		const last = (historical.at(-1)?.cursor as Where).untilMicros;
		expect([last <= NOW - 60e6, recording.emissions.at(-1)?.historical]).toEqual([true, false]);
	});
});

describe('a simulator that was killed', () => {
	it('goes on with exactly the values that it would have had', async () => {
		const whole = await f({ seconds: 600 }, { warmup: '10m' });
		const first = await f({ seconds: 0, enough: (so) => so.emissions.length === 3 }, { warmup: '10m' });
		const nowMicros = NOW + 100e6;
		const second = await f({ seconds: 500, nowMicros, cursor: first.cursor() }, { warmup: '10m' });
		const bothOf = (key: string) => [...of(first, key).points, ...of(second, key).points];
		for (const name of whole.streams) {
			const key = name.split(' ')[0] ?? '';
			const { points } = of(whole, key);
			expect(bothOf(key).slice(0, points.length)).toEqual(points.slice(0, bothOf(key).length));
		}
		expect(bothOf('press-1/pressure').length).toBeGreaterThan(1100);
	});

	it('leaves a gap when it was away for long, as a device does', async () => {
		const first = await f({ seconds: 5 });
		const nowMicros = NOW + 8 * 3600e6;
		const second = await f({ seconds: 5, nowMicros, cursor: first.cursor() });
		const { gaps, points } = of(second, 'press-1/pressure');
		expect(gaps.map(({ reason }) => reason)).toEqual(['the simulator was not running']);
		expect(points[0]?.tMicros).toBeGreaterThan(gaps[0]?.toMicros ?? Infinity);
		expect(points.length).toBeLessThan(80);
	});
});
