import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCommand } from '#contracts/command.ts';
import { derivedSchema } from '#contracts/derived.ts';
import { QUALITY } from '#contracts/point.ts';
import { evaluate, rows, type Input } from '#server/engine/testing/records.ts';
import { planSchema } from '#contracts/plan.ts';
import {
	cellDraws,
	countsAt,
	firstStep,
	IDEAL_CYCLE_S,
	isToolChange,
	stateAt,
	stepAfter,
	type Step,
} from './cell-life.ts';
import { cellStreams } from './cell-streams.ts';
import type { Sample } from './source.ts';

const HOUR = 3600e6;

function stepsOf(count: number, seed = 1): Step[] {
	const draws = cellDraws(seed, 0);
	const steps = [firstStep(draws)];
	while (steps.length < count) steps.push(stepAfter(draws, steps.at(-1)!));
	return steps;
}

describe('the life of a machining cell', () => {
	const steps = stepsOf(5000);
	const of = (stop: Step['stop']) => steps.filter((step) => step.stop === stop);
	const shareOf = (part: readonly Step[]) => part.filter((step) => step.part.isScrap).length / part.length;

	it('is one part after the other, and between them stops', () =>
		steps.slice(1).forEach((step, i) => expect(step.fromMicros).toBe(steps[i]!.untilMicros)));
	it('is as it was for the same seed, and another one for another', () => {
		expect(stepsOf(100)).toEqual(steps.slice(0, 100));
		expect(stepsOf(1, 2)[0]!.part).not.toEqual(steps[0]!.part);
	});
	it('wears each tool until it is changed or breaks, and then has a new one', () => {
		expect(new Set(steps.map(({ stop }) => stop))).toEqual(
			new Set(['none', 'waits', 'fault', 'tool worn', 'tool broken']),
		);
		steps.slice(1).forEach((step, i) => {
			const { tool } = steps[i]!;
			const parts = isToolChange(steps[i]!) ? 1 : tool.parts + 1;
			expect([step.tool.number, step.tool.parts]).toEqual([tool.number + Number(parts === 1), parts]);
		});
		const broken = of('tool broken').length / (of('tool broken').length + of('tool worn').length);
		expect(broken).toBeGreaterThan(0.1);
		expect(broken).toBeLessThan(0.35);
	});
	it('shows the wear in force, diameter and scrap, and the part of a tool that breaks is scrap', () => {
		const [fresh, worn] = [steps.filter(({ tool }) => tool.parts < 20), steps.filter(({ tool }) => tool.parts > 50)];
		const mean = (part: readonly Step[], v: (step: Step) => number) =>
			part.reduce((sum, step) => sum + v(step), 0) / part.length;
		for (const v of [
			(step: Step) => step.part.wearMm,
			(step: Step) => step.part.diameterMm,
			(step: Step) => step.part.kW * step.part.cycleS,
		])
			expect(mean(worn, v)).toBeGreaterThan(mean(fresh, v));
		expect(shareOf(worn)).toBeGreaterThan(2 * shareOf(fresh));
		expect(shareOf(of('tool broken'))).toBe(1);
	});
	it('makes no part faster than the ideal', () =>
		expect(steps.filter(({ part }) => part.cycleS < IDEAL_CYCLE_S)).toEqual([]));
	it('counts parts, scrap and energy without a jump where one part follows another', () =>
		steps.slice(1).forEach((step, i) => expect(countsAt(step, step.fromMicros)).toEqual(countsAt(steps[i]!, step.fromMicros)))); // prettier-ignore
	it('is down while a tool is broken, idle while it waits or changes one, running while it cuts', () => {
		const during = (stop: Step['stop']) => new Set(of(stop).map((step) => stateAt(step, step.endMicros)));
		expect([during('tool broken'), during('fault'), during('waits'), during('tool worn')].map(([state]) => state)).toEqual(
			['down', 'down', 'idle', 'idle'],
		); // prettier-ignore
		expect(new Set(steps.map((step) => stateAt(step, step.fromMicros)))).toEqual(new Set(['running']));
	});
});

const create = (seed = 1) => cellStreams({ asset: 'mill-1', everyMs: 1000, seed, number: 0 });

