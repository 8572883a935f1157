import { describe, expect, it } from 'vitest';
import { isGap, type Emission } from '../kit/collector.ts';
import { createTracks, type Track } from '../kit/track.ts';
import { itemSchema } from './config.ts';
import { createLiveItem, type LiveItem } from './item.ts';
import type { Clocks } from './stamp.ts';

const MS = 1000;
const CLOCKS: Clocks = { timestamp: 'source', aheadMicros: 0 };
const T = 100_000 * MS;

/** Sessions with a server, one after the other: what is emitted, as `ms` of points and `from-to` of gaps. */
function told(sessions: readonly ((item: LiveItem) => void)[]): string[] {
	const emissions: Emission[] = [];
	const tracks = createTracks({
		cursor: () => undefined,
		notes: () => new Map(),
		stream: () => 0,
		fault: () => {},
		emit: async (emission) => void emissions.push(emission),
	});
	const item = itemSchema.parse({ node: 'ns=2;s=Steady', stream: 'steady', every: '50ms' });
	for (const session of sessions) {
		const track: Track = tracks.open({ key: 'steady' });
		session(createLiveItem({ node: 'ns=2;s=Steady', item, track, statusTrack: undefined, onFault: () => {} }));
		tracks.interrupt('no connection');
	}
	void tracks.flush(T);
	const ms = (micros: number) => String((micros - T) / MS);
	return emissions
		.flatMap(({ seen }) => seen)
		.map((one) => (isGap(one) ? `${ms(one.fromMicros)}-${ms(one.toMicros)}` : ms(one.tMicros)));
}

/** It says at `heardMs` what its source measured at `sourceMs`, and nothing else up to `untilMs`. */
const heard = (sourceMs: number, heardMs: number, untilMs: number) => (item: LiveItem) => {
	const micros = T + sourceMs * MS;
	const times = { sourceMicros: micros, serverMicros: micros };
	const value = { v: 5, quality: 192, status: 0, reason: '', text: undefined, array: undefined, isAfterLoss: false };
	item.take({ ...value, ...times } as Parameters<LiveItem['take']>[0], CLOCKS, T + heardMs * MS);
	item.settle(T + untilMs * MS);
};

describe('a value that does not change', () => {
	it('is one point per interval from when it was measured', () =>
		expect(told([heard(0, 100, 190)])).toEqual(['0', '50', '100', '150']));
	it('is of the present when it was measured long ago', () =>
		expect(told([heard(-60_000, 100, 190)])).toEqual(['100', '150']));
	it('is not held from one session to the next, also when its time is just before', () =>
		expect(told([heard(0, 100, 140), heard(0, 1500, 1590)])).toEqual(['0', '50', '100', '100-1500', '1500', '1550']));
	it('that changed between two sessions counts from its change on', () =>
		expect(told([heard(0, 100, 140), heard(1400, 1500, 1540)])).toEqual([
			...['0', '50', '100', '100-1400'],
			...['1400', '1450', '1500'],
		]));
});
