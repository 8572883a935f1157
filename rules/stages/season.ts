import { seasonAt, type Season } from '../shape/season.ts';
import type { Stage } from './stage.ts';

/** Takes the pattern of the day off; remembers nothing. `null` = no pattern. */
export function createSeason(): Stage<Season | null> {
	const seasons: (Season | null)[] = [];
	return {
		set(slot, season) {
			seasons[slot] = season;
		},
		push(slot, value, tMicros) {
			const season = seasons[slot];
			return season ? value - seasonAt(season, tMicros / 1000) : value;
		},
		reset() {},
		grow() {},
		snapshot: () => [],
		restore() {},
	};
}