describe('the streams of a cell', () => {
	it('are the same in whatever pieces they are asked for, and after a restart', () =>
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: 900e6 }), { minLength: 1, maxLength: 8 }), (lengths) => {
				const ends = lengths.reduce<number[]>((all, length) => [...all, (all.at(-1) ?? -1) + length], []);
				const [whole, first] = [create(), create()];
				let from = -1;
				const pieces = ends.map((to, i) => {
					const cell = i % 2 === 0 ? first : create();
					const piece = [[...cell.between(from, to)], [...cell.events!(from, to)]] as const;
					from = to;
					return piece;
				});
				const perStream = (samples: readonly Sample[]) => Map.groupBy(samples, ({ stream }) => stream);
				expect(perStream(pieces.flatMap(([samples]) => samples))).toEqual(perStream([...whole.between(-1, from)]));
				expect(pieces.flatMap(([, events]) => events)).toEqual([...whole.events!(-1, from)]);
			}),
			{ numRuns: 8 },
		));
	it('only go forward', () => {
		const samples = Map.groupBy(create().between(-1, HOUR), ({ stream }) => stream);
		for (const times of samples.values())
			expect(times.every(({ atMicros }, i) => i === 0 || atMicros > times[i - 1]!.atMicros)).toBe(true);
		expect(samples.get(0)!.length).toBe(3600);
	});
	it('have an event for each tool, which says why the one before was taken out', () => {
		const events = [...create().events!(-1, 8 * HOUR)];
		expect(events.map(({ attributes }) => attributes['tool'])).toEqual(events.map((_, i) => i + 1));
		expect(events[0]).toEqual({
			kind: 'tool',
			title: 'Insert T1',
			asset: 'mill-1',
			atMicros: 0,
			attributes: { tool: 1 },
		});
		expect(new Set(events.slice(1).map(({ attributes }) => attributes['before']))).toEqual(
			new Set(['tool worn', 'tool broken']),
		);
	});
});

describe('OEE of a simulated cell', () => {
	const [window, oee] = [HOUR, ['oee', 'oee-availability', 'oee-performance', 'oee-quality']];
	const cell = create();
	const inputs = ['running', 'part_count', 'scrap_count'];
	const keys = [...inputs, ...oee].map((name) => `mill-1/${name}`);

	function computed(hours: number): Map<string, number>[] {
		const declared = keys.map((key, i): Input => {
			const stream = { id: i + 1, site: 's', key, labels: {}, asset: 'mill-1', kind: 'machine', unit: '' } as const;
			return { topic: 'commands', bytes: encodeCommand({ type: 'stream', stream, plan: planSchema.parse({}), planRevision: 1 }) }; // prettier-ignore
		});
		const entry = { running: 'running', parts: 'part_count', scrap: 'scrap_count', idealCycle: `${IDEAL_CYCLE_S}s` };
		const derived = derivedSchema.parse([{ stream: 'mill-*/oee', oee: entry }]);
		const ids = cell.streams.map(({ key }) => keys.indexOf(key) + 1);
		const points = [...cell.between(-1, hours * window + 1e6)].flatMap((sample) =>
			'v' in sample && ids[sample.stream]! > 0
				? [{ stream: ids[sample.stream]!, tMicros: sample.atMicros, v: sample.v, quality: QUALITY.good }]
				: [],
		);
		const commands: Input = { topic: 'commands', bytes: encodeCommand({ type: 'derived', rules: derived }) };
		const found = evaluate([commands, ...declared, rows(points.toSorted((a, b) => a.tMicros - b.tMicros))]).flatMap(
			(verdict) => (verdict.type === 'points' ? verdict.points : []),
		);
		const ends = [...new Set(found.map(({ tMicros }) => tMicros))];
		return ends.map((end) => new Map(found.flatMap(({ streamId, tMicros, v }) => (tMicros === end ? [[keys[streamId - 1]!, v]] : [])))); // prettier-ignore
	}

	it('is what its parts and stops come to, window by window', () => {
		const hours = 6;
		const steps = stepsOf(1500);
		const found = computed(hours);
		// Of the first window nobody has seen the beginning.
		expect(found.length).toBeGreaterThanOrEqual(hours - 1);
		found.slice(-(hours - 1)).forEach((values, i) => {
			const [from, to] = [(i + 1) * window, (i + 2) * window];
			const overlap = (step: Step) => Math.max(0, Math.min(step.endMicros, to) - Math.max(step.fromMicros, from));
			const running = steps.reduce((sum, step) => sum + overlap(step), 0);
			const done = steps.filter(({ endMicros }) => endMicros >= from && endMicros < to);
			const scrap = done.filter(({ part }) => part.isScrap).length;
			const want = [
				running / window,
				(IDEAL_CYCLE_S * 1e6 * done.length) / running,
				(done.length - scrap) / done.length,
			].map((share) => share * 100);
			const factors = oee.slice(1).map((name) => values.get(`mill-1/${name}`)!);
			// It is read once a second, so each change is seen up to a second late, and a part at a bound in the next window.
			want.forEach((v, factor) => expect(Math.abs(factors[factor]! - v)).toBeLessThan(1));
			expect(values.get('mill-1/oee')).toBeCloseTo(
				factors.reduce((product, v) => product * (v / 100), 100),
				6,
			);
			expect(values.get('mill-1/oee')).toBeGreaterThan(50);
			expect(values.get('mill-1/oee')).toBeLessThan(100);
		});
	});
});
