import type { Learning } from '#contracts/live.ts';
import type { ApiViolation } from '#contracts/api.ts';
import type { Standing } from '#lib/format/freshness.ts';
import { standingWords } from '#lib/format/state-words.ts';
import { violationWords } from '#lib/format/violation-words.ts';
import * as m from '#messages';

/** @returns how a stream stands in words: what was found in it, or how far it is with learning */
export function streamWords(
	{ active, learning }: { readonly active: readonly ApiViolation[]; readonly learning: Learning | undefined },
	standing: Standing,
): string {
	const words = standingWords(standing);
	if (standing === 'learning' && learning)
		return m.boards_learning({ words, some: learning.points, all: learning.wanted });
	if (standing !== 'violating') return words;
	const found = [...new Set(active.map(violationWords))];
	return found.length === 0 ? words : found.join(' · ');
}
