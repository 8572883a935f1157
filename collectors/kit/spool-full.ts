import type { SpoolItems, UnsealedItem } from './spool-items.ts';
import { gapsInstead, hull, parseGaps, partCount, type Part } from './spool-part.ts';

const FULL = 'dropped: the queue was full';

/**
 * What a full queue gives up. Only what has no number yet may go; all that goes at one end becomes one item of gaps,
 * one gap per stream, that grows. So an outage of days leaves as many gaps as there are streams.
 */
export interface Dropping {
	/** Gives up the oldest item. @returns false when there is none that may go */
	oldest(): boolean;
	/** Keeps this part out. */
	newest(part: Part): void;
	/** Points given up so far. */
	points(): number;
}

export function createDropping(items: SpoolItems): Dropping {
	let points = 0;
	const count = (part: Part) => (points += part.kind === 'rows' ? partCount(part) : 0);

	function intoGaps(item: UnsealedItem, part: Part): void {
		count(part);
		items.replace(item, hull([...parseGaps(item.body), ...gapsInstead(part, FULL)], FULL));
	}

	return {
		oldest() {
			const first = items.unsealedAt('first');
			if (!first) return false;
			if (first.dropped === 0) {
				count(partOf(first));
				items.replace(first, gapsInstead(partOf(first), FULL));
				return true;
			}
			const second = items.unsealedAt('first', 1);
			if (!second) return false;
			intoGaps(first, partOf(second));
			items.removeUnsealed(second);
			return true;
		},
		newest(part) {
			const last = items.unsealedAt('last');
			if (last?.dropped === 1) return intoGaps(last, part);
			count(part);
			items.insert({ kind: 'gaps', gaps: gapsInstead(part, FULL) }, 1);
		},
		points: () => points,
	};
}

function partOf(item: UnsealedItem): Part {
	return item.kind === 'rows'
		? { kind: 'rows', body: item.body, historical: false }
		: { kind: 'gaps', gaps: parseGaps(item.body) };
}
