/** A pattern that repeats, as a sum of waves: a_k cos(2 pi k t / period) + b_k sin(2 pi k t / period). */
export interface Season {
	readonly periodMs: number;
	/** Time that t counts from; 0 = the epoch (UTC) for stamped points, the first value of an array. */
	readonly originMs: number;
	readonly waves: readonly { readonly k: number; readonly a: number; readonly b: number }[];
}

const DAY_MS = 86_400_000;
/** Up to 24 h / 6: levels of three shifts are the waves 1, 2, 4 and 5, what repeats in every shift is the third. */
const MAX_WAVES = 6;
/** Fewer repeats are a coincidence. */
const LEAST_CYCLES = 2;
/** A wave of noise is that strong once in 2000 series. */
const CHANCE = 1 / 2000;

export function seasonAt({ periodMs, originMs, waves }: Season, tMs: number): number {
	const turn = (2 * Math.PI * (tMs - originMs)) / periodMs;
	let sum = 0;
	for (const { k, a, b } of waves) sum += a * Math.cos(k * turn) + b * Math.sin(k * turn);
	return sum;
}

/** Whether a daily pattern could be told from this many points at all. */
export function spansDays(count: number, intervalMs: number): boolean {
	return count * intervalMs >= LEAST_CYCLES * DAY_MS && 2 * intervalMs < DAY_MS;
}

/**
 * The daily pattern of a baseline, or undefined where there is none, or too little of it.
 *
 * Each wave is compared with the spectrum that an AR(1) series of the same spread and lag-1 correlation has at that
 * frequency: slow wandering has strong slow waves without any period.
 *
 * @param values oldest first at `intervalMs`; NaN = missing
 */
export function seasonOf(values: Float64Array, intervalMs: number): Season | undefined {
	let count = 0;
	let mean = 0;
	for (const v of values) if (v === v) mean += (v - mean) / ++count;
	if (!spansDays(count, intervalMs)) return undefined;
	const perDay = DAY_MS / intervalMs;
	const possible = Math.min(MAX_WAVES, Math.ceil(perDay / 2) - 1);
	const whole = values.slice(0, Math.max(1, Math.floor(Math.floor(values.length / perDay) * perDay)));
	const waves = Array.from({ length: possible }, (_, i) => waveOf(whole, i + 1, perDay, mean));
	const season = { periodMs: DAY_MS, originMs: 0, waves };
	const rest = values.map((v, i) => v - mean - seasonAt(season, i * intervalMs));
	const noise = noiseOf(rest);
	const bar = Math.log(possible / CHANCE);
	const kept = waves.filter(({ k, a, b }) => {
		const power = (count * (a * a + b * b)) / 4;
		return power > bar * noise.spectrum((2 * Math.PI * k) / perDay);
	});
	return kept.length > 0 ? { ...season, waves: kept } : undefined;
}

/** Over whole periods waves do not mix, so that each is a mean of its own. */
function waveOf(values: Float64Array, k: number, perDay: number, mean: number): { k: number; a: number; b: number } {
	const step = (2 * Math.PI * k) / perDay;
	const [stepCos, stepSin] = [Math.cos(step), Math.sin(step)];
	let [cos, sin] = [1, 0];
	let [a, b, count] = [0, 0, 0];
	for (const v of values) {
		if (v === v) {
			a += (v - mean) * cos;
			b += (v - mean) * sin;
			count++;
		}
		[cos, sin] = [cos * stepCos - sin * stepSin, sin * stepCos + cos * stepSin];
	}
	return { k, a: (2 * a) / count, b: (2 * b) / count };
}

function noiseOf(rest: Float64Array): { spectrum(frequency: number): number } {
	let [squares, products, count] = [0, 0, 0];
	for (let i = 0; i < rest.length; i++) {
		const v = rest[i]!;
		if (v !== v) continue;
		squares += v * v;
		count++;
		const before = rest[i - 1] ?? NaN;
		if (before === before) products += v * before;
	}
	const phi = Math.max(-0.99, Math.min(0.99, products / squares));
	const news = (squares / count) * (1 - phi * phi);
	return { spectrum: (f) => news / (1 - 2 * phi * Math.cos(f) + phi * phi) };
}
