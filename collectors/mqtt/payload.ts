import { QUALITY, type Quality } from '#contracts/point.ts';
import { quote } from '#contracts/stream.ts';
import { createBurstReader, type BurstConfig } from '../kit/burst.ts';
import { jsonNumber, textNumber } from '../kit/json-number.ts';
import { createTimeReader } from '../kit/time-reader.ts';
import type { Subscription } from './config.ts';
import { parseJsonPath, type JsonPath } from './json-path.ts';

/** What one message says. */
export interface Reading {
	/** undefined: it names no time, that of its arrival counts. */
	readonly tMicros: number | undefined;
	readonly quality: Quality;
	/** In the order of the reader's names. NaN: the device says that it has no value; undefined: nothing is said. */
	readonly values: readonly (number | undefined)[];
	/** Of single values; each of them is NaN above. */
	readonly faults: readonly string[];
}

export interface PayloadReader {
	/** Of the values, for `{name}`; one empty name when there is but one value. */
	readonly names: readonly string[];
	/** Whether a value has the unit of the entry; all have unless this says otherwise. */
	hasUnit?(name: string): boolean;
	/** @returns why nothing of it can be read, as text */
	read(payload: Buffer): Reading | string;
}

/** A number in a topic of its own is short; what is longer is something else. */
const MAX_NUMBER_BYTES = 64;
/** JSON.parse holds up everything else meanwhile: this much takes about ten milliseconds. */
const MAX_JSON_BYTES = 1024 * 1024;

const NO_FAULTS: readonly string[] = [];

export function createPayloadReader(entry: Subscription): PayloadReader {
	if (entry.format === 'number') return numberReader();
	return entry.burst ? burstReader(entry, entry.burst) : jsonReader(entry);
}

function numberReader(): PayloadReader {
	return {
		names: [''],
		read(payload) {
			if (payload.length > MAX_NUMBER_BYTES) return `${payload.length} bytes are no number`;
			const v = textNumber(payload.toString());
			if (typeof v === 'string') return v;
			return { tMicros: undefined, quality: QUALITY.good, values: [v], faults: NO_FAULTS };
		},
	};
}

function jsonReader(entry: Subscription): PayloadReader {
	const paths = Object.entries(entry.values ?? { '': entry.value ?? '$' });
	const readers = paths.map(([, path]) => pathOf(path));
	const readFrame = frameReader(entry);
	const isAlone = entry.values === undefined;

	function read(document: unknown): Reading | string {
		const frame = readFrame(document);
		if (typeof frame === 'string') return frame;
		let faults = NO_FAULTS;
		let found = 0;
		const values = readers.map((value, i) => {
			const v = jsonNumber(value(document));
			if (v !== undefined) found++;
			if (typeof v !== 'string') return v;
			faults = [...faults, `${paths[i]?.[1]}: ${v}`];
			return NaN;
		});
		if (found === 0) return isAlone ? `${paths[0]?.[1]} is not in it` : 'none of its values is in it';
		return { ...frame, values, faults };
	}

	return { names: paths.map(([name]) => name), read: documentOf(read) };
}

/** An array of samples: its features are the values. */
function burstReader(entry: Subscription, config: BurstConfig): PayloadReader {
	const path = entry.value ?? '$';
	const samples = pathOf(path);
	const burst = createBurstReader(config);
	const rpm = pathOf(typeof burst.rpm === 'string' ? burst.rpm : '$');
	const readFrame = frameReader(entry);

	function read(document: unknown): Reading | string {
		const frame = readFrame(document);
		if (typeof frame === 'string') return frame;
		const turns = typeof burst.rpm === 'string' ? jsonNumber(rpm(document)) : burst.rpm;
		const values = burst.read(samples(document), typeof turns === 'number' ? turns : NaN);
		return typeof values === 'string' ? `${path}: ${values}` : { ...frame, values, faults: NO_FAULTS };
	}

	return { names: burst.names, hasUnit: burst.hasUnit, read: documentOf(read) };
}

