import type { PlanInput } from './plan.ts';
import type { Labels } from './stream.ts';

/** Why a call of a language model counts as failed. */
export const LLM_ERROR_CLASSES = [
	'timeout_first_token',
	'timeout_idle',
	'timeout_total',
	'rate_limited',
	'overloaded',
	'auth',
	'bad_request',
	'server',
	'network',
	'truncated',
	'content_filter',
	'client_abort',
] as const;
export type LlmErrorClass = (typeof LLM_ERROR_CLASSES)[number];

/**
 * Tokens in the sense of OpenTelemetry's semantic conventions: cached and cache-writing ones are part of the input, reasoning is
 * part of the output, whatever the provider's own way of counting. null = the provider did not say, never 0.
 */
export interface LlmUsage {
	readonly inputTokens: number | null;
	readonly outputTokens: number | null;
	readonly cachedTokens: number | null;
	readonly cacheWriteTokens: number | null;
	readonly reasoningTokens: number | null;
}

export const NO_USAGE: LlmUsage = {
	inputTokens: null,
	outputTokens: null,
	cachedTokens: null,
	cacheWriteTokens: null,
	reasoningTokens: null,
};

export interface LlmCharacteristic {
	readonly unit: string;
	/** What judges such a stream unless the configuration names a plan. */
	readonly plan: PlanInput;
}

/** Latencies are skewed and depend on their neighbours: the plan that the stream itself recommends. */
const LEARNT: PlanInput = { chart: 'auto', baseline: { points: 100 } };
/**
 * The share of failures in fifteen calls, around one in a hundred: quiet at a single failure, told of at the second one, back with the
 * first fifteen good calls after an outage. At one failure in a hundred it signals falsely about once in 1,560 calls (exact), at one in
 * five hundred once in 36,000; three in a hundred are found after about 200 calls, five after 80, twenty after 11, and an outage at its
 * second call (simulated; an EWMA of the calls, weight 0.1 and six sigmas, is as quick). Nothing is learnt: a baseline
 * without failures says next to nothing. Fewer than fifteen calls are never a sample unless they are sure to be too many.
 */
const RARE_FAILURES: PlanInput = {
	chart: 'p',
	subgroup: { size: 15, curtailed: true },
	rules: [1],
	baseline: { centre: 0.01 },
};
const RARELY_NOT_PASSED: PlanInput = { ...RARE_FAILURES, baseline: { centre: 0.99 } };

/** What is derived from calls of one provider, model and prompt class: the last segment of such a stream's key. */
export const LLM_CHARACTERISTICS = {
	/** From the request's sending on an open connection to the first token of any kind. */
	ttft_ms: { unit: 'ms', plan: LEARNT },
	/** To the first event, which for some providers comes long before a token does; never on one chart with the one above. */
	ttfc_ms: { unit: 'ms', plan: LEARNT },
	/** Between first and last token, per token after the first. */
	tpot_ms: { unit: 'ms', plan: LEARNT },
	/** 95th percentile of the times between arrivals with tokens. An arrival may have several tokens. */
	chunk_gap_p95_ms: { unit: 'ms', plan: LEARNT },
	/** Tokens per second between the first and the last. */
	output_tps: { unit: 'tokens/s', plan: LEARNT },
	/** From the request's sending to the end of the answer. */
	total_ms: { unit: 'ms', plan: LEARNT },
	/** Name look-up, TCP and TLS. */
	connect_ms: { unit: 'ms', plan: LEARNT },
	/** As the provider says: its own processing, waiting in its queue, loading of the model. */
	server_ms: { unit: 'ms', plan: LEARNT },
	queue_ms: { unit: 'ms', plan: LEARNT },
	load_ms: { unit: 'ms', plan: LEARNT },
	input_tokens: { unit: 'tokens', plan: LEARNT },
	output_tokens: { unit: 'tokens', plan: LEARNT },
	cached_tokens: { unit: 'tokens', plan: LEARNT },
	reasoning_tokens: { unit: 'tokens', plan: LEARNT },
	cost_usd: { unit: 'USD', plan: LEARNT },
	/** USD per 1,000 tokens, input and output together: what a call costs whatever its length. */
	cost_per_1k_usd: { unit: 'USD', plan: LEARNT },
	/** 1 for a failed call, 0 for a good one. */
	error: { unit: '', plan: RARE_FAILURES },
	/** 1 for an answer that passed a check, 0 for one that did not. */
	pass: { unit: '', plan: RARELY_NOT_PASSED },
} as const satisfies Readonly<Record<string, LlmCharacteristic>>;
export type LlmCharacteristicName = keyof typeof LLM_CHARACTERISTICS;

/**
 * Of traffic that comes when it comes, as many calls as come: latencies and counts are judged as means of a minute, whose shape and
 * spread are learnt from a hundred minutes. Reports of several processes cross each other, so points wait for older ones.
 */
const BY_THE_MINUTE: PlanInput = {
	chart: 'auto',
	subgroup: { window: '1m' },
	reorder: '30s',
	baseline: { points: 100 },
};
/**
 * Larger samples than a prober's, whose calls are few, and wider limits: four of fifty are too many. At one failure in a hundred it
 * signals falsely once in 33,000 calls, at one in five hundred once in two million and a half; three in a hundred are found after about
 * 770 calls, five after 200, twenty after 20, and an outage at its fourth call (simulated).
 */
const TRAFFIC_FAILURES: PlanInput = {
	...RARE_FAILURES,
	subgroup: { size: 50, curtailed: true },
	limitsSigma: 4,
	reorder: '30s',
};
const TRAFFIC_NOT_PASSED: PlanInput = { ...TRAFFIC_FAILURES, baseline: { centre: 0.99 } };

/**
 * @param labels of the stream: a `source` other than `probe` and `metrics` is traffic
 * @returns the plan of a stream of kind `llm` by the last segment of its key; undefined when that is none of the above
 */
export function recommendedLlmPlan(key: string, labels: Labels = {}): PlanInput | undefined {
	const name = key.slice(key.lastIndexOf('/') + 1);
	if (!Object.hasOwn(LLM_CHARACTERISTICS, name)) return undefined;
	// Metrics are means of their intervals already.
	if (labels.source === undefined || labels.source === 'probe' || labels.source === 'metrics')
		return LLM_CHARACTERISTICS[name as LlmCharacteristicName].plan;
	if (name === 'error') return TRAFFIC_FAILURES;
	return name === 'pass' ? TRAFFIC_NOT_PASSED : BY_THE_MINUTE;
}
