/** @returns round values between the two, at distances of 1, 2 or 5 times a power of ten, at most so many */
export function valueTicks(low: number, high: number, most: number): readonly number[] {
	const rough = (high - low) / Math.max(1, most);
	if (!(rough > 0) || !Number.isFinite(rough)) return [];
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
	const first = Math.ceil(low / step);
	const count = Math.floor(high / step) - first + 1;
	// A sum of steps would drift from the round values.
	return Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
