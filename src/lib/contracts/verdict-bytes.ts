import { CHARTS, type Rule, type Side } from './chart.ts';
import type { Limits } from './limits.ts';
import type { DerivedPoint, Signal, Verdict } from './verdict.ts';
import type { ContextPoint, Episode, Severity } from './violation.ts';

/**
 * A record of verdicts as bytes, little endian: u8 version, 3 bytes of nothing, u32 entries, f64 inputSeq; then entries:
 * u32 bytes of the entry, u8 kind, and
 *
 * - a signal: u8 chart, u8 rule, u8 side, u8 bits, u32 stream, f64 t, span, v; texts: limits id, rule;
 * - limits: their JSON, since they are as rare as new plans;
 * - points: 3 bytes of nothing, f64 received, u32 points; then each: u32 stream, f64 t, v, u8 quality, u8 flags;
 * - an episode: u8 chart, u8 rule, u8 side, u32 stream, f64 revision, u8 severity, u8 bits, f64 first, last, ended, points,
 *   value, centre, sigma, span, then u16 points before, at, after; texts: id, limits id, rule; the points as f64 t, f64 v.
 *
 * What a reader of many records needs to pick the ones that it wants stands at fixed places, so that it passes over the
 * rest. Every double comes back to the bit.
 */
export const VERSION = 1;
export const HEADER_BYTES = 16;

export const KIND = { signal: 0, limits: 1, opened: 2, updated: 3, ended: 4, points: 5 } as const;
const EPISODE_TYPES = [undefined, undefined, 'violation.opened', 'violation.updated', 'violation.ended'] as const;
export type EpisodeType = Extract<Verdict, { episode: Episode }>['type'];
const KINDS: Readonly<Record<Verdict['type'], number>> = {
	signal: KIND.signal,
	limits: KIND.limits,
	'violation.opened': KIND.opened,
	'violation.updated': KIND.updated,
	'violation.ended': KIND.ended,
	points: KIND.points,
};

/** Positions are codes: these lists only ever grow at their end. */
const SIDES: readonly Side[] = ['above', 'below', 'both', 'none'];
const SEVERITIES: readonly Severity[] = ['info', 'warning', 'critical'];
/** 0 = the rule has a name of its own, which stands among the texts. */
const RULES: readonly Rule[] = ['', 1, 2, 3, 4, 5, 6, 7, 8, 'limit', 'no-data', 'out-of-spec'];

const BIT = { active: 1, historical: 2, complete: 4, isEnded: 8, baseline: 16 } as const;

/** Offsets within an entry. */
export const AT = { kind: 4, chart: 5, rule: 6, side: 7, stream: 8, revision: 12, severity: 20, bits: 21, first: 22 };
const EPISODE = { last: 30, ended: 38, points: 46, value: 54, centre: 62, sigma: 70, span: 78, counts: 86, texts: 92 };
const SIGNAL = { stream: 9, bits: 8, t: 13, span: 21, v: 29, texts: 37 };
const LIMITS_AT = 5;
const POINTS = { received: 8, count: 16, rows: 20 };
const DERIVED_BYTES = 22;
const POINT_BYTES = 16;

interface Writer {
	readonly bytes: Uint8Array;
	readonly view: DataView;
	at: number;
}

/** @returns an upper bound of what a verdict takes */
export function roomFor(verdict: Verdict): number {
	if (verdict.type === 'signal')
		return SIGNAL.texts + roomForText(verdict.signal.limitsId) + roomForRule(verdict.signal.rule);
	if (verdict.type === 'limits') return LIMITS_AT + 3 * JSON.stringify(verdict.limits).length;
	if (verdict.type === 'points') return POINTS.rows + verdict.points.length * DERIVED_BYTES;
	const { id, limitsId, rule, context } = verdict.episode;
	const points = context.before.length + context.at.length + context.after.length;
	return EPISODE.texts + roomForText(id) + roomForText(limitsId) + roomForRule(rule) + points * POINT_BYTES;
}

const roomForText = (text: string) => 4 + 2 * text.length;
const roomForRule = (rule: Rule) => (typeof rule === 'string' ? roomForText(rule) : 0);

export function writeVerdict(to: Writer, verdict: Verdict): void {
	const from = to.at;
	to.view.setUint8(from + AT.kind, KINDS[verdict.type]);
	if (verdict.type === 'signal') writeSignal(to, verdict.signal);
	else if (verdict.type === 'limits') writeLimits(to, verdict.limits);
	else if (verdict.type === 'points') writeDerived(to, verdict);
	else writeEpisode(to, verdict.episode);
	to.view.setUint32(from, to.at - from, true);
}

