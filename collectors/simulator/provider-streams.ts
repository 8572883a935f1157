import { MICROS_PER_MS, MICROS_PER_SECOND } from '#contracts/time.ts';
import { activeFault, type Fault } from './faults.ts';
import { gaussianNoise, uniform, type Noise } from './noise.ts';
import type { Provider } from './plant.ts';
import { round, type Sample, type Source } from './source.ts';

const TTFT = 0;
const TOTAL = 1;
const TPS = 2;
/** A call is over before the next one begins, also of a slow provider: so times of a stream only grow. */
const LONGEST_PART = 0.9;
const JITTER_PART = 0.08;
const TPS_SPREAD = 0.05;
const TOKENS_SPREAD = 0.015;

/** The three streams of one provider and model: one call of the same prompt at a time, with log-normal latencies. */
export function providerStreams(options: {
	readonly provider: Provider;
	readonly seed: number;
	/** Tells providers of one seed apart; three numbers from it on are used. */
	readonly number: number;
	readonly programme: readonly Fault[];
}): Source {
	const { provider, seed, number, programme } = options;
	const everyMicros = provider.everyS * MICROS_PER_SECOND;
	const [ttftNoise, tpsNoise, tokensNoise] = [0, 1, 2].map((offset) => gaussianNoise(seed, number + offset)) as [
		Noise,
		Noise,
		Noise,
	];

	/** One call: when it began, in microseconds since the start, and what it took. */
	function call(index: number) {
		const jitter = uniform(seed, number, index) * JITTER_PART * everyMicros;
		const beganMicros = Math.floor(index * everyMicros + jitter);
		const fault = activeFault(programme, provider.name, beganMicros / MICROS_PER_SECOND);
		const slow = fault?.effect.type === 'slowdown' ? fault.effect.factor : 1;
		const longestMs = provider.everyS * 1000 * (LONGEST_PART - JITTER_PART);
		const ttftMs = Math.min(provider.ttftMs * Math.exp(provider.ttftSpread * ttftNoise(index)) * slow, longestMs / 3);
		const tokens = Math.round(provider.outputTokens * Math.exp(TOKENS_SPREAD * tokensNoise(index)));
		const tps = (provider.outputTps * Math.exp(TPS_SPREAD * tpsNoise(index))) / slow;
		const totalMs = Math.min(ttftMs + (tokens / tps) * 1000, longestMs);
		return { beganMicros, ttftMs, totalMs, tps: (tokens / (totalMs - ttftMs)) * 1000 };
	}

	function samplesOf(index: number): readonly Sample[] {
		const { beganMicros, ttftMs, totalMs, tps } = call(index);
		const after = (ms: number) => beganMicros + Math.round(ms * MICROS_PER_MS);
		return [
			{ stream: TTFT, atMicros: after(ttftMs), v: round(ttftMs, 1) },
			{ stream: TOTAL, atMicros: after(totalMs), v: round(totalMs, 1) },
			{ stream: TPS, atMicros: after(totalMs), v: round(tps, 1) },
		];
	}

	return {
		streams: declared(provider),
		*between(from, to) {
			const first = Math.max(0, Math.floor(from / everyMicros) - 1);
			const last = Math.floor(to / everyMicros);
			for (let index = first; index <= last; index++)
				for (const sample of samplesOf(index)) if (sample.atMicros > from && sample.atMicros <= to) yield sample;
		},
	};
}

function declared({ name, model }: Provider): Source['streams'] {
	const labels = { source: 'simulator', prompt_class: 'short' };
	const stream = (characteristic: string, unit: string) =>
		({ key: `${name}/${model}/${characteristic}`, unit, kind: 'llm', labels }) as const;
	return [stream('ttft_ms', 'ms'), stream('total_ms', 'ms'), stream('output_tps', 'tokens/s')];
}
