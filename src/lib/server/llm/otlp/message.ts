import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/**
 * OTLP's protobuf messages as the same documents that its JSON is: a table of the fields that are read, and one reader. The generated
 * code of all of OTLP would be fifty times as long, and its own package only writes requests.
 *
 * Source of the numbers: opentelemetry-proto 1.10, trace, metrics, common and resource.
 */
export type Schema = Readonly<Record<number, Field>>;

interface Field {
	readonly name: string;
	readonly of: Kind | (() => Schema);
	readonly repeated?: true;
}

/** `nanos` are fixed64 that become text, since no double has them; `id` is bytes that become hex. */
type Kind = 'text' | 'bool' | 'int' | 'double' | 'enum' | 'nanos' | 'id';

const one = (name: string, of: Field['of']): Field => ({ name, of });
const many = (name: string, of: Field['of']): Field => ({ name, of, repeated: true });

const VALUE: Schema = {
	1: one('stringValue', 'text'),
	2: one('boolValue', 'bool'),
	3: one('intValue', 'int'),
	4: one('doubleValue', 'double'),
	5: one('arrayValue', () => VALUES),
};
const VALUES: Schema = { 1: many('values', () => VALUE) };
const ATTRIBUTE: Schema = { 1: one('key', 'text'), 2: one('value', () => VALUE) };
const RESOURCE: Schema = { 1: many('attributes', () => ATTRIBUTE) };

const SPAN: Schema = {
	1: one('traceId', 'id'),
	2: one('spanId', 'id'),
	4: one('parentSpanId', 'id'),
	5: one('name', 'text'),
	7: one('startTimeUnixNano', 'nanos'),
	8: one('endTimeUnixNano', 'nanos'),
	9: many('attributes', () => ATTRIBUTE),
	15: one('status', () => ({ 3: one('code', 'enum') })),
};
const SCOPE_SPANS: Schema = { 2: many('spans', () => SPAN) };
const RESOURCE_SPANS: Schema = { 1: one('resource', () => RESOURCE), 2: many('scopeSpans', () => SCOPE_SPANS) };
export const TRACES: Schema = { 1: many('resourceSpans', () => RESOURCE_SPANS) };

const NUMBER_POINT: Schema = {
	7: many('attributes', () => ATTRIBUTE),
	2: one('startTimeUnixNano', 'nanos'),
	3: one('timeUnixNano', 'nanos'),
};
const HISTOGRAM_POINT: Schema = {
	9: many('attributes', () => ATTRIBUTE),
	2: one('startTimeUnixNano', 'nanos'),
	3: one('timeUnixNano', 'nanos'),
	4: one('count', 'nanos'),
	5: one('sum', 'double'),
};
const EXPONENTIAL_POINT: Schema = {
	1: many('attributes', () => ATTRIBUTE),
	2: one('startTimeUnixNano', 'nanos'),
	3: one('timeUnixNano', 'nanos'),
	4: one('count', 'nanos'),
	5: one('sum', 'double'),
};
const pointsOf = (point: Schema): Schema => ({
	1: many('dataPoints', () => point),
	2: one('aggregationTemporality', 'enum'),
});
const METRIC: Schema = {
	1: one('name', 'text'),
	3: one('unit', 'text'),
	5: one('gauge', () => pointsOf(NUMBER_POINT)),
	7: one('sum', () => pointsOf(NUMBER_POINT)),
	9: one('histogram', () => pointsOf(HISTOGRAM_POINT)),
	10: one('exponentialHistogram', () => pointsOf(EXPONENTIAL_POINT)),
};
const SCOPE_METRICS: Schema = { 2: many('metrics', () => METRIC) };
const RESOURCE_METRICS: Schema = { 1: one('resource', () => RESOURCE), 2: many('scopeMetrics', () => SCOPE_METRICS) };
export const METRICS: Schema = { 1: many('resourceMetrics', () => RESOURCE_METRICS) };

/** Deeper is nobody's telemetry. */
const MAX_DEPTH = 20;

/** @throws Error for bytes that are no such message */
export function readMessage(bytes: Uint8Array, schema: Schema): unknown {
	return readFields(new BinaryReader(bytes), bytes.length, { schema, depth: 0 });
}

function readFields(
	reader: BinaryReader,
	end: number,
	{ schema, depth }: { readonly schema: Schema; readonly depth: number },
): unknown {
	if (depth > MAX_DEPTH) throw new RangeError(`a message is nested more than ${MAX_DEPTH} deep`);
	const found: Record<string, unknown> = {};
	while (reader.pos < end) {
		const [number, type] = reader.tag();
		const field = schema[number];
		if (field === undefined) {
			reader.skip(type, number);
			continue;
		}
		const value = readValue(reader, type, { field, depth });
		if (field.repeated) ((found[field.name] ??= []) as unknown[]).push(value);
		else found[field.name] = value;
	}
	if (reader.pos > end) throw new RangeError('a message ends beyond the one around it');
	return found;
}

function readValue(
	reader: BinaryReader,
	type: WireType,
	{ field: { of, name }, depth }: { readonly field: Field; readonly depth: number },
): unknown {
	if (type !== wireTypeOf(of)) throw new RangeError(`field ${name} has wire type ${type}`);
	if (typeof of === 'function') {
		const length = reader.uint32();
		return readFields(reader, reader.pos + length, { schema: of(), depth: depth + 1 });
	}
	switch (of) {
		case 'text':
			return reader.string();
		case 'bool':
			return reader.bool();
		case 'int':
			return String(reader.int64());
		case 'double':
			return reader.double();
		case 'enum':
			return reader.int32();
		case 'nanos':
			return String(reader.fixed64());
		case 'id':
			return Buffer.from(reader.bytes()).toString('hex');
	}
}

function wireTypeOf(of: Field['of']): WireType {
	if (typeof of === 'function' || of === 'text' || of === 'id') return WireType.LengthDelimited;
	if (of === 'nanos' || of === 'double') return WireType.Bit64;
	return WireType.Varint;
}
