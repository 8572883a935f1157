import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ExportedPoint } from '#contracts/export.ts';
import type { Replot } from '../port.ts';
import { beginningOf, isJudged } from './beginning.ts';
import { rejudge } from './rejudge.ts';

/** What a stream's charts plotted, computed anew from its points: the engine remembers the newest only. */
export const replot: Replot = async ({ stream, plan, planRevision, limits, points, gaps }, signal) => {
	const { tMicros, v, quality, flags } = points;
	const first = tMicros.find((_, i) => isJudged(flags[i]!));
	const beginning = beginningOf({ plan, planRevision, limits, first });
	if (beginning.judged !== 'whole') return undefined;
	function* all(): Generator<ExportedPoint> {
		for (let i = 0; i < v.length; i++) yield [tMicros[i]!, v[i]!, quality[i]!, flags[i]!];
	}
	const { verdicts, windows } = rejudge({ stream, points: all(), gaps, beginning, windowPoints: v.length });
	for (const _ of verdicts) {
		signal.throwIfAborted();
		// What is live goes first.
		await nextTurn();
	}
	return windows();
};