function writeLimits(to: Writer, limits: Limits): void {
	const { written } = new TextEncoder().encodeInto(JSON.stringify(limits), to.bytes.subarray(to.at + LIMITS_AT));
	to.at += LIMITS_AT + written;
}

function writeDerived(to: Writer, { receivedMicros, points }: Extract<Verdict, { type: 'points' }>): void {
	const { view } = to;
	view.setFloat64(to.at + POINTS.received, receivedMicros, true);
	view.setUint32(to.at + POINTS.count, points.length, true);
	to.at += POINTS.rows;
	for (const { streamId, tMicros, v, quality, flags } of points) {
		view.setUint32(to.at, streamId, true);
		view.setFloat64(to.at + 4, tMicros, true);
		view.setFloat64(to.at + 12, v, true);
		view.setUint8(to.at + 20, quality);
		view.setUint8(to.at + 21, flags);
		to.at += DERIVED_BYTES;
	}
}

function writeSignal(to: Writer, signal: Signal): void {
	const { view, at } = to;
	const rule = codeOfRule(signal.rule);
	view.setUint8(at + AT.chart, CHARTS.indexOf(signal.chart));
	view.setUint8(at + AT.rule, rule);
	view.setUint8(at + AT.side, SIDES.indexOf(signal.side));
	view.setUint8(at + SIGNAL.bits, signal.baseline ? BIT.baseline : 0);
	view.setUint32(at + SIGNAL.stream, signal.streamId, true);
	view.setFloat64(at + SIGNAL.t, signal.tMicros, true);
	view.setFloat64(at + SIGNAL.span, signal.spanFromMicros, true);
	view.setFloat64(at + SIGNAL.v, signal.v, true);
	to.at += SIGNAL.texts;
	writeText(to, signal.limitsId);
	if (rule === 0) writeText(to, signal.rule as string);
}

function writeEpisode(to: Writer, episode: Episode): void {
	const { view, at } = to;
	const { context } = episode;
	const rule = codeOfRule(episode.rule);
	view.setUint8(at + AT.chart, CHARTS.indexOf(episode.chart));
	view.setUint8(at + AT.rule, rule);
	view.setUint8(at + AT.side, SIDES.indexOf(episode.side));
	view.setUint32(at + AT.stream, episode.streamId, true);
	view.setFloat64(at + AT.revision, episode.revision, true);
	view.setUint8(at + AT.severity, SEVERITIES.indexOf(episode.severity));
	view.setUint8(at + AT.bits, bitsOf(episode));
	view.setFloat64(at + AT.first, episode.firstMicros, true);
	view.setFloat64(at + EPISODE.last, episode.lastMicros, true);
	view.setFloat64(at + EPISODE.ended, episode.endedMicros ?? 0, true);
	view.setFloat64(at + EPISODE.points, episode.points, true);
	view.setFloat64(at + EPISODE.value, episode.value, true);
	view.setFloat64(at + EPISODE.centre, episode.centre, true);
	view.setFloat64(at + EPISODE.sigma, episode.sigma, true);
	view.setFloat64(at + EPISODE.span, episode.spanFromMicros, true);
	view.setUint16(at + EPISODE.counts, context.before.length, true);
	view.setUint16(at + EPISODE.counts + 2, context.at.length, true);
	view.setUint16(at + EPISODE.counts + 4, context.after.length, true);
	to.at += EPISODE.texts;
	writeText(to, episode.id);
	writeText(to, episode.limitsId);
	if (rule === 0) writeText(to, episode.rule as string);
	writePoints(to, context.before);
	writePoints(to, context.at);
	writePoints(to, context.after);
}

function bitsOf({ active, historical, endedMicros, context }: Episode): number {
	const ended = endedMicros === null ? 0 : BIT.isEnded;
	return (active ? BIT.active : 0) | (historical ? BIT.historical : 0) | (context.complete ? BIT.complete : 0) | ended;
}

function codeOfRule(rule: Rule): number {
	return rule === '' ? 0 : Math.max(0, RULES.indexOf(rule));
}

/** u32 of 2 × units + 1 where one does not fit into a byte, then the UTF-16 units: half a surrogate pair survives too. */
function writeText(to: Writer, text: string): void {
	const { view, bytes } = to;
	const from = to.at + 4;
	for (let i = 0; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		if (unit > 0xff) return writeWide(to, text);
		bytes[from + i] = unit;
	}
	view.setUint32(to.at, text.length * 2, true);
	to.at = from + text.length;
}

