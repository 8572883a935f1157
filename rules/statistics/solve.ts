/**
 * Root of a rising function in an interval: secant steps, held inside what bisection has left.
 *
 * @param to is doubled until the function is positive there
 */
export function solve(
	f: (x: number) => number,
	{ from, to, start }: { from: number; to: number; start: number },
): number {
	let low = from;
	let high = to;
	for (let i = 0; i < 200 && f(high) < 0; i++) high *= 2;
	let x = start;
	let [lastX, lastY] = [NaN, NaN];
	for (let i = 0; i < 200; i++) {
		const y = f(x);
		if (y === 0) return x;
		if (y < 0) low = x;
		else high = x;
		const secant = x - (y * (x - lastX)) / (y - lastY);
		[lastX, lastY] = [x, y];
		// Every third step halves, so that a flat stretch cannot hold the secant up.
		x = secant > low && secant < high && i % 3 !== 2 ? secant : (low + high) / 2;
		if (high - low <= 4e-16 * Math.abs(high) || x === lastX) break;
	}
	return x;
}
