/** How a burst of samples looks in time, its mean taken out: a sensor's offset is no vibration. */
export interface Shape {
	/** Root of the mean square, in the unit of the samples. */
	readonly rms: number;
	/** The largest distance from the mean, in that unit. */
	readonly peak: number;
	/** Peak over RMS: 1.414 of a sine, more of impacts. NaN of samples that are all equal. */
	readonly crest: number;
	/** Fourth moment over the square of the second: 3 of Gaussian noise, 1.5 of a sine, more of impacts. NaN as above. */
	readonly kurtosis: number;
}

/** Samples that differ by less than this part of their size differ by rounding. */
const EQUAL = 1e-12;

/** @param samples finite; at least one */
export function shapeOf(samples: Float64Array): Shape {
	const mean = meanOf(samples);
	let [second, fourth, peak, size] = [0, 0, 0, 0];
	for (const v of samples) {
		const square = (v - mean) ** 2;
		second += square;
		fourth += square ** 2;
		peak = Math.max(peak, Math.abs(v - mean));
		size = Math.max(size, Math.abs(v));
	}
	const variance = second / samples.length;
	const isFlat = peak <= size * EQUAL;
	return {
		rms: Math.sqrt(variance),
		peak,
		crest: isFlat ? NaN : peak / Math.sqrt(variance),
		kurtosis: isFlat ? NaN : fourth / samples.length / variance ** 2,
	};
}

export function meanOf(samples: Float64Array): number {
	let sum = 0;
	for (const v of samples) sum += v;
	return sum / samples.length;
}

export function withoutMean(samples: Float64Array): Float64Array {
	const mean = meanOf(samples);
	return samples.map((v) => v - mean);
}
