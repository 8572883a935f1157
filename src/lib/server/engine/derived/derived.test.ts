import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCommand } from '#contracts/command.ts';
import { derivedSchema } from '#contracts/derived.ts';
import { isExpressionFault, parseExpression } from '#contracts/expression.ts';
import { planSchema, type PlanInput } from '#contracts/plan.ts';
import type { Verdict } from '#contracts/verdict.ts';
import { createEvaluator } from '../evaluator.ts';
import { createKept } from '../testing/kept.ts';
import { beginCapture } from '../capture.ts';
import {
	evaluate,
	evaluateEach,
	gap,
	normals,
	rows,
	signalsOf,
	tick,
	written,
	type Input,
} from '../testing/records.ts';
import { compileFormula } from './formula.ts';

const KEYS = ['a/x', 'a/y', 'a/z', 'a/d', 'a/e'] as const;
const OUT = 4;

type Entry = Record<string, unknown>;

const rules = (...entries: Entry[]): Input => ({
	topic: 'commands',
	bytes: encodeCommand({ type: 'derived', rules: derivedSchema.parse(entries) }),
});

function declare(id: number, plan: PlanInput = {}): Input {
	const stream = { id, site: 's', key: KEYS[id - 1]!, labels: {}, asset: 'a', kind: 'machine', unit: '' } as const;
	return {
		topic: 'commands',
		bytes: encodeCommand({ type: 'stream', stream, plan: planSchema.parse(plan), planRevision: 1 }),
	};
}

const point = (stream: number, second: number, v: number, quality: 0 | 64 | 192 = 192) => ({
	...{ stream, tMicros: second * 1e6, v, quality },
});
/** `x 1 5`: stream x has 5 at second 1; each is a record of its own. */
const sent = (...texts: string[]): Input[] =>
	texts.map((text) => {
		const [name = '', second, v, quality = '192'] = text.split(' ');
		return rows([point('xyz'.indexOf(name) + 1, Number(second), Number(v), Number(quality) as 192)]);
	});

const pointsOf = (verdicts: readonly Verdict[], id = OUT) =>
	verdicts.flatMap((verdict) =>
		verdict.type === 'points'
			? verdict.points.flatMap(({ streamId, tMicros, v }) => (streamId === id ? [`${tMicros / 1e6} ${v}`] : []))
			: [],
	);

const all = [1, 2, 3].map((id) => declare(id));

function derived(entry: Entry, inputs: readonly Input[], want: string[], plan: PlanInput = {}): void {
	const before = [rules({ stream: 'a/d', ...entry }), ...all, declare(OUT, plan)];
	expect(pointsOf(evaluate([...before, ...inputs]))).toEqual(want);
}

describe('a formula', () => {
	const f = (text: string, want: number, values = [2, 3]) => {
		const parsed = parseExpression(text);
		if (isExpressionFault(parsed)) throw new Error(parsed.message);
		expect(compileFormula(parsed)(Float64Array.from(values))).toBe(want);
	};
	it('binds products closer than sums', () => f('a + b * 4', 14));
	it('goes from left to right', () => f('a - b - 1', -2));
	it('divides from left to right', () => f('a / b / 4', 2 / 3 / 4));
	it('has brackets', () => f('(a + b) * 4', 20));
	it('has signs', () => f('-a - -b', 1));
	it('has functions', () => f('max(min(a, b), abs(-5)) + sqrt(b + 1) + log(1)', 7));
	it('knows numbers', () => f('a * 1e3 + .5', 2000.5));
});

