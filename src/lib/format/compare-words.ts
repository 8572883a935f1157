import type { LlmErrorClass } from '#contracts/llm.ts';
import { formatFixed, localNumber } from '#lib/format/number.ts';
import * as m from '#messages';

/** Characteristics that can be compared, with what people call them, in the order in which they are offered. */
export const METRICS: Readonly<Record<string, () => string>> = {
	ttft_ms: m.llm_metric_ttft_ms,
	ttfc_ms: m.llm_metric_ttfc_ms,
	total_ms: m.llm_metric_total_ms,
	tpot_ms: m.llm_metric_tpot_ms,
	output_tps: m.llm_metric_output_tps,
	chunk_gap_p95_ms: m.llm_metric_chunk_gap_p95_ms,
	connect_ms: m.llm_metric_connect_ms,
	server_ms: m.llm_metric_server_ms,
	queue_ms: m.llm_metric_queue_ms,
	load_ms: m.llm_metric_load_ms,
	cost_usd: m.llm_metric_cost_usd,
	cost_per_1k_usd: m.llm_metric_cost_per_1k_usd,
	input_tokens: m.llm_metric_input_tokens,
	output_tokens: m.llm_metric_output_tokens,
};

export function metricWords(name: string): string {
	return (Object.hasOwn(METRICS, name) ? METRICS[name]?.() : undefined) ?? name;
}

const ERRORS: Readonly<Record<LlmErrorClass, () => string>> = {
	timeout_first_token: m.llm_error_timeout_first_token,
	timeout_idle: m.llm_error_timeout_idle,
	timeout_total: m.llm_error_timeout_total,
	rate_limited: m.llm_error_rate_limited,
	overloaded: m.llm_error_overloaded,
	auth: m.llm_error_auth,
	bad_request: m.llm_error_bad_request,
	server: m.llm_error_server,
	network: m.llm_error_network,
	truncated: m.llm_error_truncated,
	content_filter: m.llm_error_content_filter,
	client_abort: m.llm_error_client_abort,
};

/** @returns why a call failed, by the class of its error */
export function errorWords(errorClass: LlmErrorClass): string {
	return ERRORS[errorClass]();
}

/** Three digits, so that columns of different sizes are read alike; an en dash for what is not known. */
export function shortNumber(value: number | null | undefined): string {
	if (value === null || value === undefined || !Number.isFinite(value)) return '–';
	if (value === 0) return '0';
	const size = Math.abs(value);
	if (size >= 1000) return formatFixed(value, 0);
	return localNumber(String(Number(value.toPrecision(3))));
}

export function percentWords(share: number | null): string {
	if (share === null) return '–';
	const percent = 100 * share;
	return `${formatFixed(percent, percent > 99 && percent < 100 ? 2 : 1)} %`;
}

/** Calm hues that are told apart, with a pattern of dashes for who cannot: colour that calls is kept for what is abnormal. */
export const STROKES = [
	{ hue: 250, dash: '' },
	{ hue: 80, dash: '6 3' },
	{ hue: 310, dash: '2 3' },
	{ hue: 170, dash: '9 3 2 3' },
	{ hue: 20, dash: '12 4' },
	{ hue: 215, dash: '4 2 1 2' },
	{ hue: 130, dash: '1 2' },
	{ hue: 350, dash: '8 2 8 6' },
] as const;

export function strokeOf(index: number): { readonly colour: string; readonly dash: string } {
	const { hue, dash } = STROKES[index % STROKES.length]!;
	return { colour: `oklch(var(--series-light) 0.075 ${hue})`, dash };
}
