import { z } from 'zod';
import { durationMs } from '#contracts/duration.ts';
import { eventOption } from '../kit/tag-event.ts';
import { parseAddress } from './address.ts';
import { BYTE_ORDERS, NUMBER_TYPES, wordsOf, type NumberType } from './number-type.ts';
import { TABLES, type Extent, type Table } from './packing.ts';

const LAST_ADDRESS = 65_535;
/** First digit of the numbers that manuals print (40001 is the first holding register). */
const MANUAL_TABLES: Readonly<Record<string, Table>> = { 0: 'coil', 1: 'discrete', 3: 'input', 4: 'holding' };

const unitId = z.number().int().min(0).max(255);
const interval = durationMs.refine((ms) => ms >= 10, 'the shortest is 10ms');

export const registerSchema = z
	.strictObject({
		table: z.enum(TABLES).optional().describe('Which table.'),
		address: z
			.number()
			.int()
			.min(0)
			.max(LAST_ADDRESS)
			.optional()
			.describe('Address of the first register or bit in it, counted from 0 as on the wire.'),
		number: z
			.string()
			.refine(
				(text) => manualPlace(text) !== undefined,
				'write it as manuals do, in quotes: "40001" is the first holding register, "30001" the first input register',
			)
			.optional()
			.describe('Or both as manuals print them, counted from 1: `"40101"` is address 100 of the holding registers.'),
		type: z
			.enum(NUMBER_TYPES)
			.optional()
			.describe('What it is: `uint16` unless given, of coils and discrete inputs `bool`.'),
		order: z
			.enum(BYTE_ORDERS)
			.default('ABCD')
			.describe('Order of its bytes; `sigmascope collector NAME --probe` shows which one makes sense.'),
		bit: z
			.number()
			.int()
			.min(0)
			.max(31)
			.optional()
			.describe('Of a whole number: the lowest bit that counts, 0 the first.'),
		bits: z.number().int().min(1).max(32).default(1).describe('And how many.'),
		stream: z.string().min(1).describe('Key of the stream.'),
		unit: z.string().max(40).default('').describe('Unit of the values.'),
		labels: z.record(z.string(), z.string()).default({}).describe('Labels of the stream.'),
		scale: z.number().default(1).describe('What a raw value is multiplied by.'),
		offset: z.number().default(0).describe('And what is added then.'),
		missing: z
			.array(z.number())
			.max(20)
			.default([])
			.describe('Raw values that say that there is none: `[32767, -32768]`.'),
		event: eventOption.optional(),
		unitId: unitId.optional().describe('Unit, where it is not that of the collector.'),
		every: interval.optional().describe('Interval, where it is not that of the collector.'),
	})
	.superRefine((register, context) => {
		const add = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
		const { table, address, number, bit, bits } = register;
		if (number === undefined && (table === undefined || address === undefined))
			add('address', 'give "table" and "address", or "number"');
		if (number !== undefined && (table !== undefined || address !== undefined))
			add('number', 'give "number", or "table" and "address"');
		const place = placeOf(register);
		if (!place) return;
		const type = typeOf(register);
		if (isBits(place.table) && type !== 'bool') add('type', `a ${place.table} is a bool`);
		if (place.address + wordsOf(type) - 1 > LAST_ADDRESS) add('address', 'the value ends beyond the last register');
		if (bit === undefined) return;
		if (isBits(place.table) || /^(bool|float|bcd)/.test(type) || wordsOf(type) > 2)
			add('bit', 'bits are of int16, uint16, int32 and uint32');
		else if (bit + bits > wordsOf(type) * 16) add('bits', `a ${type} has ${wordsOf(type) * 16} bits`);
	});
export type Register = z.output<typeof registerSchema>;

export const modbusSchema = z
	.strictObject({
		url: z
			.string()
			.superRefine((text, context) => {
				const address = parseAddress(text);
				if (typeof address === 'string') context.addIssue({ code: 'custom', message: address });
			})
			.describe(
				'tcp://host:502, rtu+tcp://host:4001 for RTU through a gateway, or rtu:///dev/ttyUSB0?baud=19200&parity=even.',
			),
		unitId: unitId.default(1).describe('Unit (slave) that is asked.'),
		every: interval.prefault('1s').describe('How often.'),
		timeout: durationMs
			.refine((ms) => ms >= 20 && ms <= 60_000, 'between 20ms and 1m')
			.prefault('1s')
			.describe('How long an answer may take.'),
		pause: durationMs
			.refine((ms) => ms <= 10_000, 'the longest is 10s')
			.prefault('0ms')
			.describe('Rest between an answer and the next request, for devices that need one.'),
		mostAtOnce: z
			.number()
			.int()
			.min(1)
			.max(125)
			.default(125)
			.describe('Registers in one request; some devices take fewer.'),
		hole: z
			.number()
			.int()
			.min(0)
			.max(124)
			.default(8)
			.describe('Registers that nobody wants and that are read all the same when they save a request.'),
		registers: z.array(registerSchema).min(1).max(20_000).describe('What to take:'),
	})
	.superRefine(({ registers }, context) => {
		const streams = new Map<string, number>();
		registers.forEach(({ stream, labels }, i) => {
			const name = JSON.stringify([stream, Object.entries(labels).sort()]);
			const earlier = streams.get(name);
			streams.set(name, i);
			if (earlier === undefined) return;
			const message = `is the stream of registers[${earlier}] too; each needs one of its own`;
			context.addIssue({ code: 'custom', path: ['registers', i, 'stream'], message });
		});
	});
export type ModbusConfig = z.output<typeof modbusSchema>;

/** @returns undefined when neither "number" nor both of "table" and "address" are right */
export function placeOf({ table, address, number }: Pick<Register, 'table' | 'address' | 'number'>) {
	if (number !== undefined) return manualPlace(number);
	return table === undefined || address === undefined ? undefined : { table, address };
}

export function typeOf(register: Pick<Register, 'table' | 'address' | 'number' | 'type'>): NumberType {
	const place = placeOf(register);
	return register.type ?? (place && isBits(place.table) ? 'bool' : 'uint16');
}

export function isBits(table: Table): boolean {
	return table === 'coil' || table === 'discrete';
}

/** What is to be read for it. */
export function extentOf(register: Register, unitOfCollector: number): Extent {
	const place = placeOf(register);
	if (!place) throw new RangeError('a register without a place');
	return {
		...place,
		unitId: register.unitId ?? unitOfCollector,
		count: isBits(place.table) ? 1 : wordsOf(typeOf(register)),
	};
}

/** Five digits, or six for what is beyond 9999. */
function manualPlace(text: string): { readonly table: Table; readonly address: number } | undefined {
	const [, digit = '', rest = ''] = /^([0134])(\d{4,5})$/.exec(text) ?? [];
	const table = MANUAL_TABLES[digit];
	const address = Number(rest) - 1;
	return table === undefined || address < 0 || address > LAST_ADDRESS ? undefined : { table, address };
}
