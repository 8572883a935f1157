import { FLAG, QUALITY } from '#contracts/point.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import { touch, type PartitionState } from '../partition-state.ts';
import { nothingWaits, type Derivation, type Feed } from './derivation.ts';
import { lack, put } from './emit.ts';
import { takeVector } from './t2.ts';
import type { ClosedWindow } from './terms.ts';
import {
	addTo,
	dropBefore,
	first,
	flagsAt,
	isFull,
	lengthOf,
	next,
	placeAt,
	qualityAt,
	tAt,
	vAt,
	type Track,
} from './track.ts';

/** Expected intervals that a value stands for where the rule does not say how long. */
const HELD_INTERVALS = 3;

/**
 * A point of a stream that others are derived from has been judged: what that sets free is computed and judged, in the same
 * pass and with the same seq.
 */
export function feedPoint(
	state: PartitionState,
	slot: number,
	tMicros: number,
	v: number,
	quality: number,
	flags: number,
	seq: number,
): void {
	const value = quality === QUALITY.bad ? NaN : v;
	const feeds = state.table.at(slot).feeds!;
	for (let i = 0; i < feeds.length; i++) {
		bring(state, feeds[i]!, tMicros, value, quality, flags);
		decideReached(state, feeds[i]!.derivation, seq);
	}
}

/** From here on the stream has no value, and nothing is looked across. */
export function feedGap(state: PartitionState, slot: number, fromMicros: number, seq: number): void {
	for (const feed of state.table.at(slot).feeds ?? []) {
		const { newestMicros } = feed.derivation.tracks[feed.terms[0]!]!;
		bring(state, feed, Math.max(fromMicros, newestMicros), NaN, QUALITY.bad, 0);
		decideReached(state, feed.derivation, seq);
	}
}

function bring(
	state: PartitionState,
	{ derivation, terms }: Feed,
	tMicros: number,
	v: number,
	quality: number,
	flags: number,
): void {
	touch(state, derivation.slot);
	for (let i = 0; i < terms.length; i++) {
		const term = terms[i]!;
		const stage = derivation.terms[term]!;
		const value = stage.push(tMicros, v, stage.looksBack ? holdMicros(state, derivation, term) : 0);
		if (stage.closed === undefined) addTo(derivation.tracks[term]!, tMicros, value, quality, flags);
		else bringWindows(derivation.tracks[term]!, stage.closed(), tMicros, quality, flags);
	}
}

/** Of windows there is a value at the end of each, and nothing between. */
function bringWindows(
	track: Track,
	closed: readonly ClosedWindow[],
	tMicros: number,
	quality: number,
	flags: number,
): void {
	for (const { endMicros, v, isUncertain } of closed)
		addTo(track, endMicros, v, isUncertain ? Math.min(quality, QUALITY.uncertain) : quality, flags);
	// Everything up to here has come, though it is not told yet.
	track.newestMicros = tMicros;
}

/** How long a value of this input stands for the next one; 0 = it goes with values of the same time only. */
function holdMicros({ table }: PartitionState, { rule, inputs }: Derivation, term: number): number {
	if (rule.hold !== undefined) return rule.hold * MICROS_PER_MS;
	return HELD_INTERVALS * (table.columns.expectMicros[inputs[term]!] ?? 0);
}

/** Up to where every input has come nothing can change any more but by late points, which change nothing. */
function decideReached(state: PartitionState, derivation: Derivation, seq: number): void {
	const { tracks } = derivation;
	const clock = tracks[0]!;
	let reached = clock.newestMicros;
	for (let i = 1; i < tracks.length; i++) reached = Math.min(reached, tracks[i]!.newestMicros);
	if (reached > derivation.decidedMicros) decide(state, derivation, reached, seq);
	// An input that is far behind is not waited for any longer.
	while (isFull(clock)) decide(state, derivation, tAt(clock, first(clock)), seq);
	for (let i = 1; i < tracks.length; i++) if (isFull(tracks[i]!)) dropBefore(tracks[i]!, next(first(tracks[i]!)));
	if (lengthOf(clock) > 0) state.derived.waiting.add(derivation.slot);
}

/** Points at the times of the clock up to this one, each of the newest values that are not after it. */
function decide(state: PartitionState, derivation: Derivation, uptoMicros: number, seq: number): void {
	const { tracks, decidedMicros } = derivation;
	const clock = tracks[0]!;
	const last = placeAt(clock, uptoMicros);
	if (uptoMicros > decidedMicros) derivation.decidedMicros = uptoMicros;
	for (let at = first(clock); at <= last; at = next(at))
		if (tAt(clock, at) > decidedMicros) compute(state, derivation, at, seq);
	dropBefore(clock, next(last));
	for (let i = 1; i < tracks.length; i++) dropBefore(tracks[i]!, placeAt(tracks[i]!, uptoMicros));
}

function compute(state: PartitionState, derivation: Derivation, atClock: number, seq: number): void {
	const { tracks, values, evaluate } = derivation;
	const tMicros = tAt(tracks[0]!, atClock);
	let quality: number = QUALITY.good;
	let flags = 0;
	for (let term = 0; term < tracks.length; term++) {
		const track = tracks[term]!;
		const at = term === 0 ? atClock : placeAt(track, tMicros);
		if (at < first(track)) return lack(state, derivation);
		const age = tMicros - tAt(track, at);
		const v = age > 0 && age > holdMicros(state, derivation, term) ? NaN : vAt(track, at);
		if (v - v !== 0) return lack(state, derivation);
		values[term] = v;
		quality = Math.min(quality, qualityAt(track, at));
		flags |= flagsAt(track, at);
	}
	if (evaluate === undefined) return takeVector(state, derivation, tMicros, quality, flags, seq);
	const v = evaluate(values);
	if (v - v !== 0) return lack(state, derivation);
	put(state, derivation, tMicros, v, quality, flags, seq);
}

/** At a tick: what has waited for other inputs as long as it may is computed of what there is. */
export function decideDue(state: PartitionState, seq: number): void {
	const { waiting } = state.derived;
	if (waiting.size === 0) return;
	const waited = [...waiting].map((slot) => state.table.at(slot).derivation).filter((one) => one !== undefined);
	waiting.clear();
	// As it is before this tick: a restored state knows no more than that.
	const pending = waited.filter(({ tracks }) => lengthOf(tracks[0]!) > 0);
	for (const { slot } of pending) waiting.add(slot);
	for (const derivation of pending.sort((a, b) => a.streamId - b.streamId)) {
		// An import comes as fast as it is read, in whatever order: nothing of it is due by the time here.
		const [clock] = derivation.tracks;
		if ((flagsAt(clock!, first(clock!)) & FLAG.historical) === 0) wait(state, derivation, seq);
	}
}

function wait(state: PartitionState, derivation: Derivation, seq: number): void {
	const { nowMicros } = state.time;
	const { sinceMicros, uptoMicros } = derivation.waiting;
	const [clock] = derivation.tracks;
	const isNoted = uptoMicros > derivation.decidedMicros;
	if (isNoted && nowMicros - sinceMicros < derivation.rule.wait * MICROS_PER_MS) return;
	touch(state, derivation.slot);
	if (isNoted) decide(state, derivation, uptoMicros, seq);
	derivation.waiting =
		lengthOf(clock!) > 0 ? { sinceMicros: nowMicros, uptoMicros: clock!.newestMicros } : nothingWaits();
}
