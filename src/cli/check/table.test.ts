import { describe, expect, it } from 'vitest';
import type { TrialReport, TrialStream } from '#contracts/trial.ts';
import { collectorSchema } from '#contracts/config.ts';
import { linesOf } from './table.ts';

const stream = (key: string, v?: number, more: Partial<TrialStream> = {}): TrialStream => ({
	...{ key, unit: '°C', labels: {}, noValue: null, points: v === undefined ? 0 : 1 },
	values: v === undefined ? [] : [{ tMicros: 1, v, quality: 192 }],
	...more,
});
const config = collectorSchema.parse({ name: 'cell', type: 'http-poll', url: 'http://cell/data?key=secret' });
const lines = (report: Partial<TrialReport>, isComplete = true) => {
	const whole = { reached: null, entries: [], streams: [], faults: [], error: null, isOver: false, ranMs: 9 };
	return linesOf({ config, report: { ...whole, ...report }, isComplete }, 10_000);
};
const entry = (i: number, streams: TrialStream[], faults: string[] = []) => ({
	...{ place: `values[${i}]`, name: `$.${i}`, streams, faults },
});
const reached = { what: 'the server has answered', afterMs: 12 };

describe('a source that was tried', () => {
	it('is a table of what came of each entry, without what its address asks for', () =>
		expect(
			lines({
				reached,
				entries: [entry(0, [stream('cell/a', 21.123456789)]), entry(1, [], ['$.1 is not in the answer']), entry(2, [])],
				faults: ['the clock is wrong'],
			}),
		).toEqual([
			'cell  http-poll  http://cell/data',
			'  ok    the server has answered, after 12 ms',
			'  ok    values[0]  cell/a  21.12346 °C  good',
			'  FAIL  values[1]  $.1                  $.1 is not in the answer',
			'  none  values[2]  $.2                  no value in 10 s (--wait waits longer)',
			'  !     the clock is wrong',
		]));
	it('that does not answer is one line with the cause', () =>
		expect(lines({ entries: [entry(0, [])], faults: ['nothing listens there'] }, false)).toEqual([
			'cell  http-poll  http://cell/data',
			'  FAIL  nothing listens there',
		]));
	it('shows what is missing before what is there, and not hundreds of lines', () => {
		const many = Array.from({ length: 40 }, (_, i) => stream(`cell/${i}`, i));
		const shown = lines({
			reached,
			entries: [entry(0, [...many, stream('cell/none', undefined, { noValue: 'bad' })])],
		});
		expect([shown.length, shown[2], shown.at(-1)]).toEqual([
			8,
			expect.stringMatching(/FAIL {2}values\[0\] {2}cell\/none .* bad$/),
			'  ok    values[0]  and 36 more',
		]);
	});
});
