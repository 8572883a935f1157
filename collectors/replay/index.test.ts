import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatTime, parseTime } from '#contracts/time.ts';
import { record } from '../kit/testing/collect-all.ts';
import { createManualClock } from '../kit/testing/manual-clock.ts';
import { replay } from './index.ts';

let folder: string;
let file: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'replay-'));
	file = join(folder, 'data.csv');
});
afterEach(() => rmSync(folder, { recursive: true }));

const START = '2024-05-01T12:00:00Z';

/** Replays a text; times come back as text, places without the folder. */
async function f(text: string, options: object = {}, run: Parameters<typeof record>[1] = {}) {
	if (text !== '') writeFileSync(file, text);
	const clock = createManualClock(parseTime(START));
	const collector = replay.create(
		{ file, stream: 'lab/temperature', speed: 'max', ...options },
		{ name: 'history', log: pino({ level: 'silent' }), clock, random: () => 0, folder: '', onReached() {} },
	);
	const recording = await record(collector, run);
	const here = (message: string) => message.replaceAll(`${folder}/`, '');
	return {
		points: recording.points().map(({ tMicros, v }) => [formatTime(tMicros), v]),
		gaps: recording
			.gaps()
			.map(({ fromMicros, toMicros, reason }) => [formatTime(fromMicros), formatTime(toMicros), here(reason)]),
		faults: recording.faults.map(here),
		recording,
		clock,
	};
}

const lines = (...rows: string[]) => `timestamp,value\n${rows.join('\n')}\n`;

describe('a replay', () => {
	it('emits the rows with their own times, as history', async () => {
		const { points, recording } = await f(lines('2013-12-02 21:15:00,73.5', '2013-12-02 21:20:00,-1e2'));
		expect(points).toEqual([['2013-12-02T21:15:00Z', 73.5], ['2013-12-02T21:20:00Z', -100]]); // prettier-ignore
		expect([recording.streams, recording.emissions[0]?.historical]).toEqual([['lab/temperature {}'], true]);
	});

	it('has several columns, each a stream, and a gap where one of them has no value', async () => {
		const text =
			'timestamp,t,p\n2013-12-02 21:15:00,1,10\n2013-12-02 21:16:00,,11\n2013-12-02 21:17:00,3,x\n2013-12-02 21:18,4\n2013-12-02 21:19,5,12\n';
		const options = { stream: 'lab', values: { temperature: 't', pressure: { column: 'p', unit: 'bar' } } };
		const { recording, faults, gaps } = await f(text, options);
		const values = (stream: number) => recording.points().flatMap((one) => (one.stream === stream ? [one.v] : []));
		expect([recording.streams, values(0), values(1)]).toEqual([
			['lab/temperature {}', 'lab/pressure {}'],
			[1, 3, 5],
			[10, 11, 12],
		]);
		expect(faults).toEqual(['data.csv:4: "x" is no number', 'data.csv:5: 2 columns, the header has 3']);
		// One for each hole, and for the row that cannot be read one for each stream.
		expect(gaps.map(([, , reason]) => reason)).toEqual([
			'data.csv:3: no value',
			'data.csv:4: "x" is no number',
			...Array<string>(2).fill('data.csv:5: 2 columns, the header has 3'),
		]);
	});

	it('begins again at its end where it is told to, in the pace of its rows', async () => {
		const text = lines('2013-12-02 21:15:00,1', '2013-12-02 21:15:10,2', '2013-12-02 21:15:20,3');
		const enough = (recording: { points(): unknown[] }) => recording.points().length >= 7;
		const { points } = await f(text, { as: 'now', speed: 10, loop: true }, { enough });
		const seconds = points.map(([t, v]) => [(parseTime(String(t))! - parseTime(START)!) / 1e6, v]);
		expect(seconds.slice(0, 7)).toEqual([1, 2, 3, 1, 2, 3, 1].map((v, i) => [i, v]));
	});

	it('finds its columns by name, among others, quoted, with a byte order mark and Windows line ends', async () => {
		const text = '\ufeff"note","reading","when"\r\n"a, ""b""",5,2013-12-02 21:15:00\r\n,6,2013-12-02 21:16:00\r\n';
		const { points } = await f(text, { time: 'when', value: 'reading' });
		expect(points).toEqual([['2013-12-02T21:15:00Z', 5], ['2013-12-02T21:16:00Z', 6]]); // prettier-ignore
	});

	it('reads a file of Central Europe', async () => {
		const options = { delimiter: ';', decimal: ',', timezone: 'Europe/Berlin' };
		const { points } = await f('timestamp;value\n2013-12-02 21:15:00;73,5', options);
		expect(points).toEqual([['2013-12-02T20:15:00Z', 73.5]]);
	});

	it('makes a gap of an empty value, which is nobody’s fault', async () => {
		const { gaps, faults } = await f(lines('2013-12-02,', '2013-12-03,NaN'));
		expect([gaps.map((gap) => gap[2]), faults]).toEqual([['data.csv:2: no value', 'data.csv:3: no value'], []]);
	});

	it('names the place of a value that is no number, and makes a gap of it', async () => {
		const { gaps, faults, points } = await f(lines('2013-12-02,1', '2013-12-03,0x1F', '2013-12-04,3'));
		expect(faults).toEqual(['data.csv:3: "0x1F" is no number']);
		expect(gaps).toEqual([['2013-12-03T00:00:00Z', '2013-12-03T00:00:00Z', faults[0]]]);
		expect(points).toHaveLength(2);
	});

	it('makes a gap between its neighbours of rows without a readable time', async () => {
		const { gaps, faults } = await f(lines('2013-12-02,1', 'soon,2', '2013-12-04,3,4', '', '2013-12-05,5'));
		expect(faults).toEqual(['data.csv:3: "soon" is no time', 'data.csv:4: 3 columns, the header has 2']);
		expect(gaps).toEqual([['2013-12-02T00:00:00Z', '2013-12-05T00:00:00Z', faults[0]]]);
	});

	it('loses one row to a quote that is never closed, not the rest of the file', async () => {
		const { points, faults } = await f(lines('2013-12-02,1', '"2013-12-03,2', '2013-12-04,3', '2013-12-05,4'));
		expect([points.length, faults]).toEqual([3, ['data.csv:3: a quote is opened and never closed']]);
	});

	it('refuses times that no clock shows', async () => {
		const { points, faults } = await f(lines('1969-01-01,1', '9999-01-01,2', '2013-01-01,3'));
		expect(points).toHaveLength(1);
		expect(faults).toEqual([
			expect.stringMatching(/^data.csv:2: time 1969-01-01T00:00:00Z is before 1971/),
			expect.stringMatching(/^data.csv:3: time 9999-01-01T00:00:00Z is more than five minutes ahead/),
		]);
	});

	it('says which columns there are when one is missing', async () =>
		await expect(f(lines('2013-12-02,1'), { value: 'Value' })).rejects.toThrow(
			'it has no column "Value"; set "value" to one of "timestamp", "value"',
		));

	it('waits for a file that is not there yet', async () =>
		await expect(f('')).rejects.toThrow(
			expect.objectContaining({ name: 'RetriableError', message: expect.stringContaining('put the file there') }),
		));

	it('needs a line with the names', async () =>
		await expect(f('\n')).rejects.toThrow('its first line must name the columns'));
});

