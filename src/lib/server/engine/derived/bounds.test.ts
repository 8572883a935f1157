import { describe, expect, it } from 'vitest';
import { createBounds, createZones } from './bounds.ts';

const HOUR = 3_600_000;
const zones = createZones();
const windows = (hours: number, { zone = 'Europe/Berlin', offset = 0 } = {}) =>
	createBounds({ ms: hours * HOUR, offsetMs: offset * HOUR, zone }, zones);
const micros = (time: string) => Date.parse(time) * 1000;
const hoursOf = (from: number, to: number) => (to - from) / 1000 / HOUR;

/** What a clock on the wall shows: hours since midnight. */
function wall(zone: string): (tMicros: number) => number {
	const format = new Intl.DateTimeFormat('en-GB', {
		timeZone: zone,
		hour: '2-digit',
		minute: '2-digit',
		hourCycle: 'h23',
	});
	return (tMicros) => {
		const [hour = 0, minute = 0] = format
			.format(tMicros / 1000)
			.split(':')
			.map(Number);
		return hour + minute / 60;
	};
}

describe('windows by the clocks of a zone', () => {
	const lengths = (from: string, hours: number, count: number, options = {}) => {
		const { endAfter } = windows(hours, options);
		let at = micros(from);
		return Array.from({ length: count }, () => hoursOf(at, (at = endAfter(at))));
	};
	const SHIFTS = { offset: 6 };
	it('are as long as always on a usual day', () =>
		expect(lengths('2026-02-01T05:00:00Z', 8, 4, SHIFTS)).toEqual([8, 8, 8, 8]));
	it('lose the hour that the clock is set forward, and begin when it shows their time', () =>
		expect(lengths('2026-03-28T05:00:00Z', 8, 6, SHIFTS)).toEqual([8, 8, 7, 8, 8, 8]));
	it('have one more where it is set back', () =>
		expect(lengths('2026-10-24T04:00:00Z', 8, 6, SHIFTS)).toEqual([8, 8, 9, 8, 8, 8]));
	it('of a day are 23 and 25 hours long then', () => {
		expect(lengths('2026-03-27T23:00:00Z', 24, 3)).toEqual([24, 23, 24]);
		expect(lengths('2026-10-23T22:00:00Z', 24, 3)).toEqual([24, 25, 24]);
		expect(lengths('2026-11-01T04:00:00Z', 24, 2, { zone: 'America/New_York' })).toEqual([25, 24]);
	});
	it('of an hour are 25 on the day of 25 hours, and 23 on that of 23', () => {
		expect(lengths('2026-10-24T22:00:00Z', 1, 25)).toEqual(Array(25).fill(1));
		expect(windows(24).endAfter(micros('2026-10-24T22:00:00Z'))).toBe(micros('2026-10-25T23:00:00Z'));
		expect(lengths('2026-03-28T23:00:00Z', 1, 23)).toEqual(Array(23).fill(1));
	});
	it('whose bound is skipped begin when the clock is set forward, and whose bound comes twice at its first time', () => {
		expect(lengths('2026-03-28T23:00:00Z', 2, 3)).toEqual([2, 1, 2]);
		expect(lengths('2026-10-24T22:00:00Z', 2, 3)).toEqual([2, 3, 2]);
	});
	it('are those of UTC where that is the zone', () => {
		const [named, unnamed] = [
			windows(8, { zone: 'UTC', offset: 6 }),
			createBounds({ ms: 8 * HOUR, offsetMs: 6 * HOUR }, zones),
		];
		for (let t = micros('2026-03-28T00:30:00Z'); t < micros('2026-04-02T00:00:00Z'); t += HOUR * 1000)
			expect([named.startOf(t), named.endAfter(t)]).toEqual([unnamed.startOf(t), unnamed.endAfter(t)]);
	});

	const KINDS = [
		[1, 0],
		[2, 0],
		[8, 6],
		[24, 0],
		[168, 102],
	] as const;
	it.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'])(
		'leave out no hour of a year and have none twice, in %s',
		(zone) => {
			const shows = wall(zone);
			/** Windows of this length that are not as long as usual. */
			const unusual = KINDS.map(([hours, offset]) => {
				const { startOf, endAfter } = windows(hours, { zone, offset });
				let end = startOf(micros('2026-01-01T12:00:00Z'));
				let [start, changes, wrong] = [end, 0, 0];
				for (let t = micros('2026-01-01T12:00:00Z'); t < micros('2027-01-01T12:00:00Z'); t += HOUR * 1000) {
					while (t >= end) {
						[start, end] = [end, endAfter(end)];
						expect([startOf(end), startOf(end - 1), endAfter(end - 1)]).toEqual([end, start, end]);
						if (hoursOf(start, end) !== hours) changes++;
						const isSetForward = (shows(end) - shows(end - 60e6) + 24) % 24 > 0.1;
						if (!isSetForward) expect((shows(end) - offset + 168) % Math.min(24, hours)).toBe(0);
					}
					if (startOf(t) !== start) wrong++;
				}
				expect(wrong).toBe(0);
				return changes;
			});
			// Of an hour in half an hour's change two are shorter or longer, where bounds are skipped one more.
			const want = { 'Asia/Kolkata': [0, 0, 0, 0, 0], 'Australia/Lord_Howe': [2, 2, 2, 2, 2] }[zone];
			expect(unusual).toEqual(want ?? [0, 2, 2, 2, 2]);
		},
	);
});
