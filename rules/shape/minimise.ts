interface Corner {
	readonly x: readonly number[];
	readonly f: number;
}

/**
 * A point where a function of a few variables is least, without derivatives (Nelder & Mead, Computer Journal 7, 1965).
 *
 * @param steps size of the first simplex along each variable
 * @returns the best point after at most `most` evaluations, or once the corners agree to `close`
 */
export function minimise(
	cost: (x: readonly number[]) => number,
	start: readonly number[],
	steps: readonly number[],
	{ most = 250, close = 1e-3 } = {},
): Corner {
	let left = most;
	const at = (x: readonly number[]): Corner => {
		left--;
		const f = cost(x);
		return { x, f: Number.isNaN(f) ? Infinity : f };
	};
	const corners = [at(start), ...steps.map((step, i) => at(start.map((x, j) => (i === j ? x + step : x))))];
	const order = () => corners.sort((a, b) => a.f - b.f);
	order();
	while (left > 0 && corners[corners.length - 1]!.f - corners[0]!.f > close) {
		const worst = corners.pop()!;
		const middle = start.map((_, j) => corners.reduce((sum, c) => sum + c.x[j]!, 0) / corners.length);
		const towards = (t: number) => at(middle.map((m, j) => m + t * (worst.x[j]! - m)));
		corners.push(next(corners, worst, towards));
		if (corners[corners.length - 1]!.f >= worst.f) shrink(corners, at);
		order();
	}
	return corners[0]!;
}

function next(corners: readonly Corner[], worst: Corner, towards: (t: number) => Corner): Corner {
	const mirrored = towards(-1);
	if (mirrored.f < corners[0]!.f) {
		const further = towards(-2);
		return further.f < mirrored.f ? further : mirrored;
	}
	if (mirrored.f < corners[corners.length - 1]!.f) return mirrored;
	const nearer = towards(mirrored.f < worst.f ? -0.5 : 0.5);
	return nearer.f < Math.min(worst.f, mirrored.f) ? nearer : worst;
}

function shrink(corners: Corner[], at: (x: readonly number[]) => Corner): void {
	const best = corners[0]!.x;
	for (let i = 1; i < corners.length; i++) corners[i] = at(corners[i]!.x.map((x, j) => (x + best[j]!) / 2));
}
