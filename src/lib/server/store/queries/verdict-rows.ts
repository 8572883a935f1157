import { writeInt64 } from '#contracts/int64.ts';
import { viewOf } from '#contracts/rows.ts';
import type { Signal } from '#contracts/verdict.ts';
import type { ContextPoint, Episode } from '#contracts/violation.ts';
import { INCORRECT_DATA, StoreRefusedError } from '../errors.ts';

/**
 * Signals and episodes as ClickHouse's RowBinary. As JSON a busy hub spends more on them than on its points: an
 * episode has two dozen numbers and up to 120 points of context.
 */
export const INSERT_SIGNALS =
	'INSERT INTO signals (stream_id, t, chart, rule, side, span_from, v, limits_id, baseline) FORMAT RowBinary';
export const INSERT_EPISODES =
	'INSERT INTO violations (id, stream_id, chart, rule, side, first_t, last_t, ended_t, active, severity, points, value, ' +
	'centre, sigma, limits_id, span_from, revision, historical, context_before, context_at, context_after, ' +
	'context_complete) FORMAT RowBinary';

interface Out {
	readonly bytes: Buffer;
	readonly view: DataView;
	at: number;
}

/** More than the numbers of a row take, and the lengths of its texts and arrays. */
const NUMBERS_BYTES = 256;
const POINT_BYTES = 16;
/** UTF-8 of one UTF-16 unit. */
const MAX_UNIT_BYTES = 3;

function createOut(room: number): Out {
	const bytes = Buffer.allocUnsafe(room);
	return { bytes, view: viewOf(bytes), at: 0 };
}

/** @throws StoreRefusedError for a number that is none */
export function encodeSignals(signals: readonly Signal[]): Uint8Array {
	const room = signals.reduce((sum, { rule, limitsId }) => sum + NUMBERS_BYTES + roomOf(String(rule), limitsId), 0);
	const out = createOut(room);
	for (const signal of signals) {
		putUint32(out, signal.streamId);
		putMicros(out, signal.tMicros);
		putText(out, signal.chart);
		putText(out, String(signal.rule));
		putText(out, signal.side);
		putMicros(out, signal.spanFromMicros);
		putNumber(out, signal.v, 'v');
		putText(out, signal.limitsId);
		putBool(out, signal.baseline);
	}
	return out.bytes.subarray(0, out.at);
}

/** @throws StoreRefusedError for a number that is none */
export function encodeEpisodes(episodes: readonly Episode[]): Uint8Array {
	const out = createOut(episodes.reduce((sum, episode) => sum + roomOfEpisode(episode), 0));
	for (const episode of episodes) putEpisode(out, episode);
	return out.bytes.subarray(0, out.at);
}

function roomOfEpisode({ id, rule, limitsId, context: { before, at, after } }: Episode): number {
	const points = before.length + at.length + after.length;
	return NUMBERS_BYTES + points * POINT_BYTES + roomOf(id, String(rule), limitsId);
}

function roomOf(...texts: readonly string[]): number {
	return texts.reduce((sum, text) => sum + MAX_UNIT_BYTES * text.length, 0);
}

function putEpisode(out: Out, episode: Episode): void {
	const { context } = episode;
	putText(out, episode.id);
	putUint32(out, episode.streamId);
	putText(out, episode.chart);
	putText(out, String(episode.rule));
	putText(out, episode.side);
	putMicros(out, episode.firstMicros);
	putMicros(out, episode.lastMicros);
	// Nullable: 1 and nothing more, or 0 and the value.
	putBool(out, episode.endedMicros === null);
	if (episode.endedMicros !== null) putMicros(out, episode.endedMicros);
	putBool(out, episode.active);
	putText(out, episode.severity);
	putUint32(out, episode.points);
	putNumber(out, episode.value, 'value');
	putNumber(out, episode.centre, 'centre');
	putNumber(out, episode.sigma, 'sigma');
	putText(out, episode.limitsId);
	putMicros(out, episode.spanFromMicros);
	putMicros(out, episode.revision);
	putBool(out, episode.historical);
	putPoints(out, context.before);
	putPoints(out, context.at);
	putPoints(out, context.after);
	putBool(out, context.complete);
}

function putUint32(out: Out, value: number): void {
	out.view.setUint32(out.at, value, true);
	out.at += 4;
}

/** Any whole number of 64 bits. */
function putMicros(out: Out, value: number): void {
	if (!Number.isSafeInteger(value)) throw odd('a time or a count', value);
	writeInt64(out.view, out.at, value);
	out.at += 8;
}

function putNumber(out: Out, value: number, name: string): void {
	if (!Number.isFinite(value)) throw odd(name, value);
	out.view.setFloat64(out.at, value, true);
	out.at += 8;
}

function odd(name: string, value: number): StoreRefusedError {
	return new StoreRefusedError(`cannot insert a verdict: ${name} is ${value}`, INCORRECT_DATA, undefined);
}

function putBool(out: Out, value: boolean): void {
	out.bytes[out.at++] = value ? 1 : 0;
}

/** LEB128. */
function putLength(out: Out, length: number): void {
	let left = length;
	for (; left > 0x7f; left >>>= 7) out.bytes[out.at++] = (left & 0x7f) | 0x80;
	out.bytes[out.at++] = left;
}

/** Words and ids are ASCII and short: written one by one they cost less than a call into the encoder. */
function putText(out: Out, text: string): void {
	const from = out.at;
	putLength(out, text.length);
	for (let i = 0; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		if (unit > 0x7f) return putEncoded(out, from, text);
		out.bytes[out.at++] = unit;
	}
}

function putEncoded(out: Out, from: number, text: string): void {
	out.at = from;
	putLength(out, Buffer.byteLength(text));
	out.at += out.bytes.write(text, out.at);
}

function putPoints(out: Out, points: readonly ContextPoint[]): void {
	putLength(out, points.length);
	for (const { tMicros, v } of points) {
		putMicros(out, tMicros);
		putNumber(out, v, 'v');
	}
}