describe('the pace of a replay', () => {
	const text = lines('2013-12-02 21:00:00,1', '2013-12-02 21:05:00,2', '2013-12-02 21:15:00,3');

	it('is that of the recording, at the chosen speed', async () => {
		const { clock, points } = await f(text, { speed: 60 });
		expect(clock.slept).toEqual([5000, 10_000]);
		expect(points[1]).toEqual(['2013-12-02T21:05:00Z', 2]);
	});

	it('gives the times of now when they are wanted, and that is no history', async () => {
		const { points, recording } = await f(text, { speed: 60, as: 'now' });
		expect(points.map(([t]) => t)).toEqual([START, '2024-05-01T12:00:05Z', '2024-05-01T12:00:15Z']);
		expect(recording.emissions.map((emission) => emission.historical)).not.toContain(true);
	});

	it('passes over rows that go back in time when it makes new times, and says so', async () => {
		const back = lines('2013-12-02 21:00:00,1', '2013-12-02 20:00:00,2', '2013-12-02 21:01:00,3');
		const { points, gaps, faults } = await f(back, { speed: 60, as: 'now' });
		expect(points.map(([, v]) => v)).toEqual([1, 3]);
		expect(faults).toEqual(['data.csv:3: its time is not after that of the row before']);
		expect(gaps).toEqual([[START, '2024-05-01T12:00:01Z', faults[0]]]);
	});

	it('has the holes of the recording, or closes them and passes over rows without a value', async () => {
		const minutes = [0, 1, 2, 3, 60, 61, 62, 63, 64, 3000, 3001];
		const rows = minutes.map((minute) => `${1_386_000_000 + 60 * minute},${minute === 62 ? '' : minute}`);
		const at = async (gaps: 'keep' | 'close') => {
			const { points, gaps: holes } = await f(lines(...rows), { speed: 60, as: 'now', gaps });
			return [points.map(([t]) => (parseTime(String(t))! - parseTime(START)!) / 1e6), holes.length];
		};
		expect(await at('keep')).toEqual([minutes.filter((minute) => minute !== 62), 1]);
		expect(await at('close')).toEqual([minutes.slice(1).map((_, i) => i), 0]);
	});

	it('closes no gap over a row that cannot be read', async () => {
		const rows = ['2013-12-02 21:00,1', '2013-12-02 21:01,2', '2013-12-02 21:02,x', '2013-12-02 21:03,4'];
		const { gaps } = await f(lines(...rows), { speed: 60, as: 'now', gaps: 'close' });
		expect(gaps.map(([, , reason]) => reason)).toEqual(['data.csv:4: "x" is no number']);
	});

	it('goes on at its speed after it was held up, instead of catching up at once', async () => {
		const rows = lines(...Array.from({ length: 5 }, (_, i) => `2013-12-02 21:00:0${i},${i}`));
		writeFileSync(file, rows);
		const clock = createManualClock(parseTime(START));
		const collector = replay.create(
			{ file, stream: 'a', speed: 1, as: 'now' },
			{ name: 'a', log: pino({ level: 'silent' }), clock, random: () => 0, folder: '', onReached() {} },
		);
		let held = false;
		const recording = await record(collector, {
			enough: (so) => {
				if (so.points().length === 2 && !held) {
					held = true;
					clock.now += 3600e6;
				}
				return false;
			},
		});
		const times = recording.points().map(({ tMicros }) => formatTime(tMicros).slice(11, 19));
		expect(times).toEqual(['12:00:00', '12:00:01', '13:00:01', '13:00:02', '13:00:03']);
	});
});

