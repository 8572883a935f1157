import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** A metric as an edge node writes it; the fields are those of the specification's protobuf. */
export interface TestMetric {
	readonly name?: string;
	readonly alias?: number;
	readonly tMs?: number;
	readonly datatype?: number;
	readonly isHistorical?: boolean;
	readonly isNull?: boolean;
	readonly int?: number;
	readonly long?: bigint;
	readonly float?: number;
	readonly double?: number;
	readonly bool?: boolean;
	readonly string?: string;
	readonly properties?: Readonly<Record<string, number | string>>;
}

export const TYPE = { int8: 1, int16: 2, int32: 3, int64: 4, uint64: 8, float: 9, double: 10, bool: 11, string: 12 };

const { Varint, LengthDelimited, Bit32, Bit64 } = WireType;

export function encodeTestPayload(payload: {
	readonly tMs?: number;
	readonly seq?: number;
	readonly metrics?: readonly TestMetric[];
}): Buffer {
	const writer = new BinaryWriter();
	if (payload.tMs !== undefined) writer.tag(1, Varint).uint64(payload.tMs);
	for (const metric of payload.metrics ?? []) writer.tag(2, LengthDelimited).bytes(encodeMetric(metric));
	if (payload.seq !== undefined) writer.tag(3, Varint).uint64(payload.seq);
	return Buffer.from(writer.finish());
}

function encodeMetric(metric: TestMetric): Uint8Array {
	const writer = new BinaryWriter();
	if (metric.name !== undefined) writer.tag(1, LengthDelimited).string(metric.name);
	if (metric.alias !== undefined) writer.tag(2, Varint).uint64(metric.alias);
	if (metric.tMs !== undefined) writer.tag(3, Varint).uint64(metric.tMs);
	if (metric.datatype !== undefined) writer.tag(4, Varint).uint32(metric.datatype);
	if (metric.isHistorical !== undefined) writer.tag(5, Varint).bool(metric.isHistorical);
	if (metric.isNull !== undefined) writer.tag(7, Varint).bool(metric.isNull);
	if (metric.properties) writer.tag(9, LengthDelimited).bytes(encodeProperties(metric.properties));
	if (metric.int !== undefined) writer.tag(10, Varint).uint32(metric.int);
	if (metric.long !== undefined) writer.tag(11, Varint).uint64(metric.long);
	if (metric.float !== undefined) writer.tag(12, Bit32).float(metric.float);
	if (metric.double !== undefined) writer.tag(13, Bit64).double(metric.double);
	if (metric.bool !== undefined) writer.tag(14, Varint).bool(metric.bool);
	if (metric.string !== undefined) writer.tag(15, LengthDelimited).string(metric.string);
	return writer.finish();
}

function encodeProperties(properties: Readonly<Record<string, number | string>>): Uint8Array {
	const writer = new BinaryWriter();
	for (const key of Object.keys(properties)) writer.tag(1, LengthDelimited).string(key);
	for (const value of Object.values(properties)) {
		const one = new BinaryWriter();
		if (typeof value === 'number') one.tag(1, Varint).uint32(TYPE.int32).tag(3, Varint).uint32(value);
		else one.tag(1, Varint).uint32(TYPE.string).tag(8, LengthDelimited).string(value);
		writer.tag(2, LengthDelimited).bytes(one.finish());
	}
	return writer.finish();
}
