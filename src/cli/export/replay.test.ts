import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toApiLimits } from '#contracts/api.ts';
import type { ExportedPoint, ExportedStreamFacts } from '#contracts/export.ts';
import type { PlanInput } from '#contracts/plan.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import { createNormal, createRandom } from '#rules/testing/random.ts';
import { declare, evaluate, gap, points } from '#server/engine/testing/records.ts';
import { lastJsonPoint, lastRow } from './last-point.ts';
import { replay } from './replay.ts';

const COUNT = 900;
const GAP_AT = 500;

function measuredValues(): number[] {
	const normal = createNormal(11);
	return Array.from({ length: COUNT }, (_, i) => 20 + normal() + (i > 700 ? 2 : 0) + (i % 190 === 180 ? 6 : 0));
}

/** What a hub would have judged and exported: values with shifts and spikes, and a gap in the midst. */
function exportOf(
	plan: PlanInput,
	values = measuredValues(),
): ExportedStreamFacts & { readonly points: readonly ExportedPoint[] } {
	const verdicts = evaluate([
		declare(1, plan),
		points(values.slice(0, GAP_AT)),
		gap(1, GAP_AT - 0.6, GAP_AT - 0.4),
		points(values.slice(GAP_AT), GAP_AT),
	]);
	return {
		...{ id: '1', name: 'k/1', key: 'k/1', labels: {}, site: 'a', asset: 'k', kind: 'machine', unit: 'bar' },
		...{ plan, planRevision: 1, violations: [] },
		limits: verdicts.flatMap((one) => (one.type === 'limits' ? [toApiLimits(one.limits)] : [])),
		gaps: [[(GAP_AT - 0.6) * MICROS_PER_SECOND, (GAP_AT - 0.4) * MICROS_PER_SECOND, 'disconnected']],
		signals: verdicts.flatMap((one) => {
			if (one.type !== 'signal') return [];
			const { tMicros: t, spanFromMicros: spanFrom, chart, rule, side, limitsId, baseline } = one.signal;
			return [{ t, spanFrom, chart, rule, side, limitsId, baseline }];
		}),
		points: values.map((v, i) => [i * MICROS_PER_SECOND, v, 192, 0]),
	};
}

describe('an export judged anew comes to the signals that were found live', () => {
	it.each<[string, PlanInput]>([
		['individuals by all rules', { rules: 'nelson' }],
		['means of five', { chart: 'xbar-r', subgroup: { size: 5 } }],
		['EWMA', { chart: 'ewma' }],
		['CUSUM', { chart: 'cusum' }],
		['a plan that was learnt', { chart: 'auto' }],
		['rules of one’s own', { rules: [{ name: 'far', beyond: 2.5 }] }],
		['given limits', { baseline: { centre: 20, sigma: 1 } }],
	])('%s', (_, plan) => {
		const answer = replay(exportOf(plan));
		expect([answer.judged, answer.missing, answer.more]).toEqual(['whole', [], []]);
		expect(answer.expected).toBeGreaterThan(3);
	});
	it.each<[string, PlanInput]>([
		['shares of ten', { chart: 'p', subgroup: { size: 10 }, baseline: { points: 30 } }],
		['numbers of ten', { chart: 'np', subgroup: { size: 10 }, baseline: { points: 30 } }],
		['shares with more spread than chance', { chart: 'p-prime', subgroup: { size: 10 }, baseline: { points: 30 } }],
		['rates of ten units', { chart: 'u', subgroup: { size: 10 }, baseline: { points: 30 } }],
		['counts', { chart: 'c' }],
	])('%s', (_, plan) => {
		const random = createRandom(5);
		const failures = Array.from({ length: COUNT }, (_, i) => (random() < (i > 700 ? 0.6 : 0.1) ? 1 : 0));
		const answer = replay(exportOf(plan, failures));
		expect([answer.judged, answer.missing, answer.more]).toEqual(['whole', [], []]);
		expect(answer.expected).toBeGreaterThan(3);
	});
	it('of a stretch that begins behind its baseline, by the limits of the export', () => {
		const whole = exportOf({ rules: 'nelson' });
		const answer = replay({ ...whole, points: whole.points.slice(300) });
		expect([answer.judged, answer.missing, answer.more]).toEqual(['limits', [], []]);
		expect(answer.expected).toBeGreaterThan(10);
	});
	it('says what it cannot judge from the midst', () => {
		const whole = exportOf({ chart: 'ewma' });
		expect(replay({ ...whole, points: whole.points.slice(300) })).toMatchObject({
			judged: 'not',
			note: expect.stringContaining('baseline'),
		});
	});
	it('tells a value that was changed', () => {
		const whole = exportOf({ rules: [1] });
		const changed = whole.points.map((point, i): ExportedPoint => (i === 300 ? [point[0], 99, 192, 0] : point));
		const { more } = replay({ ...whole, points: changed });
		expect(more.filter(({ t, chart }) => t === 300 * MICROS_PER_SECOND && chart === 'i')).toHaveLength(1);
	});
});

describe('where a broken download goes on', () => {
	const f = (text: string, after: string | undefined, kept: string) => {
		const folder = mkdtempSync(join(tmpdir(), 'rest-'));
		const file = join(folder, 'points.csv.partial');
		writeFileSync(file, text);
		expect(lastRow(file)).toBe(after);
		expect(readFileSync(file, 'utf8')).toBe(kept);
		rmSync(folder, { recursive: true });
	};
	const HEAD = 'stream_id,stream,time,value,quality,flags,signals\n';
	const ROW = '7,"a,""b""","2026-01-01T00:00:00.000001Z",1.5,192,0,"i:1"\n';
	it('behind the last whole row', () => f(`${HEAD}${ROW}7,"a","2026`, '7:1767225600000001', `${HEAD}${ROW}`));
	const fJson = (text: string, after: string | undefined, kept: string) => {
		const folder = mkdtempSync(join(tmpdir(), 'rest-'));
		const file = join(folder, 'points.json.partial');
		writeFileSync(file, text);
		expect([lastJsonPoint(file), readFileSync(file, 'utf8')]).toEqual([after, kept]);
		rmSync(folder, { recursive: true });
	};
	const START =
		'{\n "streams": [\n{"id":"7","name":"a","gaps":[[1,2,"x"]],\n"violations": [],\n"signals": [],\n"points": [\n';
	const SECOND =
		'],\n"pointsSha256": "0"},\n{"id":"9","name":"b",\n"violations": [\n{"id":"7","x":1}],\n"signals": [],\n"points": [';
	it('in JSON behind the last whole point', () => {
		fJson(`${START}[10,1.5,192,0],\n[20,1e-7,192,0],\n[30,1`, '7:20', `${START}[10,1.5,192,0],\n[20,1e-7,192,0]`);
		fJson(`${START}[-10,1.5,192,0],\n[20,`, '7:-10', `${START}[-10,1.5,192,0]`);
	});
	it('in JSON behind the last point of the stream before, where the next one has none yet', () =>
		fJson(`${START}[10,1.5,192,0],\n[20,2,192,0]${SECOND}`, '7:10', `${START}[10,1.5,192,0]`));
	it('in JSON in the stream that it is in, whatever its violations are called', () =>
		fJson(`${START}[10,1,192,0]${SECOND}\n[5,1,192,0],\n`, '9:5', `${START}[10,1,192,0]${SECOND}\n[5,1,192,0]`));
	it('in JSON from the beginning where there is no point', () => fJson(START, undefined, START));
	it('from the beginning where there is a head alone', () => f(HEAD, undefined, HEAD));
	it('from the beginning where there is nothing', () => f('stream_', undefined, ''));
});