function writeWide(to: Writer, text: string): void {
	to.view.setUint32(to.at, text.length * 2 + 1, true);
	for (let i = 0; i < text.length; i++) to.view.setUint16(to.at + 4 + 2 * i, text.charCodeAt(i), true);
	to.at += 4 + 2 * text.length;
}

function writePoints(to: Writer, points: readonly ContextPoint[]): void {
	let { at } = to;
	for (const { tMicros, v } of points) {
		to.view.setFloat64(at, tMicros, true);
		to.view.setFloat64(at + 8, v, true);
		at += POINT_BYTES;
	}
	to.at = at;
}

/** Bytes of one record, and where it is read. */
export interface Reader {
	readonly bytes: Uint8Array;
	readonly view: DataView;
	at: number;
}

/** @throws RangeError when these are no such record, from its header to the last length in it */
export function openVerdicts(bytes: Uint8Array): {
	readonly reader: Reader;
	readonly inputSeq: number;
	readonly count: number;
} {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (bytes.length < HEADER_BYTES) throw new RangeError(`cannot read verdicts: ${bytes.length} bytes are no header`);
	const version = view.getUint8(0);
	if (version !== VERSION) throw new RangeError(`cannot read verdicts: version ${version} instead of ${VERSION}`);
	const count = view.getUint32(4, true);
	const reader = { bytes, view, at: HEADER_BYTES };
	for (let i = 0; i < count; i++) check(reader);
	if (reader.at !== bytes.length)
		throw new RangeError(`cannot read verdicts: ${bytes.length - reader.at} bytes too many`);
	reader.at = HEADER_BYTES;
	return { reader, inputSeq: view.getFloat64(8, true), count };
}

/** That an entry is as long as what it says of itself, so that reading it later cannot fail. Goes to the next one. */
function check(reader: Reader): void {
	const { view, at } = reader;
	const end = at + view.getUint32(at, true);
	const kind = kindAt(reader);
	if (kind === KIND.limits) reader.at = end;
	else if (kind === KIND.points) reader.at = at + POINTS.rows + view.getUint32(at + POINTS.count, true) * DERIVED_BYTES;
	else if (kind === KIND.signal) {
		reader.at = at + SIGNAL.texts;
		checkCodes(reader, at);
		passTexts(reader, view.getUint8(at + AT.rule) === 0 ? 2 : 1);
	} else if (kind <= KIND.ended) {
		const counts = at + EPISODE.counts;
		const points = view.getUint16(counts, true) + view.getUint16(counts + 2, true) + view.getUint16(counts + 4, true);
		reader.at = at + EPISODE.texts;
		checkCodes(reader, at);
		if (view.getUint8(at + AT.severity) >= SEVERITIES.length)
			throw new RangeError('cannot read verdicts: no such severity');
		passTexts(reader, view.getUint8(at + AT.rule) === 0 ? 3 : 2);
		reader.at += points * POINT_BYTES;
	} else throw new RangeError(`cannot read verdicts: there is no kind ${kind}`);
	if (reader.at !== end || end > view.byteLength || end <= at)
		throw new RangeError(`cannot read verdicts: an entry of ${end - at} bytes is ${reader.at - at} long`);
}

/** What a later version writes and this one has no word for. */
function checkCodes({ view }: Reader, at: number): void {
	const [chart, rule, side] = [view.getUint8(at + AT.chart), view.getUint8(at + AT.rule), view.getUint8(at + AT.side)];
	if (chart >= CHARTS.length || rule >= RULES.length || side >= SIDES.length)
		throw new RangeError(`cannot read verdicts: chart ${chart}, rule ${rule} or side ${side} is not known`);
}

function passTexts(reader: Reader, count: number): void {
	for (let i = 0; i < count; i++) {
		const length = reader.view.getUint32(reader.at, true);
		reader.at += 4 + (length & 1 ? length - 1 : length >>> 1);
	}
}

export function kindAt({ view, at }: Reader): number {
	return view.getUint8(at + AT.kind);
}

export function episodeTypeOf(kind: number): EpisodeType {
	return EPISODE_TYPES[kind] ?? 'violation.updated';
}

/** @returns where the next entry begins */
export function nextEntry({ view, at }: Reader): number {
	return at + view.getUint32(at, true);
}

export function readRevision({ view, at }: Reader): number {
	return view.getFloat64(at + AT.revision, true);
}

/** Of the episode where the reader stands. */
export function readId({ bytes, view, at }: Reader): string {
	return readText({ bytes, view, at: at + EPISODE.texts });
}

/** These read the entry where the reader stands and leave it there. */
export function readLimits({ bytes, view, at }: Reader): Limits {
	const json = bytes.subarray(at + LIMITS_AT, nextEntry({ bytes, view, at }));
	return JSON.parse(new TextDecoder().decode(json)) as Limits;
}

