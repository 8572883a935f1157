import { ConfigError } from '#contracts/error.ts';
import type { Discovered } from '#contracts/trial.ts';
import type { DiscoverContext } from '../kit/collector.ts';
import { keyFrom } from '../kit/key-from.ts';
import { parseAddress } from './address.ts';
import { isBits, type ModbusConfig } from './config.ts';
import { openDevice, type Device } from './device.ts';
import { ExceptionError } from './fault.ts';
import { BYTE_ORDERS, decodeNumber, type ByteOrder } from './number-type.ts';
import { MOST_AT_ONCE, TABLES, type Extent, type Table } from './packing.ts';
import { remedy } from './poller.ts';

const ARGUMENT =
	/^(?:unit (?<unit>\d{1,3}), ?)?(?<table>coil|discrete|input|holding)(?: (?<from>\d{1,5})(?:-(?<to>\d{1,5}))?)?$/;
/** A device that has holes is asked for each register by itself there: not more than a person waits for. */
const MOST_ADDRESSES = 2000;
const USUAL = 100;
const LAST_ADDRESS = 65_535;
const ILLEGAL_FUNCTION = 1;
/** What floats of measurements are, mostly. */
const [SMALLEST, LARGEST] = [1e-3, 1e7];

/** What stands in the registers of a device: as far as it answers, the first hundred of each table or those that were named. */
export async function discoverRegisters(config: ModbusConfig, context: DiscoverContext): Promise<Discovered[]> {
	const wanted = rangesOf(config, context.argument);
	const address = parseAddress(config.url);
	if (typeof address === 'string') throw new ConfigError(address);
	const fail = (error: unknown): never => {
		throw error instanceof ConfigError ? error : new ConfigError(`${config.url}: ${remedy(error)}`);
	};
	const device = await openDevice({ address, timeoutMs: config.timeout, pauseMs: config.pause }).catch(fail);
	const close = () => void device.close();
	context.signal.addEventListener('abort', close, { once: true });
	try {
		const found: Discovered[] = [];
		for (const range of wanted) found.push(...(await registersOf(device, range, { config, name: context.name })));
		if (found.length === 0) throw new ConfigError('the device answers, and has nothing there');
		return found;
	} catch (error) {
		return fail(error);
	} finally {
		context.signal.removeEventListener('abort', close);
		await device.close();
	}
}

function rangesOf(config: ModbusConfig, argument: string | undefined): Extent[] {
	const { unitId } = config;
	if (argument === undefined) return TABLES.map((table) => ({ unitId, table, address: 0, count: USUAL }));
	const {
		unit,
		table,
		from = '0',
		to = from === '0' ? String(USUAL - 1) : from,
	} = ARGUMENT.exec(argument)?.groups ?? {};
	const count = Number(to) - Number(from) + 1;
	if (table === undefined || count < 1 || count > MOST_ADDRESSES || Number(to) > LAST_ADDRESS)
		throw new ConfigError(
			`cannot browse ${JSON.stringify(argument)}: write a table and at most ${MOST_ADDRESSES} addresses, as "holding 0-199" or "unit 3, input 50-60"`,
		);
	return [{ unitId: Number(unit ?? unitId), table: table as Table, address: Number(from), count }];
}

interface Facts {
	readonly config: ModbusConfig;
	readonly name: string;
}

async function registersOf(device: Device, range: Extent, facts: Facts): Promise<Discovered[]> {
	const cells = new Map<number, Uint8Array>();
	const most = Math.min(MOST_AT_ONCE[range.table], isBits(range.table) ? 2000 : facts.config.mostAtOnce);
	for (let at = range.address; at < range.address + range.count; at += most) {
		const count = Math.min(most, range.address + range.count - at);
		if (!(await readInto(cells, device, { ...range, address: at, count }))) break;
	}
	return [...cells].flatMap(([address, bytes]) => {
		const found = [discovered({ ...range, address, count: 1 }, bytes, facts)];
		const next = cells.get(address + 1);
		if (next && !isBits(range.table)) found.push(...floatsOf({ ...range, address }, [bytes, next], facts));
		return found;
	});
}

/** What a device refuses as a whole is asked for in halves. @returns false: it does not know this table */
async function readInto(cells: Map<number, Uint8Array>, device: Device, extent: Extent): Promise<boolean> {
	try {
		const bytes = await device.read(extent);
		const each = isBits(extent.table) ? 1 : 2;
		for (let i = 0; i < extent.count; i++) cells.set(extent.address + i, bytes.subarray(i * each, (i + 1) * each));
		return true;
	} catch (error) {
		if (!(error instanceof ExceptionError)) throw error;
		if (error.code === ILLEGAL_FUNCTION) return false;
		if (extent.count === 1) return true;
		const half = Math.ceil(extent.count / 2);
		const isKnown = await readInto(cells, device, { ...extent, count: half });
		const rest = { ...extent, address: extent.address + half, count: extent.count - half };
		return isKnown && (await readInto(cells, device, rest));
	}
}

function discovered(extent: Extent, bytes: Uint8Array, { config, name }: Facts): Discovered {
	const { table, address, unitId } = extent;
	const value = isBits(table) ? (bytes[0] ?? 0) : decodeNumber(bytes, 'uint16', 'ABCD');
	const unit = unitId === config.unitId ? {} : { unitId };
	const entry = { ...unit, table, address, stream: keyFrom(name, `${table}-${address}`) };
	return { name: `unit ${unitId}, ${table} ${address}`, value, unit: '', entry };
}

/** Two registers that are a float, by the looks of it: in one order of their bytes, and none of them empty. */
function floatsOf(
	extent: Omit<Extent, 'count'>,
	[a, b]: readonly [Uint8Array, Uint8Array],
	facts: Facts,
): Discovered[] {
	const bytes = Uint8Array.from([...a, ...b]);
	const fits = BYTE_ORDERS.map((order) => [order, decodeNumber(bytes, 'float32', order)] as const).filter(([, v]) =>
		isLikely(v),
	);
	const [first, ...others] = fits;
	if (!first || others.length > 0) return [];
	const [order, value] = first;
	const { entry, name, unit } = discovered({ ...extent, count: 2 }, bytes, facts);
	return [
		{ name: `${name}, as float32 ${order}`, value, unit, entry: { ...entry, type: 'float32', ...orderOf(order) } },
	];
}

const orderOf = (order: ByteOrder) => (order === 'ABCD' ? {} : { order });
const isLikely = (v: number) => Math.abs(v) >= SMALLEST && Math.abs(v) <= LARGEST;
