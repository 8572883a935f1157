/**
 * The plotted points that limits are going to be learnt from, in order; NaN marks a break that no range and no run is
 * measured across. Plain data, so that a snapshot can take it as it is.
 */
export interface Baseline {
	/** How many points it takes. */
	readonly wanted: number;
	/** Points so far, breaks not counted. */
	points: number;
	/** Entries so far, breaks counted. */
	length: number;
	tMicros: Float64Array;
	v: Float64Array;
}

export function createBaseline(wanted: number): Baseline {
	return { wanted, points: 0, length: 0, tMicros: new Float64Array(0), v: new Float64Array(0) };
}

/** @returns whether the baseline is complete */
export function collect(baseline: Baseline, tMicros: number, v: number): boolean {
	append(baseline, tMicros, v);
	baseline.points++;
	return baseline.points >= baseline.wanted;
}

/** Several breaks in a row are one. */
export function breakBaseline(baseline: Baseline): void {
	if (baseline.length > 0 && baseline.v[baseline.length - 1] === baseline.v[baseline.length - 1])
		append(baseline, NaN, NaN);
}

/** Forgets the points and begins anew, when nothing could be learnt from them. */
export function emptyBaseline(baseline: Baseline): void {
	baseline.points = 0;
	baseline.length = 0;
}

/** @returns a copy that is no longer than what it holds */
export function copyBaseline(baseline: Baseline): Baseline {
	const { length } = baseline;
	return { ...baseline, tMicros: baseline.tMicros.slice(0, length), v: baseline.v.slice(0, length) };
}

function append(baseline: Baseline, tMicros: number, v: number): void {
	const { length } = baseline;
	if (length === baseline.v.length) {
		baseline.tMicros = grown(baseline.tMicros);
		baseline.v = grown(baseline.v);
	}
	baseline.tMicros[length] = tMicros;
	baseline.v[length] = v;
	baseline.length++;
}

function grown(from: Float64Array): Float64Array {
	const to = new Float64Array(Math.max(32, from.length * 2));
	to.set(from);
	return to;
}