describe('a derived value', () => {
	const power = { value: 'x * y' };
	it('has the times of the stream that is named first', () =>
		derived(power, sent('x 1 2', 'y 1 3', 'x 2 4', 'y 2 5'), ['1 6', '2 20']));
	it('is the same in whatever order its inputs come', () =>
		derived(power, sent('y 1 3', 'y 2 5', 'x 1 2', 'x 2 4'), ['1 6', '2 20']));
	it('waits until every input has come as far', () => derived(power, sent('x 1 2', 'x 2 4', 'y 1 3'), ['1 6']));
	it('takes the newest value that is not older than it holds', () =>
		derived({ ...power, hold: '2s' }, sent('y 1 3', 'x 2 2', 'x 3 2', 'x 4 2', 'x 5 2', 'y 6 1'), ['2 6', '3 6']));
	it('holds for three expected intervals where nothing else is said', () =>
		expect(
			pointsOf(
				evaluate([
					...[rules({ stream: 'a/d', ...power }), declare(1), declare(2, { expect: '1s' }), declare(OUT)],
					...sent('y 1 3', 'x 4 2', 'x 5 2', 'y 6 1'),
				]),
			),
		).toEqual(['4 6']));
	it('goes with equal times only where nothing is known of the interval', () =>
		derived(power, sent('y 1 3', 'x 1 2', 'x 2 2', 'y 3 1', 'x 3 7'), ['1 6', '3 7']));
	it('of what is there is computed at ticks, when others have not come for so long', () =>
		derived(
			{ ...power, hold: '10s', wait: '2s' },
			[tick(1), ...sent('y 1 3', 'x 2 2'), ...[2, 3, 4].map(tick), ...sent('y 2 100', 'x 3 2', 'y 3 1')],
			['2 6', '3 2'],
		));
	it('is missing where an input is bad', () =>
		derived({ ...power, hold: '9s' }, sent('y 1 3 0', 'x 1 2', 'x 2 2', 'y 2 4'), ['2 8']));
	it('is missing after a gap of an input', () =>
		derived(
			{ ...power, hold: '9s' },
			[...sent('y 1 3', 'x 1 2'), gap(2, 1.5, 2.5), ...sent('x 2 2', 'y 3 3', 'x 3 5')],
			['1 6', '3 15'],
		));
	it('is missing where it would not be finite', () =>
		derived({ value: 'x / y' }, sent('y 1 0', 'x 1 2', 'y 2 4', 'x 2 2'), ['2 0.5']));
	it('is nothing that a late point changes', () =>
		derived(power, sent('x 1 2', 'y 1 3', 'x 3 1', 'y 3 1', 'x 2 9', 'y 2 9'), ['1 6', '3 1']));
	it('is of the quality of its worst input, and judged as its plan admits', () => {
		const inputs = [rules({ stream: 'a/d', ...power }), ...all, declare(OUT), ...sent('x 1 2 64', 'y 1 3')];
		const verdicts = evaluate(inputs);
		expect(verdicts).toMatchObject([{ type: 'points', points: [{ quality: 64 }] }]);
	});
	it('is not taken from outside', () =>
		derived(power, [...sent('x 1 2', 'y 1 3'), rows([point(OUT, 2, 77)])], ['1 6']));
	it('has a time once', () => derived({ value: 'x + x' }, sent('x 1 2', 'x 1 3'), ['1 4']));
	it('may be derived from again', () => {
		const chained = [rules({ stream: 'a/d', value: 'x * 2' }, { stream: 'a/e', value: 'd + 1' })];
		const verdicts = evaluate([...chained, ...all, declare(4), declare(5), ...sent('x 1 2')]);
		expect(pointsOf(verdicts, 5)).toEqual(['1 5']);
	});
	it('begins whichever of its streams is known first', () =>
		expect(
			pointsOf(evaluate([declare(OUT), ...all, rules({ stream: 'a/d', ...power }), ...sent('x 1 2', 'y 1 3')])),
		).toEqual(['1 6']));
	it('ends with its rule, and goes on as before while that stays', () => {
		const other = { stream: 'a/e', value: 'y' };
		const inputs = [
			...[rules({ stream: 'a/d', ...power }), ...all, declare(OUT), ...sent('x 1 2')],
			...[rules(other, { stream: 'a/d', ...power }), ...sent('y 1 3')],
			...[rules(other), ...sent('x 2 2', 'y 2 3')],
		];
		expect(pointsOf(evaluate(inputs))).toEqual(['1 6']);
	});
	it('is stored as if it had come with what led to it', () => {
		const at = (receivedMicros: number): Input => ({ ...rows([point(1, 1, 2)]), ...received(receivedMicros) });
		const received = (micros: number) => {
			const { bytes } = rows([point(1, 1, 2)]);
			new DataView(bytes.buffer).setBigInt64(8, BigInt(micros), true);
			return { bytes };
		};
		const verdicts = evaluate([rules({ stream: 'a/d', value: 'x' }), ...all, declare(OUT), at(4711)]);
		expect(verdicts).toMatchObject([{ type: 'points', receivedMicros: 4711 }]);
	});
});

