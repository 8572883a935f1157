import { lnGamma } from '../statistics/gamma.ts';
import { normalCdf, normalDensity } from '../statistics/normal.ts';

/** d2 as printed in tables, which published answers were computed with, or to full precision. */
export type D2 = 'table' | 'exact';

/** Mean and deviation of the range, and mean of the sample deviation, of n standard normal values. */
export interface SampleConstants {
	readonly d2: number;
	readonly d3: number;
	readonly c4: number;
}

/** The factors of three-sigma limits as the tables of the field name them (Montgomery, Introduction to SQC, appendix VI). */
export interface ControlConstants extends SampleConstants {
	readonly A: number;
	readonly A2: number;
	readonly A3: number;
	readonly B3: number;
	readonly B4: number;
	readonly B5: number;
	readonly B6: number;
	readonly D1: number;
	readonly D2: number;
	readonly D3: number;
	readonly D4: number;
	readonly E2: number;
}

/** As in ASTM STP 15D, Montgomery's appendix VI and qcc: three decimals, from n = 2. */
const TABLE_D2 = [
	1.128, 1.693, 2.059, 2.326, 2.534, 2.704, 2.847, 2.97, 3.078, 3.173, 3.258, 3.336, 3.407, 3.472, 3.532, 3.588, 3.64,
	3.689, 3.735, 3.778, 3.819, 3.858, 3.895, 3.931,
];
/** As published by qcc (`se.R.unscaled`), whose printed limits of ranges carry its fifth digit; from n = 2. */
const TABLE_D3 = [
	0.8525033, 0.8883697, 0.8798108, 0.8640855, 0.8480442, 0.8332108, 0.8198378, 0.8078413, 0.7970584, 0.787323,
	0.7784873, 0.7704257, 0.763033, 0.7562217, 0.7499188, 0.7440627, 0.7386021, 0.7334929, 0.728698, 0.7241851, 0.7199267,
	0.7158987, 0.7120802, 0.7084528,
];

/**
 * d2, d3 and c4 for samples of n.
 *
 * `table` rounds d2 and d3 as printed (n up to 25; exact beyond); c4 is exact in both, as it is in every program we know.
 *
 * @param n whole, at least 2; NaN everywhere below
 */
export function sampleConstants(n: number, precision: D2 = 'table'): SampleConstants {
	if (!(n >= 2)) return { d2: NaN, d3: NaN, c4: NaN };
	const d2 = TABLE_D2[n - 2];
	const d3 = TABLE_D3[n - 2];
	if (precision === 'table' && d2 !== undefined && d3 !== undefined) return { d2, d3, c4: c4Of(n) };
	return { ...rangeMoments(n), c4: c4Of(n) };
}

/** Remembers what it has computed: sizes repeat, and the exact d2 and d3 are an integral each. */
export function createConstants(precision: D2 = 'table'): (n: number) => SampleConstants {
	const known = new Map<number, SampleConstants>();
	return (n) => {
		const found = known.get(n) ?? sampleConstants(n, precision);
		known.set(n, found);
		return found;
	};
}

/** All factors for samples of n, to full precision; lower ones are 0 where three sigmas reach below. */
export function controlConstants(n: number, precision: D2 = 'exact'): ControlConstants {
	const { d2, d3, c4 } = sampleConstants(n, precision);
	const A = 3 / Math.sqrt(n);
	const spread = 3 * Math.sqrt(1 - c4 * c4);
	const B5 = Math.max(0, c4 - spread);
	const D1 = Math.max(0, d2 - 3 * d3);
	const [B6, D2] = [c4 + spread, d2 + 3 * d3];
	return {
		...{ d2, d3, c4, A, A2: A / d2, A3: A / c4, B3: B5 / c4, B4: B6 / c4, B5, B6, D1, D2 },
		...{ D3: D1 / d2, D4: D2 / d2, E2: 3 / d2 },
	};
}

/** sqrt(2/(n-1)) gamma(n/2) / gamma((n-1)/2). */
function c4Of(n: number): number {
	// The difference of two large logarithms loses digits; the series (Kendall) has them from here on.
	if (n > 100) {
		const m = 1 / (n - 1);
		return 1 - m / 4 + (m * m) / 32 + (5 * m ** 3) / 128 - (21 * m ** 4) / 2048;
	}
	return Math.sqrt(2 / (n - 1)) * Math.exp(lnGamma(n / 2) - lnGamma((n - 1) / 2));
}

/** Nodes and weights of Gauss and Legendre, ten in (0, 1) by symmetry. */
const GAUSS: readonly (readonly [number, number])[] = [
	[0.9931285991850949, 0.017614007139152118],
	[0.9639719272779138, 0.04060142980038694],
	[0.912234428251326, 0.06267204833410907],
	[0.8391169718222188, 0.08327674157670475],
	[0.7463319064601508, 0.10193011981724044],
	[0.636053680726515, 0.11819453196151841],
	[0.5108670019508271, 0.13168863844917664],
	[0.37370608871541955, 0.14209610931838204],
	[0.22778585114164507, 0.14917298647260374],
	[0.07652652113349734, 0.15275338713072584],
];
const PANELS = 5;
const STEP = 0.125;

/**
 * Mean and deviation of the range W of n normal values: E W = integral of P(W > r), E W^2 = integral of 2 r P(W > r), with
 * P(W <= r) = n integral of phi(x) (Phi(x + r) - Phi(x))^(n-1) dx (Harter, Annals of Mathematical Statistics 31, 1960).
 */
function rangeMoments(n: number): { d2: number; d3: number } {
	const longest = 2 * Math.sqrt(2 * Math.log(n)) + 9;
	const half = longest / PANELS / 2;
	let first = 0;
	let second = 0;
	for (let panel = 0; panel < PANELS; panel++)
		for (const [node, weight] of GAUSS)
			for (const side of [-1, 1]) {
				const r = half * (2 * panel + 1 + side * node);
				const beyond = 1 - rangeCdf(r, n);
				first += weight * half * beyond;
				second += weight * half * 2 * r * beyond;
			}
	return { d2: first, d3: Math.sqrt(second - first * first) };
}

/** The trapezoid rule converges faster than any power of the step on what dies away like a normal density. */
function rangeCdf(r: number, n: number): number {
	let sum = 0;
	for (let x = -9; x <= 9; x += STEP) sum += normalDensity(x) * (normalCdf(x + r) - normalCdf(x)) ** (n - 1);
	return n * sum * STEP;
}
