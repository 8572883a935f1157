/**
 * The known word that a mistyped one most likely means.
 *
 * @returns undefined when none is near: at most a third of the letters may differ (Levenshtein, swaps counted once)
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
	let best: string | undefined;
	let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
	for (const candidate of known) {
		const distance = distanceOf(word.toLowerCase(), candidate.toLowerCase());
		if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
	}
	return best;
}

/** ` did you mean "x"?`, or what there is. */
export function hintFor(word: string, known: readonly string[]): string {
	const meant = nearest(word, known);
	if (meant !== undefined) return `did you mean "${meant}"?`;
	return known.length === 0 ? 'nothing is allowed here' : `allowed: ${known.join(', ')}`;
}

/** Optimal string alignment distance (Damerau-Levenshtein without overlapping swaps). */
function distanceOf(a: string, b: string): number {
	let before: number[] = [];
	let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const cost = a[i - 1] === b[j - 1] ? 0 : 1;
			let best = Math.min(row[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + cost);
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1);
			row.push(best);
		}
		before = previous;
		previous = row;
	}
	return previous[b.length]!;
}
