import { describe, expect, it } from 'vitest';
import { numberFormat } from '#lib/format/number.ts';
import { createClock } from './clock.ts';
import type { ChartFrame } from './control-chart.ts';
import { pointRows, pointsCsv } from './point-rows.ts';

const START = Date.UTC(2026, 0, 31, 12);

function frame(v: readonly number[], more: Partial<ChartFrame['series']> = {}): ChartFrame {
	const columns = {
		length: v.length,
		tMs: Float64Array.from(v, (_, i) => START + i * 1000 + 0.125),
		v: Float64Array.from(v),
		signals: Uint16Array.from(v, (value) => (value > 9 ? 1 : 0)),
		flags: new Uint8Array(v.length),
		quality: new Uint8Array(v.length).fill(192),
	};
	return {
		series: { columns, gaps: [], buckets: null, admit: 192, ...more },
		segments: [],
		range: { minMs: START, maxMs: START + v.length * 1000 },
		format: numberFormat(1),
		unit: '°C',
		clock: createClock('utc'),
		expectMs: undefined,
	};
}

describe('rows of the table', () => {
	const rows = (individuals: ChartFrame, ranges: ChartFrame, index = 0) =>
		pointRows(individuals, ranges, { index, size: 2 });
	it('are the newest first, with the range of the same point', () => {
		const [newest, older] = rows(frame([1, 2, 4]), frame([NaN, 1, 2]));
		expect([newest?.readout.value, newest?.second]).toEqual(['4.0\u00a0°C', '2.0']);
		expect(older?.readout.value).toBe('2.0\u00a0°C');
	});
	it('go on on the next page', () => {
		const second = rows(frame([1, 2, 4]), frame([NaN, 1, 2]), 1);
		expect(second.map((row) => [row.readout.value, row.second])).toEqual([['1.0\u00a0°C', '']]);
	});
	it('say where nothing was measured, and why', () => {
		const gaps = [{ fromMs: START + 1100, toMs: START + 1900, reason: 'unplugged' }];
		const [newest, gap, older] = rows(frame([1, 2, 4], { gaps }), frame([]));
		expect([newest?.kind, gap?.kind, older?.kind]).toEqual(['point', 'gap', 'point']);
		expect(gap?.readout.remarks).toEqual(['unplugged']);
	});
	it('name the rules of both charts', () => {
		const [newest] = rows(frame([1, 12]), frame([NaN, 11]));
		expect(newest?.readout.rules).toEqual(['Rule 1: One point beyond 3 sigma']);
		expect(newest?.secondRules).toBe('R1');
	});
});

describe('the points in view as CSV', () => {
	const csv = (values: ChartFrame, ranges: ChartFrame) =>
		pointsCsv({ name: 'value', frame: values }, { name: 'moving range', frame: ranges });
	it('of a stream with one chart have no columns of a second', () =>
		expect(pointsCsv({ name: 'count', frame: { ...frame([3]), unit: '' } }, undefined).split('\r\n')).toEqual([
			'time,count,quality,flags,rules',
			'2026-01-31T12:00:00.000125Z,3,192,0,',
			'',
		]));
	it('has values in full and times to the microsecond', () =>
		expect(csv(frame([1 / 3, 12]), frame([NaN, 11])).split('\r\n')).toEqual([
			'time,value (°C),moving range (°C),quality,flags,rules,moving range rules',
			'2026-01-31T12:00:00.000125Z,0.3333333333333333,,192,0,,',
			'2026-01-31T12:00:01.000125Z,12,11,192,0,R1,R1',
			'',
		]));
	it('of a thinned stretch says that it is one', () => {
		const column = Float64Array.of(7);
		const buckets = { widthMs: 1000, min: column, max: column, count: column, signals: column };
		expect(
			csv({ ...frame([7], { buckets }), unit: '' }, frame([]))
				.split('\r\n')
				.slice(0, 2),
		).toEqual(['bucket begins,bucket ms,mean,min,max,points,rules', '2026-01-31T11:59:59.500125Z,1000,7,7,7,7,']);
	});
	it('a unit cannot become a formula or another column', () =>
		expect(csv({ ...frame([]), unit: '1",2' }, frame([])).split('\r\n')[0]).toContain('"value (1"",2)"'));
});
