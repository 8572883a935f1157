import { describe, expect, it } from 'vitest';
import { planSchema, type PlanInput } from '#contracts/plan.ts';
import type { PointColumns } from '#contracts/point.ts';
import { createNormal } from '#rules/testing/random.ts';
import type { PlottedWindow } from '#server/engine/port.ts';
import { rejudge } from '#server/engine/rejudge/rejudge.ts';
import { replot } from '#server/engine/rejudge/replot.ts';
import type { ChartSources } from './charts.ts';
import { createGate } from './gate.ts';
import { plottedOf } from './plotted.ts';
import { thinnedWindow } from './thin-window.ts';

const COUNT = 3000;
const EVERY = 1_000_000;
const REMEMBERED = 40;
const stream = { id: 1, site: 'a', key: 'k', labels: {}, asset: 'k', kind: 'machine', unit: '' } as const;

function pointsOf(): PointColumns {
	const normal = createNormal(3);
	return {
		tMicros: Float64Array.from({ length: COUNT }, (_, i) => 1e15 + i * EVERY),
		v: Float64Array.from({ length: COUNT }, () => 20 + normal()),
		quality: new Uint8Array(COUNT).fill(192),
		flags: new Uint8Array(COUNT),
	};
}

/** All that a chart of this plan plots, and a store and an engine that know its points and the newest of that. */
async function scene(input: PlanInput, changed: (window: PlottedWindow) => PlottedWindow = (window) => window) {
	const plan = planSchema.parse(input);
	const points = pointsOf();
	const rows = Array.from({ length: COUNT }, (_, i) => [points.tMicros[i]!, points.v[i]!, 192, 0] as const);
	const beginning = { phases: [{ fromMicros: -Infinity, plan }], fromMicros: rows[0]![0] };
	const windowsOf = (windowPoints: number) => {
		const { verdicts, windows } = rejudge({ stream, points: rows, gaps: [], beginning, windowPoints });
		const limits = [...verdicts].flat().flatMap((one) => (one.type === 'limits' ? [one.limits] : []));
		return { windows: windows(), limits };
	};
	const { windows: all, limits } = windowsOf(COUNT);
	const sources = {
		store: { countPoints: async () => COUNT, points: async () => points, gaps: async () => [] },
		metadata: { limits: { of: async () => [] } },
		engine: { windows: () => windowsOf(REMEMBERED).windows.map(changed), limits: () => limits },
		gate: createGate(),
		replot,
	} as unknown as ChartSources;
	const of = { stream, plan, planRevision: 1 };
	const read = (fromMicros: number) =>
		plottedOf(sources, of as never, { fromMicros, toMicros: 2e15 }, AbortSignal.timeout(10_000));
	return { all, read };
}

describe('what a chart plotted before the engine remembers', () => {
	it.each<[string, PlanInput]>([
		['means', { chart: 'xbar-r', subgroup: { size: 5 } }],
		['EWMA', { chart: 'ewma' }],
		['CUSUM', { chart: 'cusum' }],
	])('is computed anew, to the bit: %s', async (_, plan) => {
		const { all, read } = await scene(plan);
		const { windows, isWhole } = await read(1e15);
		expect(isWhole).toBe(true);
		expect(windows.map(({ chart, v, tMicros, signals }) => ({ chart, v, tMicros, signals }))).toEqual(
			all.map(({ chart, v, tMicros, signals }) => ({ chart, v, tMicros, signals })),
		);
		expect(windows[0]!.v.length).toBeGreaterThan(REMEMBERED * 10);
	});
	it('is drawn by the extremes of its columns and whatever signals, where it is more than these', async () => {
		const { all } = await scene({ chart: 'ewma' });
		const [whole] = all;
		const range = { fromMicros: 1e15 + 500 * EVERY, toMicros: 2e15 };
		const { tMicros, v, signals } = thinnedWindow(whole!, range, 100);
		const inRange = whole!.v.slice(whole!.tMicros.findIndex((t) => t >= range.fromMicros));
		expect([Math.min(...v), Math.max(...v)]).toEqual([Math.min(...inRange), Math.max(...inRange)]);
		expect(v.length).toBeLessThan(200 + signals.filter((bits) => bits !== 0).length + 1);
		expect(tMicros).toEqual(tMicros.toSorted());
		const signalsOf = (window: { signals: Uint16Array; tMicros: Float64Array }) =>
			[...window.signals].flatMap((bits, i) =>
				bits && window.tMicros[i]! >= range.fromMicros ? [window.tMicros[i]] : [],
			);
		expect(signalsOf({ signals, tMicros })).toEqual(signalsOf(whole!));
	});
	it('is not asked for where what is remembered reaches', async () => {
		const { read } = await scene({ chart: 'xbar-r', subgroup: { size: 5 } });
		expect((await read(1e15 + (COUNT - 20) * EVERY)).windows[0]!.v.length).toBe(REMEMBERED);
	});
	it('is not believed where it comes to something else than what is remembered', async () => {
		const { read } = await scene({ chart: 'ewma' }, (window) => ({ ...window, v: window.v.map((v) => v + 1e-9) }));
		const { windows, isWhole } = await read(1e15);
		expect([isWhole, windows[0]!.v.length]).toEqual([false, REMEMBERED]);
	});
});
