import { createClock, type Clock, type Zone } from '#lib/chart/clock.ts';
import { readSetting, writeSetting } from './kept.ts';

const KEY = 'zone';

/** Whose clock charts show: the reader's own, or UTC for those who compare notes across zones. */
export interface TimeZone {
	readonly clock: Clock;
	choose(zone: Zone): void;
}

export function createTimeZone(): TimeZone {
	let clock = $state.raw(createClock(readSetting(KEY) === 'utc' ? 'utc' : 'local'));
	return {
		get clock() {
			return clock;
		},
		choose(zone) {
			clock = createClock(zone);
			writeSetting(KEY, zone);
		},
	};
}
