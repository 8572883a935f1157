import { QUALITY, type Quality } from '#contracts/point.ts';
import type { Times } from './stamp.ts';

/** What OPC UA's DataValue has of use to us, as node-opcua decodes it. */
export interface RawValue {
	readonly value?: { readonly dataType: number; readonly arrayType: number; readonly value: unknown } | null;
	readonly statusCode: { readonly value: number; readonly name: string };
	readonly sourceTimestamp?: Date | null;
	readonly sourcePicoseconds?: number;
	readonly serverTimestamp?: Date | null;
	readonly serverPicoseconds?: number;
}

export interface Value extends Times {
	/** NaN: it has none. */
	readonly v: number;
	readonly quality: Quality;
	/** The StatusCode as it came. */
	readonly status: number;
	/** Why there is no value, or what is the matter with it: `BadSensorFailure (0x808c0000)`; empty for a good one. */
	readonly reason: string;
	/** Where it is one; for events. */
	readonly text: string | undefined;
	/** Where it is one of numbers; for bursts. */
	readonly array: unknown;
	/** The server's queue was full: values before this one are lost. */
	readonly isAfterLoss: boolean;
}

/** Built-in types (OPC 10000-6, 5.1.2). */
const TYPE = { boolean: 1, int64: 8, uint64: 9, double: 11 } as const;
const ARRAY = 1;
const TYPE_NAMES = [
	'Null',
	'Boolean',
	'SByte',
	'Byte',
	'Int16',
	'UInt16',
	'Int32',
	'UInt32',
	'Int64',
	'UInt64',
	'Float',
	'Double',
	'String',
	'DateTime',
	'Guid',
	'ByteString',
	'XmlElement',
	'NodeId',
	'ExpandedNodeId',
	'StatusCode',
	'QualifiedName',
	'LocalizedText',
	'ExtensionObject',
];
/** InfoType DataValue together with the bit Overflow (OPC 10000-4, 7.39.1). */
const OVERFLOW = 0x480;
const PICOS_PER_MICRO = 1_000_000;

export function readValue(raw: RawValue): Value {
	const status = raw.statusCode.value >>> 0;
	const quality = classOf(status);
	const found = raw.value ? numberOf(raw.value) : NaN;
	const v = typeof found === 'number' ? found : NaN;
	return {
		v,
		quality,
		status,
		reason:
			quality === QUALITY.good
				? typeof found === 'string'
					? found
					: isNaN(v)
						? 'no value'
						: ''
				: statusText(raw.statusCode),
		text: textOf(raw.value?.value),
		array: raw.value && raw.value.arrayType === ARRAY && isFloatable(raw.value.dataType) ? raw.value.value : undefined,
		isAfterLoss: (status & OVERFLOW) === OVERFLOW,
		sourceMicros: microsOf(raw.sourceTimestamp, raw.sourcePicoseconds),
		serverMicros: microsOf(raw.serverTimestamp, raw.serverPicoseconds),
	};
}

/** A text, or one with its language (LocalizedText, QualifiedName), as many controllers word their states. */
function textOf(found: unknown): string | undefined {
	if (typeof found === 'string') return found;
	if (typeof found !== 'object' || found === null) return undefined;
	const text = 'text' in found ? found.text : 'name' in found ? found.name : undefined;
	return typeof text === 'string' ? text : undefined;
}

/** The two highest bits: 00 good, 01 uncertain, 10 bad, 11 reserved, which nobody should rely on. */
export function classOf(status: number): Quality {
	switch (status >>> 30) {
		case 0:
			return QUALITY.good;
		case 1:
			return QUALITY.uncertain;
		default:
			return QUALITY.bad;
	}
}

/** `BadSensorFailure (0x808c0000)`: the name, and the number with all of its bits. */
export function statusText({ name, value }: { readonly name: string; readonly value: number }): string {
	return `${name.split('#')[0]} (0x${(value >>> 0).toString(16).padStart(8, '0')})`;
}

/** Of 64-bit integers the library makes pairs, which no sensor sends. */
function isFloatable(dataType: number): boolean {
	return dataType > TYPE.boolean && dataType <= TYPE.double && dataType !== TYPE.int64 && dataType !== TYPE.uint64;
}

/** @returns the number; NaN for none; as text why it is none */
function numberOf({ dataType, arrayType, value }: NonNullable<RawValue['value']>): number | string {
	const name = TYPE_NAMES[dataType] ?? `type ${dataType}`;
	if (arrayType !== 0) return `${arrayType === ARRAY ? 'an array' : 'a matrix'} of ${name} is no number`;
	if (value === null || value === undefined) return NaN;
	if (dataType === TYPE.boolean) return value === true ? 1 : 0;
	if (dataType === TYPE.int64 || dataType === TYPE.uint64) return wide(value, dataType === TYPE.int64);
	if (dataType > TYPE.boolean && dataType <= TYPE.double && typeof value === 'number') return value;
	return `${name} is no number`;
}

/** Two halves, the high one first. Beyond 2^53 the last digits are lost, as in every double. */
function wide(value: unknown, isSigned: boolean): number {
	const [high, low] = Array.isArray(value) ? (value as unknown[]) : [];
	if (typeof high !== 'number' || typeof low !== 'number') return NaN;
	return (isSigned ? high | 0 : high >>> 0) * 2 ** 32 + (low >>> 0);
}

function microsOf(date: Date | null | undefined, picoseconds = 0): number | undefined {
	const ms = date?.getTime();
	if (ms === undefined || isNaN(ms)) return undefined;
	return ms * 1000 + Math.floor(picoseconds / PICOS_PER_MICRO);
}