describe('of one stream', () => {
	const counts = (...values: number[]) => sent(...values.map((v, i) => `x ${i + 1} ${v}`));
	it('a rate is per second', () => derived({ value: 'rate(x)' }, sent('x 1 10', 'x 3 14'), ['3 2']));
	it('a rate has no value where its counter began anew', () =>
		derived({ value: 'rate(x)' }, counts(10, 15, 3, 5), ['2 5', '4 2']));
	it('a rate goes on where its counter rolls over', () =>
		derived({ value: 'rate(x, 65536)' }, counts(65530, 65535, 4), ['2 5', '3 5']));
	it('but not where it began anew far from there', () =>
		derived({ value: 'rate(x, 65536)' }, counts(30000, 30010, 4, 6), ['2 10', '4 2']));
	it('a rate is not looked for across bad points and gaps', () => {
		derived({ value: 'rate(x)' }, sent('x 1 1', 'x 2 2 0', 'x 3 3', 'x 4 5'), ['4 2']);
		derived({ value: 'rate(x)' }, [...sent('x 1 1'), gap(1, 2, 3), ...sent('x 4 4', 'x 5 6')], ['5 2']);
	});
	it('a rate is not looked for across more than the value may stand for', () =>
		derived({ value: 'rate(x)', hold: '5s' }, sent('x 1 1', 'x 9 9', 'x 10 11'), ['10 2']));
	it('a difference has its sign', () => derived({ value: 'difference(x)' }, counts(5, 3, 4), ['2 -2', '3 1']));
	it('an rms begins when it has all its points', () =>
		derived({ value: 'rms(x, 2)' }, counts(3, -4, 0), [`2 ${Math.sqrt(12.5)}`, `3 ${Math.sqrt(8)}`]));
	it('an rms of large values does not lose the small ones that follow', () => {
		const verdicts = evaluate([
			...[rules({ stream: 'a/d', value: 'rms(x, 2)' }), ...all, declare(OUT)],
			...counts(1e9, 1e9, 1, 1, 1, 1),
		]);
		expect(pointsOf(verdicts).at(-1)).toBe('6 1');
	});
	it('what is counted in windows goes together at their ends, whichever stream is heard first after them', () => {
		const value = 'counted(x, 10s) / counted(y, 10s)';
		const inputs = sent('x 10 0', 'y 10 0', 'x 19 8', 'x 21 9', 'y 18 4', 'y 21 6', 'y 31 9', 'x 31 20');
		derived({ value }, inputs, ['20 2', '30 0.5']);
	});
	it('they go together with others at one time', () => derived({ value: 'rate(x) / x' }, counts(10, 20), ['2 0.5']));
});

