import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHARTS, type Rule } from './chart.ts';
import type { Limits } from './limits.ts';
import { encodeVerdicts, parseVerdicts, type DerivedPoint, type Signal, type Verdict } from './verdict.ts';
import { createVerdictGatherer, type VerdictDigest } from './verdict-digest.ts';
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

/** NaN is equal to NaN here; -0 is not 0. */
const anyNumber = fc.double();
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.constantFrom('\ud800', 'ÿ', 'Ā'));
const anyRule = fc.oneof(fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 'limit', 'no-data', 'out-of-spec'), anyText);
const anyPoint = fc.record({ tMicros: anyNumber, v: anyNumber });
const anyPoints = fc.array(anyPoint, { maxLength: 12 });
const anyEpisode = fc.record<Episode>({
	...{ id: fc.oneof(anyText, fc.constantFrom('v1', 'v2')), streamId: fc.nat(), chart: fc.constantFrom(...CHARTS) },
	...{ rule: anyRule as fc.Arbitrary<Rule>, side: fc.constantFrom('above', 'below', 'both', 'none') },
	...{ firstMicros: anyNumber, lastMicros: anyNumber, endedMicros: fc.option(anyNumber), active: fc.boolean() },
	...{ severity: fc.constantFrom('info', 'warning', 'critical'), points: fc.nat(), value: anyNumber },
	...{ centre: anyNumber, sigma: anyNumber, limitsId: anyText, spanFromMicros: anyNumber, revision: fc.nat() },
	context: fc.record({ before: anyPoints, at: anyPoints, after: anyPoints, complete: fc.boolean() }),
	historical: fc.boolean(),
});
const anySignal = fc.record<Signal>({
	...{ streamId: fc.nat(), chart: fc.constantFrom(...CHARTS), rule: anyRule as fc.Arbitrary<Rule> },
	...{ side: fc.constantFrom('above', 'below', 'both', 'none'), tMicros: anyNumber, spanFromMicros: anyNumber },
	...{ v: anyNumber, limitsId: anyText, baseline: fc.boolean() },
});
const anyVerdict: fc.Arbitrary<Verdict> = fc.oneof(
	fc.record({ type: fc.constant('signal' as const), signal: anySignal }),
	fc.record({ type: fc.constant('limits' as const), limits: fc.constant(LIMITS) }),
	fc.record({
		type: fc.constant('points' as const),
		receivedMicros: anyNumber,
		points: fc.array(
			fc.record<DerivedPoint>({
				...{ streamId: fc.nat(), tMicros: anyNumber, v: anyNumber },
				...{ quality: fc.constantFrom(64, 192), flags: fc.constantFrom(0, 2) },
			}),
			{ maxLength: 4 },
		),
	}),
	fc.record({
		type: fc.constantFrom('violation.opened' as const, 'violation.updated' as const, 'violation.ended' as const),
		episode: anyEpisode,
	}),
);
const anyVerdicts = fc.array(anyVerdict, { maxLength: 6 });

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
	it('to the last bit of every number, whatever the texts', () =>
		fc.assert(fc.property(anyVerdicts, (verdicts) => f(...verdicts))));
	it('as they were written before, as JSON', () => {
		const record = { inputSeq: 7, verdicts: [{ type: 'limits', limits: LIMITS }] };
		expect(parseVerdicts(new TextEncoder().encode(JSON.stringify(record)))).toEqual(record);
	});
});

describe('bytes that are no record of verdicts', () => {
	const whole = encodeVerdicts({ inputSeq: 1, verdicts: [{ type: 'violation.opened', episode: EPISODE }] });
	const f = (bytes: Uint8Array) => expect(() => parseVerdicts(bytes)).toThrow(RangeError);
	it('none', () => f(new Uint8Array(0)));
	it('of another version', () => f(whole.with(0, 2)));
	it('cut anywhere', () => {
		for (let end = 0; end < whole.length; end++) f(whole.subarray(0, end));
	});
	it('with more behind', () => f(Uint8Array.of(...whole, 0)));
	it('of a kind, chart, rule, side or severity that is not known', () => {
		for (const at of [20, 21, 22, 23, 36]) f(whole.with(at, 99));
	});
	it('or any others are read or refused, and nothing else', () =>
		fc.assert(
			fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
				try {
					parseVerdicts(whole.with(at, byte));
				} catch (error) {
					expect([RangeError, SyntaxError]).toContain((error as Error).constructor);
				}
			}),
		));
});

