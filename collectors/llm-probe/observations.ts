import type { LlmCharacteristicName } from '#contracts/llm.ts';
import { QUALITY, type Quality } from '#contracts/point.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import type { MeasuredCall } from './call.ts';
import type { NamedCheck } from './checks.ts';

/** One value of one characteristic when it became known, or the reason why there is none. */
export type Observation = {
	readonly name: LlmCharacteristicName;
	/** Label `check` of the stream. */
	readonly check?: string | undefined;
	readonly atMicros: number;
} & ({ readonly v: number; readonly quality: Quality } | { readonly reason: string });

/** Latencies whose lack is worth a gap: no rule looks across a failed call. */
const LATENCIES = ['ttft_ms', 'total_ms', 'tpot_ms', 'chunk_gap_p95_ms', 'output_tps'] as const;

/**
 * What a call tells. What it does not is no point: never 0, never the value of something else.
 *
 * Of a call that ran into a deadline the latency is only known to be at least as long: it is a point of that length with uncertain
 * quality, which plans do not judge unless they say so, and the failure stands in `error`.
 */
export function observationsOf(
	call: MeasuredCall,
	{ costUsd, checks }: { readonly costUsd: number | null; readonly checks: readonly NamedCheck[] },
): Observation[] {
	if (call.errorClass === 'client_abort') return [];
	const { endedMicros, usage } = call;
	const end = (name: LlmCharacteristicName, v: number | null) => known(name, v, endedMicros);
	const sentMicros = call.startedMicros + (call.connectMs ?? 0) * MICROS_PER_MS;
	return [
		...known('connect_ms', call.connectMs, sentMicros),
		...known('ttfc_ms', call.ttfcMs, sentMicros + (call.ttfcMs ?? 0) * MICROS_PER_MS),
		...known('ttft_ms', call.ttftMs, call.firstTokenMicros ?? endedMicros),
		...end('tpot_ms', call.tpotMs),
		...end('chunk_gap_p95_ms', call.chunkGapP95Ms),
		...end('output_tps', call.outputTps),
		...end('total_ms', call.totalMs),
		...end('server_ms', call.serverMs),
		...end('queue_ms', call.queueMs),
		...end('load_ms', call.loadMs),
		...end('input_tokens', usage.inputTokens),
		...end('output_tokens', usage.outputTokens),
		...end('cached_tokens', usage.cachedTokens),
		...end('reasoning_tokens', usage.reasoningTokens),
		...end('cost_usd', costUsd),
		...end('error', call.errorClass === null ? 0 : 1),
		...missing(call),
		...passed(call, checks),
	];
}

function known(name: LlmCharacteristicName, v: number | null, atMicros: number): Observation[] {
	return v === null ? [] : [{ name, v, atMicros: Math.round(atMicros), quality: QUALITY.good }];
}

function missing(call: MeasuredCall): Observation[] {
	const { errorClass, errorText, censoredMs, endedMicros: atMicros } = call;
	if (errorClass === null || call.totalMs !== null) return [];
	const reason = `${errorClass}: ${errorText ?? ''}`;
	return LATENCIES.filter((name) => name !== 'ttft_ms' || call.ttftMs === null).map((name) => {
		const isBound = censoredMs !== null && (name === 'ttft_ms' || name === 'total_ms');
		return isBound ? { name, v: censoredMs, quality: QUALITY.uncertain, atMicros } : { name, reason, atMicros };
	});
}

/** Only a whole answer can be looked at; that there was none is said by `error`. */
function passed({ errorClass, text, endedMicros }: MeasuredCall, checks: readonly NamedCheck[]): Observation[] {
	if (errorClass !== null) return [];
	return checks.map(({ name: check, passes }) => ({
		name: 'pass',
		check,
		atMicros: endedMicros,
		v: passes(text) ? 1 : 0,
		quality: QUALITY.good,
	}));
}
