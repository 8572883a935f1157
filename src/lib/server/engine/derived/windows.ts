import { MICROS_PER_SECOND } from '#contracts/time.ts';
import type { Bounds } from './bounds.ts';
import type { ClosedWindow, TermState } from './terms.ts';

/**
 * What a stream came to in windows of time whose bounds are those of the clock: hours, or shifts. A window ends with the first
 * point at its end or after it, so that no clock is needed; what lies between two points on both sides of a bound belongs to
 * the window that they end in (counts) or is divided by time (shares). Nothing is lost and nothing is counted twice.
 */
/** Of a window of which less was seen nobody knows what its share was. */
const KNOWN = 0.9;

/** Windows that end while nothing is heard: of more than this nobody wants each. */
const MOST_AT_ONCE = 500;

/**
 * How much a counter has counted in each. A counter that goes back has begun anew at 0, unless it is known where it rolls
 * over: what it had counted since the point before is then not known, and the window is uncertain. A gap inside of a window
 * matters not, as counters count on; one over a bound does, as nobody knows on which side it counted.
 *
 * @param rollover the number at which it begins at 0 again; 0 = it does not
 */
export function createCounted({ endAfter, startOf }: Bounds, rollover: number): TermState {
	let end = NaN;
	let sum = 0;
	/** These three are 0 and 1: its begin was seen; the counter began anew in it; nothing is known since the last point. */
	let whole = 0;
	let uncertain = 0;
	let broken = 0;
	let last = { tMicros: NaN, v: NaN };
	let closed: ClosedWindow[] = [];

	function count(v: number): void {
		const step = v - last.v;
		if (step >= 0) sum += step;
		else if (rollover > 0 && step + rollover >= 0 && step + rollover < rollover / 2) sum += step + rollover;
		else [sum, uncertain] = [sum + Math.max(0, v), 1];
	}

	function close(isKnown: boolean): void {
		closed.push({ endMicros: end, v: isKnown && whole === 1 ? sum : NaN, isUncertain: uncertain === 1 });
	}

	function begin(tMicros: number, isWhole: boolean): void {
		end = endAfter(tMicros);
		[sum, uncertain, whole] = [0, 0, Number(isWhole)];
	}

	/** A point at the end of the window, or beyond it. */
	function pass(tMicros: number, v: number, isFar: boolean): void {
		const ended = end;
		const isAtEnd = tMicros === ended;
		if (isAtEnd) count(v);
		close(isAtEnd || !isFar);
		const start = startOf(tMicros);
		if (start > ended) closed.push({ endMicros: start, v: NaN, isUncertain: true });
		begin(tMicros, tMicros === start || (!isFar && start === ended));
		if (!isAtEnd && whole === 1 && tMicros > start) count(v);
	}

	return {
		looksBack: true,
		push(tMicros, v, mostMicros) {
			if (!Number.isFinite(v)) {
				broken = 1;
				return NaN;
			}
			const isFar = broken === 1 || (mostMicros > 0 && tMicros - last.tMicros > mostMicros);
			if (Number.isNaN(end)) begin(tMicros, startOf(tMicros) === tMicros);
			else if (tMicros < end) count(v);
			else pass(tMicros, v, isFar);
			last = { tMicros, v };
			broken = 0;
			return NaN;
		},
		closed() {
			const taken = closed;
			closed = [];
			return taken;
		},
		snapshot: () => [end, sum, whole, uncertain, broken, last.tMicros, last.v],
		restore([e = NaN, s = 0, w = 0, u = 0, b = 0, t = NaN, v = NaN]) {
			[end, sum, whole, uncertain, broken, last] = [e, s, w, u, b, { tMicros: t, v }];
		},
	};
}

/**
 * For which share of the time that is known of each a stream was not 0. A value stands until the next one, for as long as values
 * stand; none where less than nine tenths of the window are known, and uncertain where not all of it is.
 */
export function createShare({ micros, endAfter, startOf }: Bounds): TermState {
	let end = NaN;
	let on = 0;
	let known = 0;
	let last = { tMicros: NaN, v: NaN };
	let closed: ClosedWindow[] = [];

	/** What stood from the last point up to a moment of this window. */
	function stand(fromMicros: number, toMicros: number): void {
		if (Number.isNaN(last.v) || toMicros <= fromMicros) return;
		known += toMicros - fromMicros;
		if (last.v !== 0) on += toMicros - fromMicros;
	}

	function close(): void {
		const length = end - startOf(end - 1);
		const isKnown = known >= KNOWN * length;
		closed.push({ endMicros: end, v: isKnown ? on / known : NaN, isUncertain: known < length });
		[on, known] = [0, 0];
	}

	return {
		looksBack: true,
		push(tMicros, v, mostMicros) {
			if (Number.isNaN(end)) end = endAfter(tMicros);
			const until = mostMicros > 0 ? Math.min(tMicros, last.tMicros + mostMicros) : tMicros;
			let from = last.tMicros;
			while (tMicros >= end) {
				stand(from, Math.min(until, end));
				close();
				from = end;
				end = endAfter(end);
				// Windows of which nothing is known: the last one says so for all.
				const isLost = Number.isNaN(last.v) || until <= from || tMicros - end > MOST_AT_ONCE * micros;
				if (tMicros >= end && isLost) end = from = startOf(tMicros);
			}
			stand(from, until);
			last = { tMicros, v };
			return NaN;
		},
		closed() {
			const taken = closed;
			closed = [];
			return taken;
		},
		snapshot: () => [end, on, known, last.tMicros, last.v],
		restore([e = NaN, o = 0, k = 0, t = NaN, v = NaN]) {
			[end, on, known, last] = [e, o, k, { tMicros: t, v }];
		},
	};
}

/** How long each was, in seconds: by the clocks of a zone not all are alike. */
export function createLength({ endAfter, startOf }: Bounds): TermState {
	let end = NaN;
	let closed: ClosedWindow[] = [];

	function close(endMicros: number): void {
		closed.push({ endMicros, v: (endMicros - startOf(endMicros - 1)) / MICROS_PER_SECOND, isUncertain: false });
	}

	return {
		looksBack: false,
		push(tMicros) {
			if (tMicros >= end) {
				close(end);
				const start = startOf(tMicros);
				if (start > end) close(start);
			}
			if (!(tMicros < end)) end = endAfter(tMicros);
			return NaN;
		},
		closed() {
			const taken = closed;
			closed = [];
			return taken;
		},
		snapshot: () => [end],
		restore([e = NaN]) {
			end = e;
		},
	};
}
