import { chiSquareQuantile } from '../statistics/chi-square.ts';
import { normalQuantile } from '../statistics/normal.ts';

/** An index with the ends of its confidence interval; null where there is no interval for it. */
export interface Index {
	readonly value: number;
	readonly low: number | null;
	readonly high: number | null;
}

export interface Sample {
	/** Values that the index rests on. */
	readonly count: number;
	/** Of the interval, in (0, 1). */
	readonly confidence: number;
}

/** Spread index (Cp, Pp): value * sqrt(chi-square / (n - 1)) (Kane, JQT 18, 1986; Montgomery 8.3). */
export function spreadInterval(value: number, { count, confidence }: Sample): Index {
	return chiSquareInterval(value, count - 1, confidence);
}

/**
 * Nearest-limit index (Cpk, Ppk): value +- z sqrt(1/(9n) + value^2/(2(n - 1))) (Bissell, Applied Statistics 39, 1990;
 * Montgomery 8.3).
 */
export function nearestInterval(value: number, sample: Sample): Index {
	return bissell(value, sample.count, normalQuantile(0.5 + sample.confidence / 2));
}

/** Index of one side (Cpl, Cpu): each end is a one-sided bound at this confidence, as qcc prints it. */
export function oneSidedBounds(value: number, sample: Sample): Index {
	return bissell(value, sample.count, normalQuantile(sample.confidence));
}

/**
 * Index around a target (Cpm, Ppm): value * sqrt(chi-square / v), v = n (1 + a^2)^2 / (1 + 2 a^2) (Boyles, JQT 23, 1991).
 *
 * @param offTarget a: distance of the mean from the target in sigmas
 */
export function targetInterval(value: number, offTarget: number, { count, confidence }: Sample): Index {
	const a2 = offTarget * offTarget;
	return chiSquareInterval(value, (count * (1 + a2) ** 2) / (1 + 2 * a2), confidence);
}

function bissell(value: number, count: number, z: number): Index {
	const reach = z * Math.sqrt(1 / (9 * count) + (value * value) / (2 * (count - 1)));
	return indexOf(value, value - reach, value + reach);
}

function chiSquareInterval(value: number, df: number, confidence: number): Index {
	const end = (p: number) => value * Math.sqrt(chiSquareQuantile(p, df) / df);
	return indexOf(value, end((1 - confidence) / 2), end((1 + confidence) / 2));
}

function indexOf(value: number, low: number, high: number): Index {
	const finite = (x: number) => (Number.isFinite(x) ? x : null);
	return { value, low: finite(low), high: finite(high) };
}
