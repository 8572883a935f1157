import { createClock, type Clock, type Zone } from '#lib/chart/clock.ts';

/** Whose clock the charts of one page show: at first that of the settings, then what is chosen beside them. */
export interface TimeZone {
	readonly clock: Clock;
	choose(zone: Zone): void;
}

export function createTimeZone(first: Zone): TimeZone {
	let clock = $state.raw(createClock(first));
	return {
		get clock() {
			return clock;
		},
		choose(zone) {
			clock = createClock(zone);
		},
	};
}
