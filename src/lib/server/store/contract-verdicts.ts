import { describe, expect, it } from 'vitest';
import type { Limits } from '#contracts/limits.ts';
import type { Signal } from '#contracts/verdict.ts';
import type { Episode } from '#contracts/violation.ts';
import { ever, T0, type StoreSubject } from './contract-subject.ts';
import { StoreRefusedError } from './errors.ts';

const signal = (tMicros: number, rule: Signal['rule'] = 1): Signal => ({
	...{ streamId: 1, chart: 'i', rule, side: 'above', tMicros, spanFromMicros: tMicros - 5, v: 4.5, limitsId: 'L1' },
	baseline: false,
});

const episode = (revision: number): Episode => ({
	...{ id: 'V1', streamId: 1, chart: 'i', rule: 1, side: 'above', firstMicros: T0, lastMicros: T0 + revision },
	...{ endedMicros: null, active: true, severity: 'warning', points: revision, value: 4, centre: 0, sigma: 1 },
	...{ limitsId: 'L1', spanFromMicros: T0, revision, historical: false },
	context: { before: [{ tMicros: T0 - 1, v: 0.1 }], at: [{ tMicros: T0, v: 4 }], after: [], complete: false },
});

/** What every store has to do with what was judged, and with what is missing. */
export function verdictsContract({ store, newStream, count, merge, now }: StoreSubject): void {
	describe('gaps', () => {
		const gap = (streamId: number, from: number, to: number, reason = "a 'reason'\n\n;") => ({
			...{ streamId, fromMicros: T0 + from, toMicros: T0 + to, reason },
		});
		it('that touch a range are found, and a resend adds none', async () => {
			const streamId = newStream();
			const gaps = [gap(streamId, 0, 10), gap(streamId, 20, 30), gap(newStream(), 0, 50)];
			await store().insertGaps({ token: 'gaps', gaps, receivedMicros: now() });
			await store().insertGaps({ token: 'gaps', gaps, receivedMicros: now() });
			expect(await store().gaps(ever(streamId))).toEqual(gaps.slice(0, 2));
			expect(await store().gaps({ streamId, fromMicros: T0 + 5, toMicros: T0 + 15 })).toEqual(gaps.slice(0, 1));
			expect(await store().gaps({ streamId, fromMicros: T0 + 11, toMicros: T0 + 19 })).toEqual([]);
		});
		it('of several streams are found at once', async () => {
			const [one, two] = [newStream(), newStream()];
			const gaps = [gap(one, 0, 10), gap(two, 20, 30)];
			await store().insertGaps({ token: `gaps of ${one}`, gaps, receivedMicros: now() });
			const read = (fromMicros: number) => store().gapsOf({ streamIds: [one, two], fromMicros, toMicros: T0 + 50 });
			expect([await read(T0), await read(T0 + 15)]).toEqual([gaps, gaps.slice(1)]);
		});
		it('that grew replace what was known of them', async () => {
			const streamId = newStream();
			await store().insertGaps({ token: 'g1', gaps: [gap(streamId, 0, 10, 'x')], receivedMicros: now() });
			await store().insertGaps({ token: 'g2', gaps: [gap(streamId, 0, 40, 'x')], receivedMicros: now() });
			expect(await store().gaps(ever(streamId))).toEqual([gap(streamId, 0, 40, 'x')]);
		});
	});

	describe('verdicts', () => {
		it('signals come back, rules as numbers or words, and a resend adds none', async () => {
			const signals = [signal(T0), signal(T0 + 1, 'no-data'), signal(T0 + 2, 8)];
			const insertion = { token: 'signals', signals, limits: [], episodes: [] };
			await store().insertVerdicts(insertion);
			await store().insertVerdicts(insertion);
			expect(await store().signals(ever(1))).toEqual(signals);
			expect(await store().signals({ streamId: 1, fromMicros: T0 + 1, toMicros: T0 + 1 })).toEqual(signals.slice(1, 2));
		});

		it('a violation is there once, in its newest revision', async () => {
			for (const revision of [1, 3, 2])
				await store().insertVerdicts({ token: `v${revision}`, signals: [], limits: [], episodes: [episode(revision)] });
			await merge('violations');
			expect(await count('violations')).toBe(1);
			expect(await count('violations WHERE revision = 3 AND context_at[1].v = 4')).toBe(1);
		});

		it('a violation and a signal are kept whole, words of their own and long contexts included', async () => {
			const at = Array.from({ length: 200 }, (_, i) => ({ tMicros: T0 + i, v: i / 7 }));
			const whole: Episode = {
				...{ id: 'V2', streamId: 7, chart: 'ewma-fast', rule: 'außer Tritt', side: 'both', firstMicros: T0 + 1 },
				...{ lastMicros: T0 + 2, endedMicros: T0 + 3, active: false, severity: 'critical', points: 200, value: 1.5 },
				...{ centre: -2.5, sigma: 3.5, limitsId: 'L2', spanFromMicros: T0 - 4, revision: 5, historical: true },
				context: { before: [], at, after: [{ tMicros: T0 + 900, v: -0.25 }], complete: true },
			};
			const ended = { ...signal(T0 + 9, 'außer Tritt'), streamId: 7, side: 'both' as const, baseline: true };
			await store().insertVerdicts({ token: 'whole', signals: [ended], limits: [], episodes: [whole] });
			expect(await store().signals(ever(7))).toEqual([ended]);
			const micros = (column: string, value: number) => `toUnixTimestamp64Micro(${column}) = ${value}`;
			const columns = [
				"id = 'V2' AND stream_id = 7 AND chart = 'ewma-fast' AND rule = 'außer Tritt' AND side = 'both'",
				...[micros('first_t', T0 + 1), micros('last_t', T0 + 2), micros('assumeNotNull(ended_t)', T0 + 3)],
				"NOT active AND severity = 'critical' AND points = 200 AND value = 1.5 AND centre = -2.5 AND sigma = 3.5",
				`limits_id = 'L2' AND ${micros('span_from', T0 - 4)} AND revision = 5 AND historical AND context_complete`,
				`empty(context_before) AND length(context_at) = 200 AND context_at[200].t = ${T0 + 199}`,
				`context_at[200].v = 199 / 7 AND length(context_after) = 1 AND context_after[1].v = -0.25`,
			];
			for (const column of columns) expect(await count(`violations WHERE id = 'V2' AND ${column}`)).toBe(1);
		});

		it('limits are kept with what they came from', async () => {
			const limits = {
				...{ id: 'L1', streamId: 1, chart: 'i', fromMicros: T0, centre: 1, sigma: 2, lcl: -5, ucl: 7, rules: [1, 2] },
				...{ method: 'moving-range', notes: ["provisional: it's autocorrelated"], lag1: 0.25 },
				baseline: { points: 100, excluded: 2, fromMicros: T0 - 5, toMicros: T0 },
			} as const satisfies Limits;
			await store().insertVerdicts({ token: 'limits', signals: [], limits: [limits], episodes: [] });
			expect(await count("limits WHERE id = 'L1' AND baseline_points = 100 AND lag1 = 0.25")).toBe(1);
		});

		it('a number that is none is refused, and not stored as 0', async () => {
			const signals = [{ ...signal(T0), v: NaN }];
			const insertion = store().insertVerdicts({ token: 'nan', signals, limits: [], episodes: [] });
			await expect(insertion).rejects.toThrow(StoreRefusedError);
		});
	});
}