describe('T2 of several streams', () => {
	const entry = { stream: 'a/d', t2: ['x', 'y'] };
	const plan = { chart: 't2', baseline: { points: 30 } } as const;
	/** Two that go together; from `shift` on they part, each within its own limits. */
	const together = (count: number, shift = Infinity) => {
		const [common, own] = [normals(count, 3), normals(count, 4)];
		return Array.from({ length: count }, (_, i) =>
			rows([point(1, i + 1, common[i]!), point(2, i + 1, common[i]! * (i >= shift ? -1 : 1) + own[i]! / 10)]),
		);
	};
	const of = (inputs: readonly Input[], id = 1) => {
		const evaluator = createEvaluator();
		const verdicts = evaluate([rules(entry), declare(1), declare(2), declare(OUT, plan), ...inputs], evaluator);
		return { evaluator, verdicts, id };
	};
	it('learns, draws its baseline, and has limits of phase I and II', () => {
		const { verdicts } = of(together(40));
		expect(pointsOf(verdicts)).toHaveLength(40);
		const limits = verdicts.flatMap((one) =>
			one.type === 'limits' && one.limits.streamId === OUT ? [one.limits] : [],
		);
		expect(limits.map(({ chart, method, fromMicros }) => [chart, method, fromMicros])).toEqual([
			['t2', 'covariance', 1e6],
			['t2', 'covariance', 30e6 + 1],
		]);
		expect(limits[1]!.ucl).toBeGreaterThan(limits[0]!.ucl);
	});
	it('signals that streams no longer go together although each is within its limits', () => {
		const { verdicts } = of(together(60, 50));
		const signals = verdicts.flatMap((one) => (one.type === 'signal' && one.signal.chart === 't2' ? [one.signal] : []));
		expect(signals.length).toBeGreaterThan(5);
		expect(signals.every(({ tMicros, side }) => tMicros > 50e6 && side === 'above')).toBe(true);
	});
	it('says that it learns, and how far it is', () => {
		const { evaluator } = of(together(12));
		expect(evaluator.state.table.find(OUT)?.baseline).toMatchObject({ points: 12, wanted: 30 });
	});
	it('begins anew where one stream follows from the others', () => {
		const same = Array.from({ length: 40 }, (_, i) => rows([point(1, i, i % 7), point(2, i, 2 * (i % 7))]));
		expect(of(same).evaluator.state.table.find(OUT)?.baseline).toMatchObject({ points: 10 });
	});
	it('fits into a value of the journal, however much of it waits and is learnt from', () => {
		const names = ['x', 'y', 'z', 'p', 'q', 'r', 's', 't'];
		const evaluator = createEvaluator();
		const stream = (id: number, key: string, of: PlanInput = {}) => ({
			...declare(1),
			bytes: encodeCommand({
				type: 'stream',
				stream: { id, site: 's', key: `a/${key}`, labels: {}, asset: 'a', kind: 'machine', unit: '' },
				plan: planSchema.parse(of),
				planRevision: 1,
			}),
		});
		const all = names.map((name, i) => stream(i + 1, name));
		const rule = rules({ stream: 'a/all', t2: names });
		evaluate([rule, ...all, stream(9, 'all', { chart: 't2', baseline: { points: 2000 } })], evaluator);
		const v = normals(8 * 1999);
		const row = (id: number, second: number, i: number) => point(id, second, v[i % v.length]!);
		evaluate([rows(Array.from({ length: v.length }, (_, i) => row(1 + (i % 8), Math.floor(i / 8), i)))], evaluator);
		evaluate(
			[rows(Array.from({ length: 7 * 1500 }, (_, i) => row(1 + (i % 7), 2000 + Math.floor(i / 7), i)))],
			evaluator,
		);
		const capture = beginCapture(evaluator.state, 1);
		capture.step(Infinity);
		const largest = Math.max(...capture.streams.map(({ bytes }) => bytes.length));
		expect(largest).toBeGreaterThan(300_000);
		expect(largest).toBeLessThan(512 * 1024);
	});
	it('learns anew with another plan', () => {
		const { evaluator } = of(together(40));
		evaluate([declare(OUT, { chart: 't2', baseline: { points: 20 } })], evaluator);
		expect(evaluator.state.table.find(OUT)).toMatchObject({ baseline: { points: 0 }, derivation: { vectors: [] } });
	});
});

