/** The standard normal distribution, accurate in both tails: rates of one in a million are what limits are made for. */

const SQRT_2PI = Math.sqrt(2 * Math.PI);

export function normalDensity(z: number): number {
	return Math.exp(-0.5 * z * z) / SQRT_2PI;
}

/**
 * P(Z <= z), relative error under 1e-12 in the lower tail too (G. West, "Better approximations to cumulative normal
 * functions", Wilmott 2005, after Hart 1968).
 */
export function normalCdf(z: number): number {
	const a = Math.abs(z);
	const tail = upperTail(a);
	return z > 0 ? 1 - tail : tail;
}

function upperTail(a: number): number {
	if (a > 37.5) return 0;
	const e = Math.exp(-0.5 * a * a);
	if (a >= 7.07106781186547) {
		const fraction = a + 1 / (a + 2 / (a + 3 / (a + 4 / (a + 0.65))));
		return e / (fraction * SQRT_2PI);
	}
	const above =
		((((((0.0352624965998911 * a + 0.700383064443688) * a + 6.37396220353165) * a + 33.912866078383) * a +
			112.079291497871) *
			a +
			221.213596169931) *
			a +
			220.206867912376) *
		e;
	const below =
		((((((0.0883883476483184 * a + 1.75566716318264) * a + 16.064177579207) * a + 86.7807322029461) * a +
			296.564248779674) *
			a +
			637.333633378831) *
			a +
			793.826512519948) *
			a +
		440.413735824752;
	return above / below;
}

/**
 * z with P(Z <= z) = p (Wichura, algorithm AS 241, Applied Statistics 37, 1988). @returns -Infinity at 0, Infinity at
 * 1
 */
export function normalQuantile(p: number): number {
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
