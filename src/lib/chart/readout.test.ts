import { describe, expect, it } from 'vitest';
import { numberFormat } from '#lib/format/number.ts';
import { createRing } from '#lib/live/wire/ring.ts';
import { createClock } from './clock.ts';
import { gapReadout, readoutOf } from './readout.ts';

const segments = [{ fromMs: 1000, toMs: Infinity, centre: 10, sigma: 2, lcl: 4, ucl: 16 }];

function readout(point: { v: number; tMs?: number; signals?: number; flags?: number; quality?: number }) {
	const ring = createRing(4);
	ring.push({ tMs: 2000, signals: 0, flags: 0, quality: 192, ...point });
	const source = {
		series: { columns: ring.columns(), gaps: [], buckets: null, admit: 64 },
		segments,
		format: numberFormat(2),
		unit: '°C',
		zones: 'zones' as const,
		clock: createClock('utc'),
	};
	return readoutOf(source, 0);
}

describe('what is said about a point', () => {
	it('its value has the unit', () => expect(readout({ v: 11 })?.value).toBe('11.0\u00a0°C'));
	it('its place is a zone and a distance', () => expect(readout({ v: 15 })?.place).toBe('zone A above, +2.5 σ'));
	it('past the limit it says so', () => expect(readout({ v: 2 })?.place).toBe('beyond the limit, −4.0 σ'));
	it('before any limits it has no place', () => expect(readout({ v: 2, tMs: 10 })?.place).toBe(''));
	it('its rules are in words', () =>
		expect(readout({ v: 17, signals: 1 })?.rules).toEqual(['Rule 1: One point beyond 3 sigma']));
	it('a late one says that it was not judged', () =>
		expect(readout({ v: 1, flags: 1 })?.remarks).toEqual(['came late, not judged']));
	it('uncertain quality is said', () => expect(readout({ v: 1, quality: 64 })?.remarks).toEqual(['uncertain quality']));
	it('bad quality says that it was not judged, and has no place', () => {
		expect(readout({ v: 1, quality: 0 })?.remarks).toEqual(['bad quality, not judged']);
		expect(readout({ v: 1, quality: 0 })?.place).toBe('');
	});
	it('its time has milliseconds and the zone', () =>
		expect(readout({ v: 11, tMs: 2250 })?.time).toBe('1 Jan 1970, 00:00:02.250\u00a0UTC'));
	it('of no value nothing is said', () => expect(readout({ v: NaN })).toBeUndefined());
});

describe('what is said about a gap', () => {
	it('is how long and why', () => {
		const gap = gapReadout({ fromMs: 0, toMs: 90_000, reason: 'sensor unplugged' }, createClock('utc'));
		expect(gap.time).toBe('1 Jan 1970, 00:00:00\u00a0UTC to 00:01:30, 1 min');
		expect(gap.remarks).toEqual(['sensor unplugged']);
	});
});