/** Time and quality, which all values of a document share. */
function frameReader(entry: Subscription): (document: unknown) => Pick<Reading, 'tMicros' | 'quality'> | string {
	const readTime = entry.time === undefined ? undefined : createTimeReader(entry.timeUnit);
	const time = pathOf(entry.time ?? '$');
	const quality = entry.quality === undefined ? undefined : pathOf(entry.quality);
	return (document) => {
		const t = readTime?.(time(document));
		if (typeof t === 'string') return `${entry.time}: ${t}`;
		const q = quality ? qualityOf(quality(document)) : QUALITY.good;
		return typeof q === 'string' ? `${entry.quality}: ${q}` : { tMicros: t, quality: q };
	};
}

function documentOf(read: (document: unknown) => Reading | string): PayloadReader['read'] {
	return (payload) => {
		if (payload.length > MAX_JSON_BYTES) return `${payload.length} bytes; ${MAX_JSON_BYTES} are allowed`;
		const document = parseJson(payload);
		return document === INVALID ? `${shown(payload)} is no JSON` : read(document);
	};
}

/** @returns what a tag says and when; undefined: nothing; as text why it cannot be read */
export type TagReader = (
	payload: Buffer,
) => { readonly tMicros: number | undefined; readonly value: string | number } | string | undefined;

/** A text of its own, or what stands at a path of a document. */
export function createTagReader(entry: Subscription): TagReader {
	const isText = entry.format === 'number' || entry.value === undefined;
	const path = pathOf(entry.value ?? '$');
	const readFrame = frameReader(entry);
	return (payload) => {
		if (payload.length > MAX_JSON_BYTES) return `${payload.length} bytes; ${MAX_JSON_BYTES} are allowed`;
		const document = parseJson(payload);
		if (document === INVALID)
			return isText ? { tMicros: undefined, value: payload.toString() } : `${shown(payload)} is no JSON`;
		const found = path(document);
		const value = typeof found === 'boolean' ? Number(found) : found;
		if (typeof value !== 'string' && typeof value !== 'number') return undefined;
		const frame = entry.time === undefined ? { tMicros: undefined } : readFrame(document);
		return typeof frame === 'string' ? frame : { tMicros: frame.tMicros, value };
	};
}

const INVALID = Symbol('invalid');

function parseJson(payload: Buffer): unknown {
	try {
		return JSON.parse(payload.toString()) as unknown;
	} catch {
		return INVALID;
	}
}

function pathOf(text: string): JsonPath {
	const path = parseJsonPath(text);
	if (!path) throw new RangeError(`no JSON path: ${text}`);
	return path;
}

const QUALITY_WORDS: Readonly<Record<string, Quality>> = {
	good: QUALITY.good,
	uncertain: QUALITY.uncertain,
	bad: QUALITY.bad,
};

/** Numbers are OPC's: the two highest of eight bits. A quality that is missing is none to rely on. */
function qualityOf(found: unknown): Quality | string {
	if (found === undefined || found === null) return QUALITY.uncertain;
	if (typeof found === 'boolean') return found ? QUALITY.good : QUALITY.bad;
	if (typeof found === 'number' && Number.isInteger(found) && found >= 0 && found <= 255) {
		if (found >= QUALITY.good) return QUALITY.good;
		return found >= QUALITY.uncertain && found < 128 ? QUALITY.uncertain : QUALITY.bad;
	}
	const word = typeof found === 'string' ? found.toLowerCase() : '';
	const known = Object.hasOwn(QUALITY_WORDS, word) ? QUALITY_WORDS[word] : undefined;
	return known ?? `${shownValue(found)} is no quality`;
}

function shownValue(found: unknown): string {
	return typeof found === 'string' ? quote(found) : typeof found === 'number' ? String(found) : `a ${typeof found}`;
}

/** The beginning of a payload for an error line. */
function shown(payload: Buffer): string {
	return quote(payload.subarray(0, 200).toString());
}
