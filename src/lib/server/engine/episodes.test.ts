import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createEvaluator } from './evaluator.ts';
import { declare, episodesOf, evaluate, gap, normals, points, seconds, tick, type Input } from './testing/records.ts';

const KNOWN = { baseline: { centre: 0, sigma: 1 }, rules: [1] };
const flat = (count: number) => Array<number>(count).fill(0);
const run = (...inputs: Input[]) => evaluate([declare(1, KNOWN), ...inputs]);
const individuals = (...inputs: Input[]) => episodesOf(run(...inputs)).filter(({ chart }) => chart === 'i');
const times = (context: readonly { tMicros: number }[]) => context.map(({ tMicros }) => seconds(tMicros));
const typesOf = (...inputs: Input[]) =>
	run(...inputs).flatMap((verdict) =>
		'episode' in verdict && verdict.episode.chart === 'i' ? [verdict.type.slice(10)] : [],
	);

describe('an episode', () => {
	it('has ten plotted points of context on each side', () => {
		const [episode] = individuals(points([...flat(12), 4, 5, ...flat(12)]));
		expect(times(episode!.context.before)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
		expect(times(episode!.context.at)).toEqual([12, 13]);
		expect(times(episode!.context.after)).toEqual([14, 15, 16, 17, 18, 19, 20, 21, 22, 23]);
		expect(episode!.context.complete).toBe(true);
	});
	it('says when it began, signalled last and ended', () => {
		const [episode] = individuals(points([0, 4, 5, 0]));
		expect([episode!.firstMicros, episode!.lastMicros, episode!.endedMicros].map(seconds)).toEqual([1, 2, 3]);
		expect(episode).toMatchObject({ points: 2, value: 4, centre: 0, sigma: 1, active: false, rule: 1, side: 'above' });
	});
	it('goes on while the same rule signals on the same side', () =>
		expect(individuals(points([4, 4, 4, -4, 4])).map(({ side, points: n }) => `${side} ${n}`)).toEqual([
			'above 3',
			'below 1',
			'above 1',
		]));
	it('ends at a gap, at the moment the gap begins', () => {
		const [episode] = individuals(points([4]), gap(1, 1, 5), points([4], 6));
		expect(seconds(episode!.endedMicros)).toBe(1);
	});
	it('after a gap it is another one', () =>
		expect(individuals(points([4]), gap(1, 1, 5), points([4], 6))).toHaveLength(2));
	it('keeps the newest hundred points of a long one, and the count of all', () => {
		const [episode] = individuals(points(Array<number>(150).fill(4)), tick(150));
		expect(episode!.points).toBe(150);
		expect(times(episode!.context.at)).toEqual(Array.from({ length: 100 }, (_, i) => 50 + i));
	});
	it('has a span that begins where the pattern began', () => {
		const verdicts = evaluate([declare(1, { ...KNOWN, rules: [2] }), points([-1, ...Array<number>(9).fill(1)])]);
		const [episode] = episodesOf(verdicts);
		expect(seconds(episode!.spanFromMicros)).toBe(1);
	});
	it('has another id for another stream, chart, rule, side, time or limits', () => {
		const ids = episodesOf(run(points([4, -4, 4, 0, 0]))).map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
		expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
	});
});

describe('how grave an episode is', () => {
	const plan = { ...KNOWN, rules: [1, 2], severity: 'info', severities: { 1: 'critical' } } as const;
	const graves = (values: number[]) =>
		episodesOf(evaluate([declare(1, { ...plan, rules: [...plan.rules] }), points(values)]))
			.filter(({ chart }) => chart === 'i')
			.map(({ rule, severity }) => `${rule} ${severity}`);
	it('its rule says', () => expect(graves([4])).toEqual(['1 critical']));
	it('or else the plan', () => expect(graves(Array<number>(9).fill(1))).toEqual(['2 info']));
});

describe('what is written of an episode', () => {
	it('is opened and ended at its points, and updated when its context is complete', () =>
		expect(typesOf(points([4, ...flat(20)]))).toEqual(['opened', 'ended', 'updated']));
	it('is updated once per tick while it goes on', () =>
		expect(typesOf(points([4, 4]), tick(1), tick(2), points([4], 2), tick(3))).toEqual([
			'opened',
			'updated',
			'updated',
		]));
	it('is nothing at a tick without news', () => expect(typesOf(points([4]), tick(1), tick(2))).toEqual(['opened']));
	it('has a revision that grows by one each time', () => {
		const revisions = run(points([4, 4]), tick(1), points(flat(10), 2)).flatMap((verdict) =>
			'episode' in verdict && verdict.episode.chart === 'i' ? [verdict.episode.revision] : [],
		);
		expect(revisions).toEqual([1, 2, 3, 4]);
	});
	it('does not depend on where ticks fall, but for its revision', () => {
		const values = normals(300, 7).map((v) => v * 1.5);
		const withTicks = (at: readonly number[]) => {
			const inputs = values.flatMap((v, i) => [points([v], i), ...(at.includes(i) ? [tick(i)] : [])]);
			return episodesOf(evaluate([declare(1, { ...KNOWN, rules: [1, 2, 5, 6] }), ...inputs, tick(1000)])).map(
				(episode) => ({
					...episode,
					revision: 0,
				}),
			);
		};
		const straight = withTicks([]);
		expect(straight.length).toBeGreaterThan(20);
		fc.assert(
			fc.property(fc.uniqueArray(fc.nat(299)), (at) => {
				expect(withTicks(at)).toEqual(straight);
			}),
			{ numRuns: 20 },
		);
	});
});

describe('history', () => {
	it('is judged, and its episodes say so', () =>
		expect(individuals(points([4, 0], 0, { historical: true }))).toMatchObject([{ historical: true }]));
	it('what goes on live is an episode of its own, so that it alerts', () => {
		const found = individuals(points([4, 4], 0, { historical: true }), points([4], 2));
		expect(found.map(({ historical, points: n }) => [historical, n])).toEqual([
			[true, 2],
			[false, 1],
		]);
		expect(seconds(found[0]!.endedMicros)).toBe(2);
	});
});

describe('a new phase', () => {
	const other = declare(1, { ...KNOWN, baseline: { centre: 1, sigma: 1 } }, { revision: 2 });
	it('ends what goes on', () => expect(individuals(points([4]), other)).toMatchObject([{ active: false }]));
	it('closes the context of what had ended', () =>
		expect(individuals(points([4, 0, 0]), other)[0]!.context).toMatchObject({ complete: true, after: [{}, {}] }));
	it('another severity for a rule begins none', () =>
		expect(
			individuals(points([4]), declare(1, { ...KNOWN, severities: { 1: 'critical' } }, { revision: 2 })),
		).toMatchObject([{ active: true }]));
	it('a plan that judges alike begins none', () => {
		const evaluator = createEvaluator();
		const severe = declare(1, { ...KNOWN, severity: 'critical' }, { revision: 2 });
		const found = episodesOf(evaluate([declare(1, KNOWN), points([4]), severe, points([4], 1)], evaluator));
		expect(found.filter(({ chart }) => chart === 'i')).toMatchObject([
			{ points: 1, active: true, severity: 'warning' },
		]);
		expect(evaluator.state.table.find(1)!.charts[0]!.episodes.open).toMatchObject([{ points: 2 }]);
	});
});
