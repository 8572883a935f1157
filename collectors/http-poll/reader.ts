import { query } from 'jsonpath-rfc9535';
import { messageOf } from '#contracts/error.ts';
import { quote } from '#contracts/stream.ts';
import { QUALITY } from '#contracts/point.ts';
import { createBurstReader, type BurstReader } from '../kit/burst.ts';
import { jsonNumber } from '../kit/json-number.ts';
import { createTimeReader } from '../kit/time-reader.ts';
import type { EventOption, TagEvent } from '../kit/tag-event.ts';
import type { Track, Tracks } from '../kit/track.ts';
import type { HttpPollConfig, ValueEntry } from './config.ts';

/** JSON.parse holds up everything else meanwhile: this much takes about ten milliseconds. */
export const MAX_DOCUMENT_BYTES = 1024 * 1024;

type Braces = Readonly<Record<string, string>>;

interface Burst {
	readonly burst: BurstReader;
	readonly braces: Braces;
	readonly node: unknown;
	readonly tMicros: number;
}

export interface ReaderOptions {
	readonly config: HttpPollConfig;
	readonly tracks: Tracks;
	/** Each text once. */
	readonly onFault: (message: string) => void;
}

/** @returns what takes a document and the time of its answer. @throws Error when the document cannot be read at all */
export function createReader({ config, tracks, onFault }: ReaderOptions): (text: string, atMicros: number) => void {
	const readTime = createTimeReader(config.timeUnit);
	const open = new Map<string, Track>();
	/** Which streams each entry had in the answer before: what is missing now has no value. */
	const before = config.values.map(() => new Set<Track>());

	const tags = new Map<string, TagEvent>();
	const bursts = config.values.map(({ burst, scale }) => burst && createBurstReader(burst, scale));

	function trackOf(
		entry: ValueEntry,
		braces: Braces,
		feature?: { readonly name: string; readonly hasUnit: boolean },
	): Track {
		const key = `${fill(entry.stream, braces)}${feature ? `/${feature.name}` : ''}`;
		const labels = Object.fromEntries(Object.entries(entry.labels).map(([name, text]) => [name, fill(text, braces)]));
		const name = JSON.stringify([key, labels]);
		const known = open.get(name);
		if (known) return known;
		if (open.size >= config.maxStreams) throw new Error(`more than maxStreams (${config.maxStreams}) streams`);
		const unit = feature?.hasUnit === false ? '' : entry.unit;
		const track = tracks.open({ key, unit, labels, entry: `values[${config.values.indexOf(entry)}]` });
		open.set(name, track);
		return track;
	}

	function timeIn(node: unknown, path: string): number {
		const t = readTime(one(node, path));
		if (typeof t === 'string') throw new Error(`${path}: ${t}`);
		return t;
	}

	function take(entry: ValueEntry, node: unknown, { index, tMicros }: { index: number; tMicros: number }): Track[] {
		const named = entry.name === undefined ? undefined : one(node, entry.name);
		if (entry.name !== undefined && typeof named !== 'string' && typeof named !== 'number')
			throw new Error(`${entry.name}: there is no name`);
		const braces = { name: String(named ?? ''), index: String(index) };
		const t = entry.time === undefined ? tMicros : timeIn(node, entry.time);
		if (entry.event) return takeEvent(entry, { event: entry.event, braces, node, tMicros: t });
		const burst = bursts[config.values.indexOf(entry)];
		if (burst) return takeBurst(entry, { burst, braces, node, tMicros: t });
		const track = trackOf(entry, braces);
		const v = scaled(jsonNumber(one(node, entry.value)), entry);
		// What has the time of before is what was read before.
		if (t <= (track.lastMicros() ?? -Infinity)) return [track];
		if (typeof v === 'number' && !isNaN(v)) track.point(t, v, QUALITY.good);
		else track.none(t, typeof v === 'string' ? v : 'no value');
		if (typeof v === 'string') onFault(`${entry.path}: ${v}`);
		return [track];
	}

	function takeEvent(
		entry: ValueEntry,
		{ event, braces, node, tMicros }: Omit<Burst, 'burst'> & { readonly event: EventOption },
	): Track[] {
		const key = fill(entry.stream, braces);
		const tag = tags.get(key) ?? tracks.openEvent({ key, event });
		tags.set(key, tag);
		const found = one(node, entry.value);
		const value = typeof found === 'boolean' ? Number(found) : found;
		if (typeof value === 'string' || typeof value === 'number') tag.take(tMicros, value);
		return [];
	}

	function takeBurst(entry: ValueEntry, { burst, braces, node, tMicros }: Burst): Track[] {
		const all = burst.names.map((name) => trackOf(entry, braces, { name, hasUnit: burst.hasUnit(name) }));
		if (tMicros <= (all[0]?.lastMicros() ?? -Infinity)) return all;
		const rpm = typeof burst.rpm === 'string' ? jsonNumber(one(node, burst.rpm)) : burst.rpm;
		const features = burst.read(one(node, entry.value), typeof rpm === 'number' ? rpm : NaN);
		if (typeof features === 'string') onFault(`${entry.path}: ${features}`);
		all.forEach((track, i) => {
			const v = typeof features === 'string' ? NaN : (features[i] ?? NaN);
			if (Number.isFinite(v)) track.point(tMicros, v, QUALITY.good);
			else track.none(tMicros, typeof features === 'string' ? features : 'the burst has no such feature');
		});
		return all;
	}

	function takeEntry(entry: ValueEntry, document: unknown, i: number, tMicros: number): void {
		const nodes = query(document as never, entry.path) as unknown[];
		if (nodes.length === 0) onFault(`${entry.path} is not in the answer`);
		if (nodes.length > 1 && !/\{(name|index)\}/.test(JSON.stringify([entry.stream, entry.labels])))
			throw new Error(`${entry.path} finds ${nodes.length} values: put {name} or {index} into "stream"`);
		const now = new Set<Track>();
		nodes.forEach((node, index) => {
			try {
				for (const track of take(entry, node, { index, tMicros })) now.add(track);
			} catch (error) {
				onFault(`${entry.path}: ${messageOf(error)}`);
			}
		});
		for (const track of before[i] ?? []) if (!now.has(track)) track.none(tMicros, 'it is not in the answer');
		before[i] = now;
	}

	return (text, atMicros) => {
		const document = parse(text);
		const tMicros = config.time === undefined ? atMicros : timeIn(document, config.time);
		config.values.forEach((entry, i) => {
			try {
				takeEntry(entry, document, i, tMicros);
			} catch (error) {
				onFault(messageOf(error));
			}
		});
	};
}

/** @returns NaN when there is none, a text when there should be one */
function scaled(v: number | string | undefined, { scale, offset }: ValueEntry): number | string | undefined {
	if (typeof v !== 'number' || isNaN(v)) return v;
	const result = v * scale + offset;
	return Number.isFinite(result) ? result : `${v} * ${scale} + ${offset} is beyond what a double can hold`;
}

/** @returns the first that is there; undefined when nothing is */
function one(node: unknown, path: string): unknown {
	return path === '$' ? node : (query(node as never, path) as unknown[])[0];
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		throw new Error(`the answer is no JSON: ${quote(text)}`);
	}
}

function fill(template: string, braces: Readonly<Record<string, string>>): string {
	return template.replace(/\{([^{}]*)\}/g, (all, name: string) => braces[name] ?? all);
}
