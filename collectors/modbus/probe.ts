import { ConfigError, messageOf } from '#contracts/error.ts';
import type { ActContext } from '../kit/collector.ts';
import { parseAddress } from './address.ts';
import { extentOf, isBits, typeOf, type ModbusConfig, type Register } from './config.ts';
import { openDevice, type Device } from './device.ts';
import { ExceptionError } from './fault.ts';
import { BYTE_ORDERS, decodeNumber, wordsOf, type ByteOrder, type NumberType } from './number-type.ts';
import { remedy } from './poller.ts';

/** A measurement differs little from one reading to the next. */
const READINGS = 3;
const BETWEEN_MS = 300;
const SMALLEST = 1e-6;
const LARGEST = 1e9;
const JUMP = 0.5;

/** Prints each value of the configuration in every order of its bytes, and what speaks against it. */
export async function probe(config: ModbusConfig, context: ActContext): Promise<void> {
	const address = parseAddress(config.url);
	if (typeof address === 'string') throw new ConfigError(address);
	const open = openDevice({ address, timeoutMs: config.timeout, pauseMs: config.pause });
	const device = await open.catch((error: unknown) => {
		throw new ConfigError(`${config.url}: ${remedy(error)}`);
	});
	try {
		for (const register of config.registers) await probeOne(device, { register, config, context });
	} finally {
		await device.close();
	}
}

interface Probed {
	readonly register: Register;
	readonly config: ModbusConfig;
	readonly context: ActContext;
}

async function probeOne(device: Device, { register, config, context }: Probed): Promise<void> {
	const extent = extentOf(register, config.unitId);
	const type = typeOf(register);
	const title = `unit ${extent.unitId}, ${extent.table} ${extent.address} (${register.stream})`;
	const readings: Uint8Array[] = [];
	try {
		for (let i = 0; i < READINGS; i++) {
			if (i > 0) await context.clock.sleep(BETWEEN_MS, new AbortController().signal);
			readings.push(await device.read(extent));
		}
	} catch (error) {
		if (!(error instanceof ExceptionError)) throw new ConfigError(`${title}: ${remedy(error)}`);
		return context.print(`${title}: ${messageOf(error)}`);
	}
	if (isBits(extent.table)) return context.print(`${title}: ${readings[0]?.[0]}`);
	context.print(`${title}: ${hexOf(readings[0] ?? new Uint8Array())} as ${type}`);
	for (const order of ordersOf(type)) {
		const values = readings.map((bytes) => decodeNumber(bytes, type, order));
		const against = objection(values, type);
		const mark = order === register.order ? '*' : ' ';
		context.print(`  ${mark} ${order}  ${shown(values[0] ?? NaN).padEnd(24)} ${against ?? 'plausible'}`);
	}
}

/** Of one register the order of the words does not matter. */
export function ordersOf(type: NumberType): readonly ByteOrder[] {
	return wordsOf(type) === 1 ? ['ABCD', 'DCBA'] : BYTE_ORDERS;
}

/** @returns what speaks against values, read one after the other, being a measurement; undefined when nothing does */
export function objection(values: readonly number[], type: NumberType): string | undefined {
	if (values.some((v) => !Number.isFinite(v))) return 'no number';
	const largest = Math.max(...values.map(Math.abs));
	const isFloat = type.startsWith('float');
	if (isFloat && largest > 0 && largest < SMALLEST) return 'too small for a measurement';
	if (largest > LARGEST) return 'too large for a measurement';
	const range = Math.max(...values) - Math.min(...values);
	return range > JUMP * largest ? 'jumps from one reading to the next' : undefined;
}

function shown(v: number): string {
	return Number.isInteger(v) ? String(v) : String(Number(v.toPrecision(7)));
}

function hexOf(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('hex').replace(/.{4}/g, '$& ').trim();
}
