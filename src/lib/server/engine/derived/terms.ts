import type { Term } from '#contracts/expression.ts';
import { createBounds, type Zones } from './bounds.ts';
import { createCounted, createLength, createShare } from './windows.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';

/** What one stream's points become before a formula sees them. */
export interface TermState {
	/** Whether it wants to know how far back it may look. */
	readonly looksBack: boolean;
	/**
	 * @param v not finite: missing, and nothing is looked across from here on
	 * @param mostMicros points further apart than this have no value between them; 0 = however far
	 * @returns NaN = no value here
	 */
	push(tMicros: number, v: number, mostMicros: number): number;
	/** Of one of windows: those that have ended by the last push, oldest first; taken once. */
	closed?(): readonly ClosedWindow[];
	/** Exact. */
	snapshot(): readonly number[];
	restore(state: readonly number[]): void;
}

/** What a window came to. */
export interface ClosedWindow {
	readonly endMicros: number;
	/** NaN = nobody knows. */
	readonly v: number;
	/** Something in it was not seen. */
	readonly isUncertain: boolean;
}

export function createTerm({ of, argument, window = { ms: 1000, offsetMs: 0 } }: Term, zones: Zones): TermState {
	switch (of) {
		case 'value':
			return { looksBack: false, push: (_t, v) => v, snapshot: () => [], restore() {} };
		case 'rate':
			return createStep((step, v, seconds) => countedIn(step, v, argument) / seconds);
		case 'difference':
			return createStep((step) => step);
		case 'rms':
			return createRms(argument);
		case 'counted':
			return createCounted(createBounds(window, zones), argument);
		case 'share':
			return createShare(createBounds(window, zones));
		case 'length':
			return createLength(createBounds(window, zones));
	}
}

/** What lies between a point and the one before it. */
function createStep(between: (step: number, v: number, seconds: number) => number): TermState {
	let before = { tMicros: NaN, v: NaN };
	return {
		looksBack: true,
		push(tMicros, v, mostMicros) {
			const { tMicros: from, v: last } = before;
			before = { tMicros, v };
			if (mostMicros > 0 && tMicros - from > mostMicros) return NaN;
			return between(v - last, v, (tMicros - from) / MICROS_PER_SECOND);
		},
		snapshot: () => [before.tMicros, before.v],
		restore([tMicros = NaN, v = NaN]) {
			before = { tMicros, v };
		},
	};
}

/**
 * What a counter has counted. One that went back has begun anew: how far it had come by then nobody knows, so there is no
 * value, unless it is known where it rolls over and it has come less than half of that since (as sequence numbers are
 * compared in RFC 1982).
 */
function countedIn(step: number, v: number, rollover: number): number {
	if (step >= 0) return step;
	if (rollover === 0 || v < 0 || v >= rollover) return NaN;
	const counted = step + rollover;
	return counted >= 0 && counted < rollover / 2 ? counted : NaN;
}

/** Root of the mean of the newest squares. Their sum is taken anew once a round, so that rounding does not add up. */
function createRms(points: number): TermState {
	let squares: number[] = [];
	let next = 0;
	let sum = 0;
	return {
		looksBack: false,
		push(_tMicros, v) {
			if (!Number.isFinite(v)) {
				squares = [];
				next = sum = 0;
				return NaN;
			}
			sum += v * v - (squares[next] ?? 0);
			squares[next] = v * v;
			if (++next === points) {
				next = 0;
				sum = squares.reduce((all, one) => all + one, 0);
			}
			return squares.length < points ? NaN : Math.sqrt(Math.max(0, sum) / points);
		},
		snapshot: () => [next, sum, ...squares],
		restore([at = 0, total = 0, ...of]) {
			[next, sum, squares] = [at, total, of];
		},
	};
}