describe('with streams that are derived, at every record', () => {
	const entries = fc.subarray(
		[
			{ stream: 'a/d', value: 'x * y', hold: '3s', wait: '1s' },
			{ stream: 'a/d', value: 'rate(x, 8) + rms(y, 3)', hold: '2s' },
			{ stream: 'a/d', t2: ['x', 'y', 'z'], hold: '5s' },
			{ stream: 'a/e', value: 'd - difference(z)', wait: '0s', hold: '20s' },
		] as Entry[],
		{ minLength: 1 },
	);
	const step = fc.oneof(
		{
			weight: 20,
			arbitrary: fc.record({
				stream: fc.integer({ min: 1, max: 3 }),
				v: fc.double({ min: -4, max: 4, noNaN: true }),
				after: fc.constantFrom(0, 0.5, 1, 1, 1, -2),
				quality: fc.constantFrom(192, 192, 192, 192, 64, 0),
			}),
		},
		{ weight: 4, arbitrary: fc.constant('tick' as const) },
		{ weight: 1, arbitrary: fc.constant('gap' as const) },
		{ weight: 1, arbitrary: fc.constant('rules' as const) },
	);
	const plans = fc.constantFrom<PlanInput[]>(
		{ chart: 't2', baseline: { points: 20 } },
		{ baseline: { centre: 0, sigma: 1 }, expect: '2s' },
		{ baseline: { points: 20 } },
	);

	it('a restored state goes on with the same verdicts, byte for byte', () =>
		fc.assert(
			fc.property(
				entries,
				plans,
				fc.array(step, { minLength: 30, maxLength: 110 }),
				fc.nat(5),
				(given, plan, steps, every) => {
					const used = given.filter(({ stream }, i) => given.findIndex((one) => one.stream === stream) === i);
					let clock = 10;
					const times = [0, 0, 0, 0];
					const first = [rules(...used), ...all, declare(4, plan), declare(5, { baseline: { points: 20 } })];
					const inputs = first.concat(
						steps.map((one) => {
							if (one === 'tick') return tick(clock++);
							if (one === 'gap') return gap(1, times[1]!, (times[1]! += 0.1));
							if (one === 'rules') return rules(...used.slice(0, Math.ceil(used.length / 2)));
							times[one.stream]! += one.after;
							return rows([point(one.stream, 100 + times[one.stream]!, one.v, one.quality as 192)]);
						}),
					);
					const straight = written(evaluateEach(inputs));
					const kept = createKept();
					const found: string[] = [];
					for (let at = 0; at < inputs.length;) {
						const { evaluator, position } = kept.restored();
						expect(position).toBe(at);
						const some = inputs.slice(at, at + every + 1);
						found.push(...written(evaluateEach(some, evaluator, at + 1), at + 1));
						at += some.length;
						const capture = beginCapture(evaluator.state, at);
						capture.step(Infinity);
						kept.put(capture);
					}
					expect(found).toEqual(straight);
				},
			),
			{ numRuns: 25 },
		));

	it('has the same points however the inputs are woven together', () =>
		fc.assert(
			fc.property(fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (turns) => {
				const [x, y] = [normals(30, 1), normals(30, 2)];
				const queues = [
					x.map((v, i) => rows([point(1, i, v)])),
					y.map((v, i) => rows([point(2, i + (i % 3) / 10, v)])),
				];
				const woven = turns.flatMap((turn) => queues[turn ? 0 : 1]!.splice(0, 1)).concat(...queues);
				const entry = { stream: 'a/d', value: 'x - y', hold: '2s' };
				const before = [rules(entry), ...all, declare(OUT)];
				const straight = evaluate([
					...before,
					...x.flatMap((v, i) => [rows([point(1, i, v)]), rows([point(2, i + (i % 3) / 10, y[i]!)])]),
				]);
				expect(pointsOf(evaluate([...before, ...woven]))).toEqual(pointsOf(straight));
			}),
		));
	it('judges what it computes', () => {
		const up = Array.from({ length: 9 }, (_, i) => rows([point(1, i + 1, 1)]));
		const verdicts = evaluate([
			...[rules({ stream: 'a/d', value: 'x / 2' }), declare(1, { baseline: { centre: 1, sigma: 9 } })],
			...[declare(OUT, { baseline: { centre: 0, sigma: 1 }, rules: [2] }), ...up],
		]);
		expect(signalsOf(verdicts)).toEqual(['9 i 2 above']);
	});
});
