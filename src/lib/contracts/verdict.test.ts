import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Limits } from './limits.ts';
import { encodeVerdicts, parseVerdicts, type Signal, type Verdict } from './verdict.ts';
import type { Episode } from './violation.ts';

const SIGNAL: Signal = {
	...{ streamId: 1, chart: 'mr', rule: 1, side: 'above', tMicros: 5, spanFromMicros: 5, v: 0.1, limitsId: 'l1' },
	baseline: false,
};
const LIMITS: Limits = {
	...{ id: 'l1', streamId: 1, chart: 'i', fromMicros: 5, centre: 1, sigma: 1 / 3, lcl: 0, ucl: 2, rules: [1, 2] },
	...{ method: 'moving-range', baseline: { points: 100, excluded: 2, fromMicros: 1, toMicros: 4 } },
	...{ notes: ['provisional: autocorrelated'], lag1: -0.25 },
};
const EPISODE: Episode = {
	...{ id: 'v1', streamId: 1, chart: 'i', rule: 'limit', side: 'below', firstMicros: 5, lastMicros: 6 },
	...{ endedMicros: null, active: true, severity: 'warning', points: 2, value: 0.1, centre: 1, sigma: 1 / 3 },
	...{ limitsId: 'l1', spanFromMicros: 5, revision: 1, historical: false },
	context: { before: [], at: [{ tMicros: 5, v: 0.1 }], after: [], complete: false },
};

describe('verdicts are parsed as they were encoded', () => {
	const f = (...verdicts: Verdict[]) => {
		const record = { inputSeq: 2 ** 40, verdicts };
		expect(parseVerdicts(encodeVerdicts(record))).toEqual(record);
	};
	it('none', () => f());
	it('a signal', () => f({ type: 'signal', signal: SIGNAL }));
	it('limits', () => f({ type: 'limits', limits: LIMITS }));
	it('limits that were given', () =>
		f({ type: 'limits', limits: { ...LIMITS, method: 'given', baseline: null, lag1: null, notes: [] } }));
	it('a violation that opens', () => f({ type: 'violation.opened', episode: EPISODE }));
	it('all together, in their order', () =>
		f(
			{ type: 'signal', signal: SIGNAL },
			{ type: 'violation.opened', episode: EPISODE },
			{ type: 'violation.ended', episode: { ...EPISODE, active: false, endedMicros: 7 } },
			{ type: 'limits', limits: LIMITS },
		));
	it('to the last bit of every number', () =>
		fc.assert(
			// JSON has no -0; no rule looks at its sign.
			fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger(), (v, tMicros) =>
				f({ type: 'signal', signal: { ...SIGNAL, v: v === 0 ? 0 : v, tMicros } }),
			),
		));
});
