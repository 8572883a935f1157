import type { Band } from './bands.ts';
import { withoutMean } from './shape.ts';
import { inverse, type Complex } from './spectrum.ts';

/**
 * How strong a band is from moment to moment: the magnitude of its analytic signal (Randall and Antoni, Rolling element
 * bearing diagnostics, MSSP 25, 2011). A damaged bearing rings each time that the damage is rolled over; the ringing is
 * high, and how often it comes is low and seen here alone.
 *
 * @param spectrum of real samples
 * @returns as many values as there were samples, in their unit
 */
export function envelopeOf(spectrum: Complex, rateHz: number, [fromHz, toHz]: Band): Float64Array {
	const n = spectrum.length / 2;
	const half = new Float64Array(spectrum.length);
	for (let k = 1; 2 * k < n; k++) {
		const hz = (k * rateHz) / n;
		if (hz < fromHz || hz >= toHz) continue;
		half[2 * k] = 2 * spectrum[2 * k]!;
		half[2 * k + 1] = 2 * spectrum[2 * k + 1]!;
	}
	const analytic = inverse(half);
	return Float64Array.from({ length: n }, (_, i) => Math.hypot(analytic[2 * i]!, analytic[2 * i + 1]!));
}

/** Between two bins of a Hann window a peak is lower by 15 %; so fine a step leaves less than 1 %. */
const STEPS_PER_BIN = 4;

/**
 * The largest amplitude near a frequency: bearings slip by a percent or so, so theirs is never quite where geometry has it.
 *
 * @param tolerance as a part of the frequency
 * @returns amplitude of the sine there, in the unit of the samples; NaN where the burst is too short for two periods, or the
 *   frequency lies beyond half the rate
 */
export function amplitudeNear(
	samples: Float64Array,
	rateHz: number,
	{ hz, tolerance }: { readonly hz: number; readonly tolerance: number },
): number {
	const n = samples.length;
	const binHz = rateHz / n;
	if (hz * (1 + tolerance) >= rateHz / 2 || hz < 2 * binHz) return NaN;
	const windowed = withHann(withoutMean(samples));
	const reach = Math.max(1, Math.ceil((hz * tolerance * STEPS_PER_BIN) / binHz));
	const stepHz = (hz * tolerance) / reach;
	let largest = 0;
	for (let step = -reach; step <= reach; step++)
		largest = Math.max(largest, amplitudeAt(windowed, (hz + step * stepHz) / rateHz));
	return largest;
}

/** Twice over, so that a sine keeps its amplitude: the mean of a Hann window is a half. */
function withHann(samples: Float64Array): Float64Array {
	const n = samples.length;
	return samples.map((v, i) => v * (1 - Math.cos((2 * Math.PI * i) / n)));
}

/** @param cycles per sample */
function amplitudeAt(samples: Float64Array, cycles: number): number {
	const [turnRe, turnIm] = [Math.cos(2 * Math.PI * cycles), -Math.sin(2 * Math.PI * cycles)];
	let [re, im, sumRe, sumIm] = [1, 0, 0, 0];
	for (const v of samples) {
		sumRe += v * re;
		sumIm += v * im;
		[re, im] = [re * turnRe - im * turnIm, re * turnIm + im * turnRe];
	}
	return (2 * Math.hypot(sumRe, sumIm)) / samples.length;
}
