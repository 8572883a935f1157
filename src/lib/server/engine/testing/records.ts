import { encodeCommand, type Command } from '#contracts/command.ts';
import { planSchema, type PlanInput } from '#contracts/plan.ts';
import { encodeRowsRecord, type Row } from '#contracts/rows.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import { encodeVerdicts, type Verdict } from '#contracts/verdict.ts';
import type { Episode } from '#contracts/violation.ts';
import { createNormal } from '#rules/testing/random.ts';
import type { JournalRecord } from '#server/journal/port.ts';
import { createEvaluator, type Evaluator } from '../evaluator.ts';

/** Inputs of a test, in journal order. */
export type Input = Pick<JournalRecord, 'topic' | 'bytes'>;

const command = (of: Command): Input => ({ topic: 'commands', bytes: encodeCommand(of) });

/** A stream with its plan. */
export function declare(id: number, plan: PlanInput = {}, { unit = 'bar', revision = 1 } = {}): Input {
	const stream = { id, site: 'a', key: `k/${id}`, labels: {}, asset: 'k', kind: 'machine', unit } as const;
	return command({ type: 'stream', stream, plan: planSchema.parse(plan), planRevision: revision });
}

export const tick = (second: number): Input => command({ type: 'tick', tMicros: second * MICROS_PER_SECOND });

export const gap = (streamId: number, from: number, to: number): Input =>
	command({
		type: 'gap',
		streamId,
		fromMicros: from * MICROS_PER_SECOND,
		toMicros: to * MICROS_PER_SECOND,
		reason: 'disconnected',
	});

/** One record of rows. */
export function rows(of: readonly Row[], { historical = false } = {}): Input {
	return { topic: 'points', bytes: encodeRowsRecord(of, { receivedMicros: 0, historical }) };
}

/** Points of stream 1, one a second from `from` on, in one record. */
export function points(
	values: readonly number[],
	from = 0,
	more: { quality?: 0 | 64 | 192; historical?: boolean } = {},
) {
	const of = values.map((v, i) => ({
		stream: 1,
		tMicros: (from + i) * MICROS_PER_SECOND,
		v,
		quality: more.quality ?? 192,
	}));
	return rows(of, more);
}

/** Evaluates inputs as records 1, 2, … @returns one list of verdicts per input */
export function evaluateEach(inputs: readonly Input[], evaluator: Evaluator = createEvaluator(), firstSeq = 1) {
	return inputs.map((input, i) => evaluator.evaluate({ ...input, seq: firstSeq + i }));
}

export function evaluate(inputs: readonly Input[], evaluator?: Evaluator): readonly Verdict[] {
	return evaluateEach(inputs, evaluator).flat();
}

/** The bytes that an engine would write for each input, as Latin-1. */
export function written(verdicts: readonly (readonly Verdict[])[], firstSeq = 1): readonly string[] {
	return verdicts.map((of, i) =>
		of.length === 0 ? '' : Buffer.from(encodeVerdicts({ inputSeq: firstSeq + i, verdicts: of })).toString('latin1'),
	);
}

/** The last content of every episode, in order of opening. */
export function episodesOf(verdicts: readonly Verdict[]): readonly Episode[] {
	const found = new Map<string, Episode>();
	for (const verdict of verdicts) if ('episode' in verdict) found.set(verdict.episode.id, verdict.episode);
	return [...found.values()];
}

/** Second, chart and rule of each signal outside a baseline: `10 i 1 above`. */
export function signalsOf(verdicts: readonly Verdict[], { baseline = false } = {}): readonly string[] {
	return verdicts.flatMap((verdict) => {
		if (verdict.type !== 'signal' || verdict.signal.baseline !== baseline) return [];
		const { tMicros, chart, rule, side } = verdict.signal;
		return [`${tMicros / MICROS_PER_SECOND} ${chart} ${rule} ${side}`];
	});
}

export const seconds = (micros: number | null) => (micros === null ? null : micros / MICROS_PER_SECOND);

/** Standard normal values, the same on every machine. */
export function normals(count: number, seed = 1): readonly number[] {
	return Array.from({ length: count }, createNormal(seed));
}
