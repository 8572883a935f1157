/** Characteristics that can be compared, with what people call them, in the order in which they are offered. */
export const METRICS: Readonly<Record<string, string>> = {
	ttft_ms: 'First token',
	ttfc_ms: 'First event',
	total_ms: 'Whole answer',
	tpot_ms: 'Time per token',
	output_tps: 'Tokens per second',
	chunk_gap_p95_ms: 'Gap between chunks (p95)',
	connect_ms: 'Connecting',
	server_ms: "Provider's own time",
	queue_ms: 'Queue',
	load_ms: 'Loading the model',
	cost_usd: 'Cost per call',
	cost_per_1k_usd: 'Cost per 1,000 tokens',
	input_tokens: 'Input tokens',
	output_tokens: 'Output tokens',
};

export function metricWords(name: string): string {
	return Object.hasOwn(METRICS, name) ? METRICS[name]! : name;
}

/** Three digits, so that columns of different sizes are read alike; an en dash for what is not known. */
export function shortNumber(value: number | null | undefined): string {
	if (value === null || value === undefined || !Number.isFinite(value)) return '–';
	if (value === 0) return '0';
	const size = Math.abs(value);
	if (size >= 1000) return Math.round(value).toLocaleString('en').replaceAll(',', '\u202f').replace('-', '\u2212');
	return String(Number(value.toPrecision(3))).replace('-', '\u2212');
}

export function percentWords(share: number | null): string {
	if (share === null) return '–';
	const percent = 100 * share;
	return `${percent > 99 && percent < 100 ? percent.toFixed(2) : percent.toFixed(1)} %`;
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