describe('a replay that was stopped', () => {
	const row = (i: number) => `${1_386_000_000 + i},${i % 7 === 3 ? '' : i % 11 === 5 ? 'x' : i}`;
	const text = lines(...Array.from({ length: 9000 }, (_, i) => row(i)));

	it('goes on at its cursor: nothing twice, nothing left out', async () => {
		const whole = await f(text);
		const emissions = [];
		let cursor: unknown;
		for (let part = 0; part < 10; part++) {
			const { recording } = await f(text, {}, { cursor, enough: () => true });
			if (recording.emissions.length === 0) break;
			emissions.push(...recording.emissions);
			cursor = recording.cursor();
		}
		const seen = (all: readonly { seen: readonly unknown[] }[]) => all.flatMap((emission) => emission.seen);
		expect(seen(emissions)).toEqual(seen(whole.recording.emissions));
		expect(emissions.length).toBeGreaterThan(4);
	});

	it('has nothing more to say when it had come to the end', async () => {
		const { recording } = await f(text);
		const again = await f(text, {}, { cursor: recording.cursor() });
		expect(again.recording.points()).toEqual([]);
	});

	it('goes on with what was added to the file', async () => {
		const { recording } = await f(lines('2013-12-02,1'));
		const again = await f(lines('2013-12-02,1', '2013-12-03,2'), {}, { cursor: recording.cursor() });
		expect(again.points).toEqual([['2013-12-03T00:00:00Z', 2]]);
	});

	it('begins anew with another file of that name', async () => {
		const { recording } = await f(lines('2013-12-02,1', '2013-12-03,2'));
		const again = await f('timestamp,value,note\n2014-01-01,5,', {}, { cursor: recording.cursor() });
		expect(again.points).toEqual([['2014-01-01T00:00:00Z', 5]]);
	});
});

describe('the options of a replay', () => {
	const f = (options: object) =>
		replay.schema.safeParse({ file: 'a.csv', stream: 'a', ...options }).error?.issues.map((issue) => issue.message);
	it('need no more than file and stream', () => expect(f({})).toBeUndefined());
	it('do not let points made anew share one time', () =>
		expect(f({ as: 'now', speed: 'max' })).toEqual([expect.stringContaining('as: now needs a number')]));
	it('do not move points that keep their own times', () =>
		expect(f({ gaps: 'close' })).toEqual([expect.stringContaining('close needs as: now')]));
	it('know time zones', () =>
		expect(f({ timezone: 'Mars/Olympus' })).toEqual([expect.stringContaining('Europe/Berlin')]));
	it('know no others', () => expect(f({ sped: 1 })).toEqual([expect.stringContaining('sped')]));
});

const NAB = '../shared/data/nab/machine_temperature_system_failure.csv';
describe.skipIf(!existsSync(NAB))(`the machine temperature of NAB (${NAB})`, () => {
	it('is replayed whole, with its own times', async () => {
		const { recording, faults } = await f('', { file: NAB });
		const points = recording.points();
		expect([points.length, faults, recording.gaps()]).toEqual([22_695, [], []]);
		expect([points[0], points.at(-1)].map((point) => formatTime(point?.tMicros ?? 0))).toEqual([
			'2013-12-02T21:15:00Z',
			'2014-02-19T15:25:00Z',
		]);
	});
});
