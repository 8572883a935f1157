import { encodeCommand, type Command } from '#contracts/command.ts';
import type { ExportedPoint } from '#contracts/export.ts';
import type { Quality } from '#contracts/point.ts';
import { encodeRowsRecord } from '#contracts/rows.ts';
import type { Stream } from '#contracts/stream.ts';
import type { Verdict } from '#contracts/verdict.ts';
import { createEvaluator } from '../evaluator.ts';
import type { PlottedWindow } from '../port.ts';
import { createView } from '../view.ts';
import { isJudged, type Beginning } from './beginning.ts';

const STREAM = 1;
const POINTS_PER_RECORD = 5000;

export interface Rejudged {
	/** What these points led to; after each of them a caller may let others have their turn. */
	readonly verdicts: Iterable<readonly Verdict[]>;
	/** What has been plotted so far, of each chart. */
	windows(): readonly PlottedWindow[];
}

/**
 * Judges points of the past by the engine that judges live ones: the records that the hub's journal would have had, in
 * their order. What hangs on the time of the server (no data) is left out.
 *
 * @param of `windowPoints`: of each chart so many plotted points are remembered; `gaps` in microseconds, oldest first
 */
export function rejudge(of: {
	readonly stream: Omit<Stream, 'id'>;
	readonly points: Iterable<ExportedPoint>;
	readonly gaps: readonly (readonly [from: number, to: number, reason: string])[];
	readonly beginning: Pick<Beginning, 'phases' | 'fromMicros'>;
	readonly windowPoints?: number;
}): Rejudged {
	const evaluator = createEvaluator(of.windowPoints === undefined ? {} : { windowPoints: of.windowPoints });
	const view = createView(evaluator.state);
	return { verdicts: verdictsOf(of, evaluator), windows: () => view.windows(STREAM) };
}

function* verdictsOf(
	{ stream, points, gaps, beginning: { phases, fromMicros } }: Parameters<typeof rejudge>[0],
	evaluator: ReturnType<typeof createEvaluator>,
): Generator<readonly Verdict[]> {
	let seq = 0;
	const run = (topic: 'points' | 'commands', bytes: Uint8Array) => evaluator.evaluate({ topic, bytes, seq: ++seq });
	const tell = (command: Command) => run('commands', encodeCommand(command));
	let held: { stream: number; tMicros: number; v: number; quality: Quality }[] = [];
	const flush = () => {
		const rows = held;
		held = [];
		return rows.length === 0 ? [] : run('points', encodeRowsRecord(rows, { receivedMicros: 0, historical: true }));
	};
	let phase = 0;
	let gap = 0;
	for (const [tMicros, v, quality, flags] of points) {
		if (!isJudged(flags) || (phases.length > 1 && tMicros < fromMicros)) continue;
		for (; phase < phases.length && (phases[phase]?.fromMicros ?? Infinity) <= tMicros; phase++) {
			yield flush();
			const { plan } = phases[phase]!;
			yield tell({ type: 'stream', stream: { ...stream, id: STREAM }, plan, planRevision: phase + 1 });
		}
		if (phase === 0) continue;
		for (; (gaps[gap]?.[0] ?? Infinity) < tMicros; gap++) {
			const [from, to, reason] = gaps[gap]!;
			yield flush();
			yield tell({ type: 'gap', streamId: STREAM, fromMicros: from, toMicros: to, reason });
		}
		held.push({ stream: STREAM, tMicros, v, quality: quality as Quality });
		if (held.length >= POINTS_PER_RECORD) yield flush();
	}
	yield flush();
}