export function readDerived({ view, at }: Reader): {
	readonly receivedMicros: number;
	readonly points: readonly DerivedPoint[];
} {
	const points = Array.from({ length: view.getUint32(at + POINTS.count, true) }, (_, i): DerivedPoint => {
		const from = at + POINTS.rows + i * DERIVED_BYTES;
		return {
			streamId: view.getUint32(from, true),
			tMicros: view.getFloat64(from + 4, true),
			v: view.getFloat64(from + 12, true),
			quality: view.getUint8(from + 20),
			flags: view.getUint8(from + 21),
		};
	});
	return { receivedMicros: view.getFloat64(at + POINTS.received, true), points };
}

export function readSignal({ bytes, view, at }: Reader): Signal {
	const texts = { bytes, view, at: at + SIGNAL.texts };
	const limitsId = readText(texts);
	return {
		streamId: view.getUint32(at + SIGNAL.stream, true),
		chart: CHARTS[view.getUint8(at + AT.chart)]!,
		rule: readRule(view.getUint8(at + AT.rule), texts),
		side: SIDES[view.getUint8(at + AT.side)]!,
		tMicros: view.getFloat64(at + SIGNAL.t, true),
		spanFromMicros: view.getFloat64(at + SIGNAL.span, true),
		v: view.getFloat64(at + SIGNAL.v, true),
		limitsId,
		baseline: (view.getUint8(at + SIGNAL.bits) & BIT.baseline) !== 0,
	};
}

export function readEpisode({ bytes, view, at }: Reader): Episode {
	const rest = { bytes, view, at: at + EPISODE.texts };
	const id = readText(rest);
	const limitsId = readText(rest);
	const rule = readRule(view.getUint8(at + AT.rule), rest);
	const bits = view.getUint8(at + AT.bits);
	const counts = at + EPISODE.counts;
	return {
		id,
		streamId: view.getUint32(at + AT.stream, true),
		chart: CHARTS[view.getUint8(at + AT.chart)]!,
		rule,
		side: SIDES[view.getUint8(at + AT.side)]!,
		firstMicros: view.getFloat64(at + AT.first, true),
		lastMicros: view.getFloat64(at + EPISODE.last, true),
		endedMicros: bits & BIT.isEnded ? view.getFloat64(at + EPISODE.ended, true) : null,
		active: (bits & BIT.active) !== 0,
		severity: SEVERITIES[view.getUint8(at + AT.severity)]!,
		points: view.getFloat64(at + EPISODE.points, true),
		value: view.getFloat64(at + EPISODE.value, true),
		centre: view.getFloat64(at + EPISODE.centre, true),
		sigma: view.getFloat64(at + EPISODE.sigma, true),
		limitsId,
		spanFromMicros: view.getFloat64(at + EPISODE.span, true),
		revision: view.getFloat64(at + AT.revision, true),
		context: {
			before: readPoints(rest, view.getUint16(counts, true)),
			at: readPoints(rest, view.getUint16(counts + 2, true)),
			after: readPoints(rest, view.getUint16(counts + 4, true)),
			complete: (bits & BIT.complete) !== 0,
		},
		historical: (bits & BIT.historical) !== 0,
	};
}

function readRule(code: number, texts: Reader): Rule {
	return code === 0 ? readText(texts) : RULES[code]!;
}

/** Ids have 32 characters: as arguments they become a string without a decoder. */
const SHORT = 64;

function readText(reader: Reader): string {
	const { bytes, view, at } = reader;
	const length = view.getUint32(at, true);
	const units = length >>> 1;
	reader.at = at + 4 + (length & 1 ? 2 * units : units);
	if (length & 1)
		return Array.from({ length: units }, (_, i) => String.fromCharCode(view.getUint16(at + 4 + 2 * i, true))).join('');
	if (units <= SHORT)
		return String.fromCharCode.apply(null, bytes.subarray(at + 4, at + 4 + units) as unknown as number[]);
	return Array.from(bytes.subarray(at + 4, at + 4 + units), (unit) => String.fromCharCode(unit)).join('');
}

function readPoints(reader: Reader, count: number): ContextPoint[] {
	const { view } = reader;
	const points = new Array<ContextPoint>(count);
	for (let i = 0; i < count; i++) {
		const at = reader.at + i * POINT_BYTES;
		points[i] = { tMicros: view.getFloat64(at, true), v: view.getFloat64(at + 8, true) };
	}
	reader.at += count * POINT_BYTES;
	return points;
}
