import { isQuality, QUALITY, type Quality } from '#contracts/point.ts';
import { type Labels, keyFault, quote } from '#contracts/stream.ts';
import { parseTime, timeFault } from '#contracts/time.ts';
import { type Batch, nameFault, refuse, wantStream } from './batch.ts';
import type { RefusalReason } from './metrics.ts';
import type { StreamRegistry } from './registry.ts';
import { pushRow } from './rows.ts';

/** Where a point stands in its document; `of('.v')` is where one of its fields stands. */
export interface Place {
	readonly row: string;
	of(field: string): { readonly path: string; readonly prefix: string };
}

export interface PointReader {
	readonly batch: Batch;
	readonly registry: StreamRegistry;
	readonly site: string;
	readonly nowMicros: number;
}

interface PointFault {
	readonly reason: RefusalReason;
	readonly field: string;
	readonly message: string;
}

const FIELDS = 'stream, t, v, quality, unit, labels';
const NO_LABELS: Labels = {};
const MAX_UNIT_CHARS = 40;
const NOT_IN_UNITS = /[\u0000-\u001f\u007f-\u009f<>\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

/** `{stream, t, v, quality, unit, labels}` of a JSON body: a row of the batch, or a fault that names place and cause. */
export function readPoint(reader: PointReader, item: unknown, place: Place): void {
	const { batch } = reader;
	const fail = ({ reason, field, message }: PointFault) => {
		const { path, prefix } = place.of(field);
		refuse(batch, reason, { path, message: prefix + message });
	};
	if (typeof item !== 'object' || item === null || Array.isArray(item))
		return refuse(batch, 'malformed', { path: place.row, message: `is ${describe(item)}, not a point` });
	const point = item as Readonly<Record<string, unknown>>;
	const fault = faultOf(point);
	if (fault !== undefined) return fail(fault);

	const tMicros = point.t === undefined ? reader.nowMicros : parseTime(point.t);
	if (tMicros === undefined) return fail({ reason: 'time', field: '.t', message: badTime(point.t) });
	const outside = timeFault(tMicros, reader.nowMicros);
	if (outside !== undefined) {
		batch.refusedMicros = Math.max(batch.refusedMicros, tMicros);
		return fail({ reason: 'time', field: '.t', message: outside + hint(point.t) });
	}
	if (point.t === undefined) batch.stamped = true;

	const stream = streamOf(reader, point, place);
	if (typeof stream === 'string') {
		const field = keyFault(point.stream) === undefined ? '.labels' : '.stream';
		return fail({ reason: 'stream', field, message: stream });
	}
	pushRow(batch.rows, stream, tMicros, point.v as number, (point.quality as Quality | undefined) ?? QUALITY.good);
}

/** Everything but time and name. */
function faultOf(point: Readonly<Record<string, unknown>>): PointFault | undefined {
	for (const name in point) {
		if (isField(name)) continue;
		return { reason: 'field', field: `.${name.slice(0, 60)}`, message: `unknown field; a point has ${FIELDS}` };
	}
	if (typeof point.v !== 'number' || !Number.isFinite(point.v))
		return { reason: 'value', field: '.v', message: `must be a finite number, not ${describe(point.v)}` };
	if (point.quality !== undefined && !isQuality(point.quality))
		return {
			reason: 'quality',
			field: '.quality',
			message: `must be 0 (bad), 64 (uncertain) or 192 (good), not ${describe(point.quality)}`,
		};
	if (point.unit !== undefined && !isUnit(point.unit))
		return {
			reason: 'unit',
			field: '.unit',
			message: `must be a string of up to ${MAX_UNIT_CHARS} characters without control characters, < and >`,
		};
	return undefined;
}

function isField(name: string): boolean {
	switch (name) {
		case 'stream':
		case 't':
		case 'v':
		case 'quality':
		case 'unit':
		case 'labels':
			return true;
		default:
			return false;
	}
}

/** @returns what the row carries, or why the name cannot be one */
function streamOf(reader: PointReader, point: Readonly<Record<string, unknown>>, place: Place): number | string {
	const { registry, site, batch } = reader;
	const { stream: key, labels = NO_LABELS } = point;
	const unit = (point.unit as string | undefined) ?? '';
	if (labels !== NO_LABELS || typeof key !== 'string') {
		const fault = nameFault(key, labels);
		if (fault !== undefined) return fault;
	}
	const known = registry.find(site, key as string, labels as Labels);
	if (known !== undefined && (unit === '' || unit === known.unit)) return known.id;
	const fault = nameFault(key, labels);
	if (fault !== undefined) return fault;
	const wanted = { site, key: key as string, labels: labels as Labels, kind: known?.kind ?? 'machine', unit } as const;
	return wantStream(batch, wanted, place.row);
}

export function isUnit(unit: unknown): unit is string {
	return typeof unit === 'string' && unit.length <= MAX_UNIT_CHARS && !NOT_IN_UNITS.test(unit);
}

function badTime(t: unknown): string {
	return `${describe(t)} is no time: write RFC 3339 like "2026-01-31T12:00:00Z" or integer microseconds`;
}

/** The commonest mistake has its own words: seconds or milliseconds where microseconds belong. */
function hint(t: unknown): string {
	if (typeof t !== 'number' || t <= 0) return '';
	const year2000 = 946_684_800;
	if (t > year2000 && t < year2000 * 10) return ' (seconds? numbers are microseconds)';
	if (t > year2000 * 1e3 && t < year2000 * 1e4) return ' (milliseconds? numbers are microseconds)';
	return '';
}

function describe(value: unknown): string {
	if (value === undefined) return 'missing';
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'an array';
	if (typeof value === 'object') return 'an object';
	return typeof value === 'string' ? quote(value) : String(value);
}
