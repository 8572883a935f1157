import { isDocumentKind } from '#contracts/collect.ts';
import type { SpoolItems, UnsealedItem } from './spool-items.ts';
import { gapsInstead, hull, parseGaps, partCount, type Part } from './spool-part.ts';

const FULL = 'dropped: the queue was full';

/**
 * What a full queue gives up. Only what has no number yet may go; all that goes at one end becomes one item of gaps,
 * one gap per stream, that grows. So an outage of days leaves as many gaps as there are streams.
 */
export interface Dropping {
	/** Gives up the oldest items, at least one and about this much. @returns false when there is none that may go */
	oldest(bytes: number): boolean;
	/** Keeps this part out. */
	newest(part: Part): void;
	/** Points and documents given up so far. */
	points(): number;
}

export function createDropping(items: SpoolItems): Dropping {
	let points = 0;
	const count = (part: Part) => (points += part.kind === 'gaps' ? 0 : partCount(part));

	return {
		oldest(bytes) {
			const first = items.unsealedAt('first');
			if (!first) return false;
			const known = first.dropped === 1 ? parseGaps(first.body) : [];
			const gone = first.dropped === 1 ? [] : [first];
			let freed = first.dropped === 1 ? 0 : first.body.length;
			for (let last = first; freed < bytes; freed += last.body.length) {
				const next = items.unsealedAt('first', last.id);
				if (!next) break;
				gone.push(next);
				last = next;
			}
			if (gone.length === 0) return false;
			gone.map(partOf).forEach(count);
			const gaps = hull([...known, ...gone.flatMap((item) => gapsInstead(partOf(item), FULL))], FULL);
			if (gaps.length > 0) items.replace(first, gaps);
			for (const item of gone) if (item.id !== first.id || gaps.length === 0) items.removeUnsealed(item);
			return true;
		},
		newest(part) {
			const last = items.unsealedAt('last');
			count(part);
			if (isDocumentKind(part.kind)) return;
			if (last?.dropped === 1)
				return items.replace(last, hull([...parseGaps(last.body), ...gapsInstead(part, FULL)], FULL));
			items.insert({ kind: 'gaps', gaps: gapsInstead(part, FULL) }, 1);
		},
		points: () => points,
	};
}

function partOf(item: UnsealedItem): Part {
	const { kind, body, count } = item;
	if (isDocumentKind(kind)) return { kind, body, count };
	return kind === 'rows' ? { kind, body, historical: false } : { kind, gaps: parseGaps(body) };
}
