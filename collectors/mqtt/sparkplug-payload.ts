import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { messageOf } from '#contracts/error.ts';

/** Payload of Sparkplug B 3.0 (chapter 6.4), without what is neither number nor text. */
export interface SparkplugPayload {
	/** Milliseconds since 1970. */
	readonly tMs: number | undefined;
	/** 0 to 255, of the edge node. */
	readonly seq: number | undefined;
	readonly metrics: readonly SparkplugMetric[];
}

export interface SparkplugMetric {
	name: string | undefined;
	alias: number | undefined;
	tMs: number | undefined;
	/** One of the specification's numbers, in birth certificates. */
	datatype: number | undefined;
	isHistorical: boolean;
	isNull: boolean;
	/** As carried; what it means is said by its type. undefined: none, or one that is no number. */
	raw: number | bigint | undefined;
	text: string | undefined;
	/** Properties `Quality` and `engUnit`. */
	quality: number | undefined;
	unit: string | undefined;
}

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_METRICS = 100_000;

const TYPES = [
	...['Unknown', 'Int8', 'Int16', 'Int32', 'Int64', 'UInt8', 'UInt16', 'UInt32', 'UInt64', 'Float', 'Double'],
	...['Boolean', 'String', 'DateTime', 'Text', 'UUID', 'DataSet', 'Bytes', 'File', 'Template'],
];
const [INT64, BOOLEAN] = [4, 11];
const TEXTS: readonly (number | undefined)[] = [12, 14, 15];
const INT_BITS: Readonly<Record<number, number>> = { 1: 8, 2: 16, 3: 32 };

export function typeName(datatype: number | undefined): string {
	return TYPES[datatype ?? 0] ?? `type ${datatype}`;
}

export function isNumeric(datatype: number | undefined): boolean {
	return datatype !== undefined && datatype >= 1 && datatype <= BOOLEAN;
}

export function isText(datatype: number | undefined): boolean {
	return TEXTS.includes(datatype);
}

/** @returns why it cannot be read, as text */
export function decodePayload(bytes: Uint8Array): SparkplugPayload | string {
	if (bytes.length > MAX_BYTES) return `${bytes.length} bytes; ${MAX_BYTES} are allowed`;
	try {
		return readPayload(new BinaryReader(bytes));
	} catch (error) {
		return `no Sparkplug payload: ${messageOf(error)}`;
	}
}

/** Signed numbers travel in unsigned fields, as two's complement (6.4.16). */
export function numberOf(raw: number | bigint, datatype: number | undefined): number {
	if (typeof raw === 'bigint') {
		const bits = INT_BITS[datatype ?? 0];
		if (bits !== undefined) return Number(BigInt.asIntN(bits, raw));
		return Number(datatype === INT64 ? BigInt.asIntN(64, raw) : raw);
	}
	const shift = 32 - (INT_BITS[datatype ?? 0] ?? 0);
	return shift === 32 ? raw : (raw << shift) >> shift;
}

function readPayload(reader: BinaryReader): SparkplugPayload {
	const metrics: SparkplugMetric[] = [];
	let tMs: number | undefined;
	let seq: number | undefined;
	while (reader.pos < reader.len) {
		const [field, wire] = reader.tag();
		if (field === 1 && wire === WireType.Varint) tMs = Number(reader.uint64());
		else if (field === 3 && wire === WireType.Varint) seq = Number(reader.uint64());
		else if (field === 2 && wire === WireType.LengthDelimited) {
			if (metrics.length >= MAX_METRICS) throw new RangeError(`more than ${MAX_METRICS} metrics`);
			metrics.push(readMetric(reader));
		} else reader.skip(wire, field);
	}
	return { tMs, seq, metrics };
}