describe('what records come to', () => {
	const digestOf = (records: readonly Uint8Array[]) => {
		const gatherer = createVerdictGatherer({ signals: true });
		for (const bytes of records) gatherer.add(bytes);
		return plain(gatherer.digest());
	};
	const plain = ({ limits, signals, points, episodes, hasOpened, hasEnded }: VerdictDigest) => ({
		...{ limits, signals, points, episodes },
		opened: episodes.map(({ id }) => id).filter(hasOpened),
		ended: episodes.map(({ id }) => id).filter(hasEnded),
	});
	const asJson = (record: object) => new TextEncoder().encode(JSON.stringify(record));

	it('is the largest revision of each episode, what opened, what ended, and all signals and limits', () =>
		fc.assert(
			fc.property(fc.array(anyVerdicts, { maxLength: 5 }), (all) => {
				const digest = digestOf(all.map((verdicts, inputSeq) => encodeVerdicts({ inputSeq, verdicts })));
				const episodes = new Map<string, Episode>();
				const of = (type: string) =>
					[...episodes.keys()].filter((id) =>
						all.flat().some((one) => one.type === type && 'episode' in one && one.episode.id === id),
					);
				for (const verdict of all.flat()) {
					if (!('episode' in verdict)) continue;
					const { episode } = verdict;
					if (episode.revision > (episodes.get(episode.id)?.revision ?? -1)) episodes.set(episode.id, episode);
				}
				expect(digest).toEqual({
					signals: all.flat().flatMap((one) => (one.type === 'signal' ? [one.signal] : [])),
					limits: all.flat().flatMap((one) => (one.type === 'limits' ? [one.limits] : [])),
					points: all.flat().flatMap((one) => {
						if (one.type !== 'points') return [];
						return one.points.map((point) => ({ ...point, receivedMicros: one.receivedMicros }));
					}),
					episodes: [...episodes.values()],
					opened: of('violation.opened'),
					ended: of('violation.ended'),
				});
			}),
		));
	it('is the same where some of them were written before, as JSON', () => {
		const opened = { inputSeq: 1, verdicts: [{ type: 'violation.opened', episode: EPISODE }] } as const;
		const ended = {
			inputSeq: 2,
			verdicts: [{ type: 'violation.ended', episode: { ...EPISODE, revision: 2 } }],
		} as const;
		expect(digestOf([asJson(opened), encodeVerdicts(ended)])).toEqual(digestOf([opened, ended].map(encodeVerdicts)));
		expect(digestOf([encodeVerdicts(opened), asJson(ended)])).toEqual(digestOf([opened, ended].map(encodeVerdicts)));
	});
	it('has nothing of a record that cannot be read', () => {
		const gatherer = createVerdictGatherer({ signals: true });
		const bytes = encodeVerdicts({
			inputSeq: 1,
			verdicts: [
				{ type: 'signal', signal: SIGNAL },
				{ type: 'limits', limits: LIMITS },
			],
		});
		expect(() => gatherer.add(bytes.with(bytes.length - 1, 0))).toThrow(SyntaxError);
		expect(gatherer.digest()).toMatchObject({ limits: [], signals: [], episodes: [] });
	});
	it('leaves signals out for who does not want them', () => {
		const gatherer = createVerdictGatherer({ signals: false });
		gatherer.add(encodeVerdicts({ inputSeq: 1, verdicts: [{ type: 'signal', signal: SIGNAL }] }));
		expect(gatherer.digest().signals).toEqual([]);
	});
});
