/** The standard normal distribution, accurate in both tails: rates of one in a million are what limits are made for. */

const SQRT_2PI = Math.sqrt(2 * Math.PI);

export function normalDensity(z: number): number {
	return Math.exp(-0.5 * z * z) / SQRT_2PI;
}

/** P(Z <= z), relative error under 4e-15 down to z = -9 and under 6e-14 to -37, where numbers end. NaN of NaN. */
export function normalCdf(z: number): number {
	return z > 0 ? 1 - upperTail(z) : upperTail(-z);
}

/** P(Z > z), as exact in the upper tail, where 1 - normalCdf has no digits left. */
export function normalTail(z: number): number {
	return normalCdf(-z);
}

/**
 * Mills's ratio tail / density falls like 1 / z, so that (z + 6) times it, as a function of (z - 6) / (z + 6), is a
 * polynomial on the whole half axis: its Chebyshev series is under 2e-17 after 25 terms. Those here are its powers,
 * computed to 50 digits.
 */
const MILLS = [
	1.9485319307624096, -1.7571690543441036, 1.4261935116084032, -1.0375024310762127, 0.671711821499636,
	-0.3827125866714499, 0.18842804927340884, -0.07766866792804299, 0.025141032014747735, -0.005343142079528957,
	8.239284865243504e-5, 4.5460414842582507e-4, -1.6230876571527418e-4, 2.692830676208559e-6, 1.7034288461209668e-5,
	-4.50439737803086e-6, -1.0726384470748588e-6, 7.695942346028566e-7, 1.2974183378532681e-8, -1.0286711933514713e-7,
	9.86657821479609e-9, 1.1697091588985718e-8, -1.9622367246054905e-9, -8.530934596593508e-10, 1.7641928972456609e-10,
];

function upperTail(z: number): number {
	if (z > 40) return 0;
	const u = (z - 6) / (z + 6);
	// Even and odd powers by themselves: neither waits for the other.
	const square = u * u;
	let [even, odd] = [MILLS[24]!, 0];
	for (let i = 22; i >= 0; i -= 2) {
		odd = odd * square + MILLS[i + 1]!;
		even = even * square + MILLS[i]!;
	}
	return (normalDensity(z) * (even + u * odd)) / (z + 6);
}

/**
 * The z with normalCdf(z) = p, to 1e-15 (Wichura, algorithm AS 241, Applied Statistics 37, 1988).
 *
 * @returns -Infinity for 0, Infinity for 1, NaN outside
 */
export function normalQuantile(p: number): number {
	if (!(p >= 0 && p <= 1)) return NaN;
	const q = p - 0.5;
	if (Math.abs(q) <= 0.425) return q * central(0.180625 - q * q);
	const tail = q < 0 ? p : 1 - p;
	if (!(tail > 0)) return q < 0 ? -Infinity : Infinity;
	const r = Math.sqrt(-Math.log(tail));
	const z = r <= 5 ? middle(r - 1.6) : far(r - 5);
	return q < 0 ? -z : z;
}

/** The normal value of a place given by the chances below and above it; the smaller one is the exact one. */
export function normalScore(below: number, above: number): number {
	return below < above ? normalQuantile(below) : -normalQuantile(above);
}

function central(r: number): number {
	return (
		polynomial(
			r,
			2509.0809287301226727,
			33430.575583588128105,
			67265.770927008700853,
			45921.953931549871457,
			13731.693765509461125,
			1971.5909503065514427,
			133.14166789178437745,
			3.387132872796366608,
		) /
		polynomial(
			r,
			5226.495278852545925,
			28729.085735721942674,
			39307.89580009271061,
			21213.794301586595867,
			5394.1960214247511077,
			687.1870074920579083,
			42.313330701600911252,
			1,
		)
	);
}

function middle(r: number): number {
	return (
		polynomial(
			r,
			7.7454501427834140764e-4,
			0.0227238449892691845833,
			0.24178072517745061177,
			1.27045825245236838258,
			3.64784832476320460504,
			5.7694972214606914055,
			4.6303378461565452959,
			1.42343711074968357734,
		) /
		polynomial(
			r,
			1.05075007164441684324e-9,
			5.475938084995344946e-4,
			0.0151986665636164571966,
			0.14810397642748007459,
			0.68976733498510000455,
			1.6763848301838038494,
			2.05319162663775882187,
			1,
		)
	);
}

function far(r: number): number {
	return (
		polynomial(
			r,
			2.01033439929228813265e-7,
			2.71155556874348757815e-5,
			0.0012426609473880784386,
			0.026532189526576123093,
			0.29656057182850489123,
			1.7848265399172913358,
			5.4637849111641143699,
			6.6579046435011037772,
		) /
		polynomial(
			r,
			2.04426310338993978564e-15,
			1.4215117583164458887e-7,
			1.8463183175100546818e-5,
			7.868691311456132591e-4,
			0.0148753612908506148525,
			0.13692988092273580531,
			0.59983220655588793769,
			1,
		)
	);
}

function polynomial(x: number, ...coefficients: readonly number[]): number {
	let sum = 0;
	for (const c of coefficients) sum = sum * x + c;
	return sum;
}