/** In place: a reader of its own for each metric would take a quarter of the time. */
function readMetric(reader: BinaryReader): SparkplugMetric {
	const length = reader.uint32();
	const end = reader.pos + length;
	if (end > reader.len) throw new RangeError('it ends in the middle of a metric');
	const metric: SparkplugMetric = {
		name: undefined,
		alias: undefined,
		tMs: undefined,
		datatype: undefined,
		isHistorical: false,
		isNull: false,
		raw: undefined,
		text: undefined,
		quality: undefined,
		unit: undefined,
	};
	while (reader.pos < end) {
		const [field, wire] = reader.tag();
		const read = wire === WIRES[field] ? READERS[field] : undefined;
		if (read) read(metric, reader);
		else reader.skip(wire, field);
	}
	if (reader.pos !== end) throw new RangeError('a value is longer than its metric');
	return metric;
}

const { Varint, LengthDelimited, Bit32, Bit64 } = WireType;
const WIRES: Readonly<Record<number, WireType>> = {
	...{ 1: LengthDelimited, 2: Varint, 3: Varint, 4: Varint, 5: Varint, 7: Varint, 9: LengthDelimited },
	...{ 10: Varint, 11: Varint, 12: Bit32, 13: Bit64, 14: Varint, 15: LengthDelimited },
};
const READERS: Readonly<Record<number, (metric: SparkplugMetric, reader: BinaryReader) => void>> = {
	1: (metric, reader) => (metric.name = reader.string()),
	2: (metric, reader) => (metric.alias = Number(reader.uint64())),
	3: (metric, reader) => (metric.tMs = Number(reader.uint64())),
	4: (metric, reader) => (metric.datatype = reader.uint32()),
	5: (metric, reader) => (metric.isHistorical = reader.bool()),
	7: (metric, reader) => (metric.isNull = reader.bool()),
	9: (metric, reader) => readProperties(metric, new BinaryReader(reader.bytes())),
	10: (metric, reader) => (metric.raw = reader.uint32()),
	11: (metric, reader) => (metric.raw = BigInt(reader.uint64())),
	12: (metric, reader) => (metric.raw = reader.float()),
	13: (metric, reader) => (metric.raw = reader.double()),
	14: (metric, reader) => (metric.raw = Number(reader.bool())),
	15: (metric, reader) => (metric.text = reader.string()),
};

/** Keys and values are two lists of the same length. */
function readProperties(metric: SparkplugMetric, reader: BinaryReader): void {
	const keys: string[] = [];
	const values: Uint8Array[] = [];
	while (reader.pos < reader.len) {
		const [field, wire] = reader.tag();
		if (field === 1 && wire === LengthDelimited) keys.push(reader.string());
		else if (field === 2 && wire === LengthDelimited) values.push(reader.bytes());
		else reader.skip(wire, field);
	}
	const [quality, unit] = [values[keys.indexOf('Quality')], values[keys.indexOf('engUnit')]];
	if (quality) metric.quality = propertyOf(quality).number;
	if (unit) metric.unit = propertyOf(unit).text;
}

function propertyOf(bytes: Uint8Array): { number?: number; text?: string } {
	const reader = new BinaryReader(bytes);
	const found: { number?: number; text?: string } = {};
	while (reader.pos < reader.len) {
		const [field, wire] = reader.tag();
		if ((field === 3 || field === 4) && wire === Varint) found.number = Number(reader.uint64());
		else if (field === 8 && wire === LengthDelimited) found.text = reader.string();
		else reader.skip(wire, field);
	}
	return found;
}

/** The command that makes an edge node send its birth certificates again (6.4.22). */
export function encodeRebirth(nowMs: number): Uint8Array {
	const metric = new BinaryWriter().tag(1, LengthDelimited).string('Node Control/Rebirth');
	metric.tag(3, Varint).uint64(nowMs).tag(4, Varint).uint32(BOOLEAN).tag(14, Varint).bool(true);
	const payload = new BinaryWriter().tag(1, Varint).uint64(nowMs);
	return payload.tag(2, LengthDelimited).bytes(metric.finish()).finish();
}
