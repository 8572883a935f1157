import type { LlmCall } from '#contracts/llm-call.ts';
import { keyPrefixOf, labelsOfCall } from './call.ts';

/** Of one target so many are remembered; calls that are further apart do not meet. */
const MOST_TIMES = 4096;
const MOST_TARGETS = 10_000;

/**
 * Gives each call of a target times of its own: a point is named by its stream and its time, and clocks of a millisecond make two
 * calls end at once. Moved by microseconds, which is far below what anybody measured.
 *
 * Forgets with a restart: then one of two calls on either side of it that ended in the same microsecond has no points.
 */
export function createCallTimes(): { apart(call: LlmCall): LlmCall } {
	const targets = new Map<string, Set<number>>();

	function timesOf(target: string): Set<number> {
		const known = targets.get(target);
		if (known && known.size < MOST_TIMES) return known;
		if (targets.size >= MOST_TARGETS) targets.clear();
		// The newest half stays: sets remember the order.
		const fresh = new Set([...(known ?? [])].slice(MOST_TIMES / 2));
		targets.set(target, fresh);
		return fresh;
	}

	return {
		apart(call) {
			const target = JSON.stringify([call.site, keyPrefixOf(call), labelsOfCall(call)]);
			const ended = free(timesOf(target), call.endedMicros);
			if (call.firstTokenMicros === null) return { ...call, endedMicros: ended };
			const first = free(timesOf(`${target} first`), call.firstTokenMicros);
			return { ...call, endedMicros: ended, firstTokenMicros: first };
		},
	};
}

function free(taken: Set<number>, wanted: number): number {
	let at = wanted;
	while (taken.has(at)) at++;
	taken.add(at);
	return at;
}
