import { setTimeout as delay } from 'node:timers/promises';
import modbusSerial from 'modbus-serial';
import { messageOf } from '#contracts/error.ts';
import type { Address } from './address.ts';
import { ExceptionError, TimeoutError } from './fault.ts';
import type { Extent } from './packing.ts';

export interface Device {
	/**
	 * One request at a time, in the order of the calls.
	 *
	 * @returns two bytes for each register, the high one first; one for each bit, 0 or 1
	 * @throws ExceptionError, TimeoutError, or anything else when the connection is gone
	 */
	read(extent: Extent): Promise<Uint8Array>;
	/** Aborts when the connection has ended. */
	readonly closed: AbortSignal;
	close(): Promise<void>;
}

export interface DeviceOptions {
	readonly address: Address;
	readonly timeoutMs: number;
	readonly pauseMs: number;
}

/** @throws Error when nobody answers there */
export async function openDevice({ address, timeoutMs, pauseMs }: DeviceOptions): Promise<Device> {
	const client = new modbusSerial.default();
	const closed = new AbortController();
	client.on('close', () => closed.abort());
	client.on('error', () => closed.abort());
	client.setTimeout(timeoutMs);
	const close = () => {
		closed.abort();
		return closeClient(client, address);
	};
	await within(connect(client, address), timeoutMs + CONNECT_WITHIN_MS).catch(async (error: unknown) => {
		await close();
		throw error;
	});
	const ended = new Promise<never>((_, reject) => {
		closed.signal.addEventListener('abort', () => reject(new Error('the device closed the connection')), {
			once: true,
		});
	});
	ended.catch(() => undefined);
	let line: Promise<unknown> = Promise.resolve();

	async function ask(extent: Extent): Promise<Uint8Array> {
		client.setID(extent.unitId);
		try {
			// The library waits for an answer also when nobody is left to give one.
			return bytesOf(await Promise.race([ended, request(client, extent)]), extent);
		} catch (error) {
			throw errorOf(error, timeoutMs);
		} finally {
			if (pauseMs > 0 && !closed.signal.aborted) await delay(pauseMs);
		}
	}

	return {
		read(extent) {
			const answer = line.then(() => ask(extent));
			line = answer.catch(() => undefined);
			return answer;
		},
		closed: closed.signal,
		close,
	};
}

const CONNECT_WITHIN_MS = 5000;
const CLOSE_WITHIN_MS = 200;

type Client = InstanceType<typeof modbusSerial.default>;

function connect(client: Client, address: Address): Promise<unknown> {
	switch (address.transport) {
		case 'tcp':
			return client.connectTCP(address.host, { port: address.port });
		case 'rtu-over-tcp':
			return client.connectTelnet(address.host, { port: address.port });
		case 'rtu': {
			const { path, baud: baudRate, parity, dataBits, stopBits } = address;
			return client.connectRTUBuffered(path, { baudRate, parity, dataBits, stopBits });
		}
	}
}

interface Answer {
	readonly data: readonly (number | boolean)[];
	readonly buffer: Buffer;
}

function request(client: Client, { table, address, count }: Extent): Promise<Answer> {
	switch (table) {
		case 'coil':
			return client.readCoils(address, count);
		case 'discrete':
			return client.readDiscreteInputs(address, count);
		case 'input':
			return client.readInputRegisters(address, count);
		case 'holding':
			return client.readHoldingRegisters(address, count);
	}
}

/** An answer of another length than was asked for is no answer. */
function bytesOf({ data, buffer }: Answer, { table, count }: Extent): Uint8Array {
	if (table === 'coil' || table === 'discrete') {
		if (data.length < count) throw new Error(`${data.length} bits came for ${count}`);
		return Uint8Array.from(data.slice(0, count), Number);
	}
	if (buffer.length !== count * 2) throw new Error(`${buffer.length} bytes came for ${count} registers`);
	return new Uint8Array(buffer);
}

function errorOf(error: unknown, timeoutMs: number): Error {
	const { modbusCode, errno } = error as { readonly modbusCode?: unknown; readonly errno?: unknown };
	if (typeof modbusCode === 'number') return new ExceptionError(modbusCode);
	if (errno === 'ETIMEDOUT') return new TimeoutError(`no answer within ${timeoutMs} ms`);
	return error instanceof Error ? error : new Error(messageOf(error));
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
	const over = new AbortController();
	const late = delay(ms, undefined, { signal: over.signal }).then(() => {
		throw new Error(`no connection within ${ms} ms`);
	});
	late.catch(() => undefined);
	try {
		return await Promise.race([work, late]);
	} finally {
		over.abort();
	}
}

/** A device that is gone answers no goodbye; a serial line is to be free when it is opened again. */
async function closeClient(client: Client, { transport }: Address): Promise<void> {
	const gone = new Promise<void>((resolve) => {
		if (!client.isOpen) resolve();
		else if (transport === 'rtu') client.close(() => resolve());
		else client.destroy(() => resolve());
	});
	await Promise.race([gone, delay(CLOSE_WITHIN_MS)]);
}
