import type { LlmCharacteristicName } from '#contracts/llm.ts';
import type { LlmCall } from '#contracts/llm-call.ts';
import { QUALITY, type Quality } from '#contracts/point.ts';

/** One value of one characteristic, at the time at which it was known. */
export interface CallObservation {
	readonly name: LlmCharacteristicName;
	readonly atMicros: number;
	readonly v: number;
	readonly quality: Quality;
}

/**
 * What a call tells; what it does not is no point. A call that its client gave up tells how fast its beginning was and no more: that
 * it has no end is nobody's failure.
 *
 * Of a call that ran into a deadline the latency is at least this long: a point of uncertain quality, which plans do not judge
 * unless they say so, and the failure stands in `error`.
 */
export function observationsOfCall(call: LlmCall): CallObservation[] {
	const { errorClass, endedMicros, firstTokenMicros } = call;
	const end = (name: LlmCharacteristicName, v: number | null) => known(name, v, endedMicros);
	const early = [
		// Known a little sooner; but no two calls share these times.
		...known('ttfc_ms', call.ttfcMs, firstTokenMicros ?? endedMicros),
		...known('ttft_ms', call.ttftMs, firstTokenMicros ?? endedMicros),
		...end('connect_ms', call.connectMs),
		...end('queue_ms', call.queueMs),
	];
	if (errorClass === 'client_abort') return early;
	return [
		...early,
		...whole(call).flatMap(([name, v]) => end(name, v)),
		...end('error', errorClass === null ? 0 : 1),
		...censored(call),
		...(errorClass === null && call.passed !== null ? end('pass', call.passed ? 1 : 0) : []),
	];
}

function known(name: LlmCharacteristicName, v: number | null, atMicros: number): CallObservation[] {
	return v === null ? [] : [{ name, v, atMicros: Math.round(atMicros), quality: QUALITY.good }];
}

/** Latencies of a whole answer only: a failure is quick and no achievement. What was used is paid for however it ended. */
function whole(call: LlmCall): (readonly [LlmCharacteristicName, number | null])[] {
	const used = [
		['input_tokens', call.inputTokens],
		['output_tokens', call.outputTokens],
		['cached_tokens', call.cachedTokens],
		['reasoning_tokens', call.reasoningTokens],
		['cost_usd', call.costUsd],
		['cost_per_1k_usd', costPerThousand(call)],
	] as const;
	if (!isWhole(call)) return [...used];
	return [
		['tpot_ms', call.tpotMs],
		['chunk_gap_p95_ms', call.chunkGapP95Ms],
		['output_tps', call.tpotMs === null || call.tpotMs === 0 ? null : 1000 / call.tpotMs],
		['total_ms', call.totalMs],
		['server_ms', call.serverMs],
		['load_ms', call.loadMs],
		...used,
	];
}

/** A filtered answer took as long as it took. */
function isWhole({ errorClass }: LlmCall): boolean {
	return errorClass === null || errorClass === 'content_filter';
}

function censored(call: LlmCall): CallObservation[] {
	const { errorClass, totalMs, endedMicros: atMicros } = call;
	if (!errorClass?.startsWith('timeout_') || totalMs === null) return [];
	const bound = { v: totalMs, atMicros, quality: QUALITY.uncertain } as const;
	return [
		...(call.ttftMs === null ? [{ name: 'ttft_ms', ...bound } as const] : []),
		{ name: 'total_ms', ...bound } as const,
	];
}

/** USD per 1,000 tokens, in and out together. */
function costPerThousand({ costUsd, inputTokens, outputTokens }: LlmCall): number | null {
	if (costUsd === null || inputTokens === null || outputTokens === null) return null;
	const all = inputTokens + outputTokens;
	return all === 0 ? null : (1000 * costUsd) / all;
}

/**
 * Milliseconds per token after the first, where the numbers allow it.
 *
 * Reasoning that was not shown came before the first token, and from outside nobody can tell: with reasoning there is no such number
 * unless who measured gives one.
 */
export function tpotOf(call: Pick<LlmCall, 'ttftMs' | 'totalMs' | 'outputTokens' | 'reasoningTokens'>): number | null {
	const { ttftMs, totalMs, outputTokens, reasoningTokens } = call;
	if (ttftMs === null || totalMs === null || outputTokens === null || (reasoningTokens ?? 0) > 0) return null;
	return outputTokens >= 2 && totalMs > ttftMs ? (totalMs - ttftMs) / (outputTokens - 1) : null;
}
