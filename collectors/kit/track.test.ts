import { describe, expect, it } from 'vitest';
import { isGap, type Emission } from './collector.ts';
import { createTracks, type Tracks } from './track.ts';

/** What is emitted by these steps on one stream: `t=v`, `from-to reason`. */
function told(steps: (tracks: Tracks, track: ReturnType<Tracks['open']>) => void, cursor?: unknown): string[] {
	const emissions: Emission[] = [];
	const tracks = createTracks({
		cursor: () => cursor,
		notes: () => new Map(),
		stream: () => 0,
		fault: () => {},
		async emit(emission) {
			emissions.push(emission);
		},
	});
	steps(tracks, tracks.open({ key: 'a' }));
	void tracks.flush(99);
	expect(emissions.at(-1)?.cursor).toEqual({ atMicros: 99 });
	return emissions
		.flatMap(({ seen }) => seen)
		.map((one) => (isGap(one) ? `${one.fromMicros}-${one.toMicros} ${one.reason}` : `${one.tMicros}=${one.v}`));
}

describe('a stream that is asked for', () => {
	const f = (steps: Parameters<typeof told>[0], want: string[], cursor?: unknown) =>
		expect(told(steps, cursor)).toEqual(want);
	it('has its values', () => f((_, a) => (a.point(1, 5, 192), a.point(2, 6, 192)), ['1=5', '2=6']));
	it('has a gap where there was none, told when it begins and as a stretch when it ends', () =>
		f(
			(_, a) => (a.point(1, 5, 192), a.none(2, 'bad'), a.none(3, 'worse'), a.point(4, 6, 192)),
			['1=5', '2-2 bad', '2-4 bad', '4=6'],
		));
	it('has a gap since the last value where nobody heard', () =>
		f((tracks, a) => (a.point(1, 5, 192), tracks.interrupt('away'), a.point(4, 6, 192)), ['1=5', '1-4 away', '4=6']));
	it('has no gap before its first value ever', () =>
		f((tracks, a) => (tracks.interrupt('away'), a.point(4, 6, 192)), ['4=6']));
	it('has a gap since the collector last wrote', () =>
		f((_, a) => a.point(9, 5, 192), ['3-9 the collector was not running', '9=5'], { atMicros: 3 }));
	it('has no gap towards the past', () =>
		f((tracks, a) => (a.point(9, 5, 192), tracks.interrupt('away'), a.point(4, 6, 192)), ['9=5', '4=6']));
	it('is one track for one declaration', () => f((tracks, a) => expect(tracks.open({ key: 'a' })).toBe(a), []));
});
