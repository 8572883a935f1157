import { execFileSync } from 'node:child_process';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import modbusSerial, { ServerTCP } from 'modbus-serial';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
	mbpollNote,
	noMbpoll,
	noPymodbus,
	noSocat,
	pymodbusNote,
	socatNote,
	startModbusDevice,
	startSerialLine,
	type ModbusDevice,
} from '#tests/support/pymodbus.ts';
import { until } from '#tests/support/until.ts';
import { runCollector, type RunningCollector } from '../kit/testing/run-collector.ts';
import { modbus } from './index.ts';
import { modbusSchema } from './config.ts';
import { objection } from './probe.ts';

const running: RunningCollector[] = [];
afterEach(async () => {
	for (const one of running.splice(0)) await one.stop();
});
const begin = (url: string, registers: object[], more: object = {}, cursor?: unknown) => {
	const started = runCollector(modbus, { url, every: '50ms', timeout: '300ms', registers, ...more }, { cursor });
	running.push(started);
	return started;
};
/** A machine that is busy with other tests may leave out an interval, which is said and no matter here. */
const isOurs = (text: string) => !/^asking /.test(text);
const gapsOf = (started: RunningCollector, key?: string) =>
	started.gaps(key).flatMap(({ reason }) => (isOurs(reason) ? [reason] : []));
const faultsOf = (started: RunningCollector) => started.faults.filter(isOurs);
const holding = (address: number, stream: string, more: object = {}) => ({
	table: 'holding',
	address,
	stream,
	...more,
});

/** Every table, type and order that the device has. */
const REGISTERS = [
	holding(0, 'f/abcd', { type: 'float32', order: 'ABCD' }),
	holding(2, 'f/cdab', { type: 'float32', order: 'CDAB' }),
	holding(4, 'f/badc', { type: 'float32', order: 'BADC' }),
	holding(6, 'f/dcba', { type: 'float32', order: 'DCBA' }),
	holding(10, 'i/16', { type: 'int16', scale: 0.5, offset: 1 }),
	holding(11, 'bits', { bit: 4, bits: 4 }),
	holding(20, 'f/64', { type: 'float64' }),
	{ number: '30004', stream: 'input' },
	{ table: 'coil', address: 3, stream: 'coil/3' },
	{ table: 'coil', address: 4, stream: 'coil/4' },
	{ table: 'discrete', address: 5, stream: 'discrete/5' },
];
const WANT = {
	'f/abcd': 21.5,
	'f/cdab': 21.5,
	'f/badc': 21.5,
	'f/dcba': 21.5,
	'i/16': -49,
	bits: 11,
	'f/64': -1.5,
	input: 4242,
	'coil/3': 1,
	'coil/4': 0,
	'discrete/5': 1,
};
const readsEverything = async (started: RunningCollector) => {
	await until(() => started.streams.every((name) => started.points(name).length >= 3));
	expect(Object.fromEntries(Object.keys(WANT).map((key) => [key, started.values(key)[0]]))).toEqual(WANT);
	expect([faultsOf(started), gapsOf(started)]).toEqual([[], []]);
};

describe.skipIf(noPymodbus)(`modbus from a device of pymodbus${pymodbusNote}`, () => {
	let device: ModbusDevice;
	beforeAll(async () => (device = await startModbusDevice('tcp')));
	afterAll(() => device.kill());
	const url = () => `tcp://127.0.0.1:${device.port}`;

	it('reads every table, type and order', () => readsEverything(begin(url(), REGISTERS)));

	it.skipIf(noMbpoll)(`reads what another program reads${mbpollNote}`, async () => {
		const read = (...how: string[]) => {
			const asked = ['-m', 'tcp', '-p', String(device.port), '-a', '1', '-0', '-1', ...how, '127.0.0.1'];
			const text = execFileSync('/usr/bin/mbpoll', asked, { encoding: 'utf8' });
			return [...text.matchAll(/^\[\d+\]:\s+(-?[\d.]+)/gm)].map(([, v]) => Number(v));
		};
		const started = begin(url(), REGISTERS);
		await readsEverything(started);
		const [abcd] = read('-t', '4:float', '-B', '-r', '0');
		const [cdab] = read('-t', '4:float', '-r', '2');
		const [input] = read('-t', '3', '-r', '3');
		const coils = read('-t', '0', '-r', '3', '-c', '2');
		expect([abcd, cdab, input, ...coils]).toEqual([WANT['f/abcd'], WANT['f/cdab'], WANT.input, 1, 0]);
		expect(read('-t', '4', '-r', '11')).toEqual([0b1011_0000]);
	});

	it('goes on with the others when one register is not there, and says which', async () => {
		const started = begin(url(), [
			holding(49, 'before'),
			holding(50, 'nowhere'),
			holding(51, 'after'),
			holding(500, 'far'),
		]);
		await until(() => started.points('before').length >= 3 && started.points('after').length >= 3);
		expect(faultsOf(started)).toEqual([
			expect.stringMatching(/^unit 1, holding 50 \("nowhere"\): illegal data address \(exception 2\)/),
			expect.stringMatching(/^unit 1, holding 500 \("far"\): illegal data address/),
		]);
		expect(started.gaps('nowhere')).toHaveLength(1);
		expect(started.points('nowhere')).toEqual([]);
	});

	it('takes a raw value that means that there is none for a gap', async () => {
		const started = begin(url(), [holding(12, 'sensor', { missing: [32_767] }), holding(10, 'other')]);
		await until(() => started.points('other').length >= 3);
		expect([started.points('sensor'), gapsOf(started, 'sensor')]).toEqual([
			[],
			['the device says that it has no value'],
		]);
	});

	it('asks for a unit that nobody has less and less often, and says so', async () => {
		const started = begin(url(), [holding(10, 'a', { unitId: 9 })], { timeout: '50ms' });
		await until(() => started.faults.length > 0);
		expect(faultsOf(started)).toEqual([
			`${url()}: no answer within 50 ms; is "unitId" right, and the device switched on?`,
		]);
		expect(started.points()).toEqual([]);
	});

	it('comes back when the device was killed, and leaves a gap', async () => {
		const started = begin(url(), [holding(60, 'count')]);
		await until(() => started.points('count').length >= 5);
		await device.kill();
		await until(() => started.faults.length > 0);
		const before = started.points('count').length;
		await device.start();
		await until(() => started.points('count').length > before + 5);
		expect(gapsOf(started, 'count')).toEqual([expect.stringMatching(/^no connection: /)]);
		const gap = started.gaps('count').find(({ reason }) => reason.startsWith('no connection'));
		const times = started.points('count').map(({ tMicros }) => tMicros);
		expect(gap && times.filter((t) => t > gap.fromMicros && t < gap.toMicros)).toEqual([]);
		expect(times.every((t, i) => i === 0 || t > (times[i - 1] ?? 0))).toBe(true);
	});

	it('comes back when the device was silent, and takes no late answer for a new one', async () => {
		const started = begin(url(), [holding(60, 'count'), holding(61, 'again')], { timeout: '100ms' });
		await until(() => started.points('count').length >= 3);
		device.hold();
		await until(() => started.faults.length > 0);
		device.release();
		const before = started.points('count').length;
		await until(() => started.points('count').length > before + 5);
		// The device counts each read of either: of one answer the second is the first and one more.
		expect(started.values('again').map((v, i) => v - (started.values('count')[i] ?? 0))).toEqual(
			started.values('again').map(() => 1),
		);
	});

	it('starts while the device is away, and has a gap for the time in which nobody asked', async () => {
		await device.kill();
		const started = begin(url(), [holding(10, 'a')], {}, { atMicros: 1_700_000_000_000_000 });
		await until(() => started.faults.length > 0);
		await device.start();
		await until(() => started.points('a').length > 2);
		expect(faultsOf(started)).toEqual([
			`${url()}: nothing listens there; is Modbus TCP switched on, and not too many others connected?`,
		]);
		expect(started.gaps('a')[0]).toMatchObject({
			fromMicros: 1_700_000_000_000_000,
			reason: 'the collector was not running',
		});
		expect(started.cursor()).toEqual({ atMicros: expect.any(Number) as number });
	});
});

describe.skipIf(noPymodbus)(`modbus RTU from a device of pymodbus${pymodbusNote}`, () => {
	it('comes through a gateway as it is', async () => {
		const device = await startModbusDevice('rtu-over-tcp');
		try {
			await readsEverything(begin(`rtu+tcp://127.0.0.1:${device.port}`, REGISTERS));
		} finally {
			await device.kill();
		}
	});

	it.skipIf(noSocat)(`comes over a serial line, and again when the device was away${socatNote}`, async () => {
		const line = await startSerialLine();
		const device = await startModbusDevice('rtu', line.ends[0]);
		try {
			const started = begin(`rtu://${line.ends[1]}?baud=19200`, REGISTERS);
			await readsEverything(started);
			await device.kill();
			await until(() => started.faults.length > 0);
			const before = started.points('input').length;
			await device.start();
			await until(() => started.points('input').length > before + 3);
		} finally {
			await device.kill();
			line.stop();
		}
	});
});

describe('modbus from a device of modbus-serial', () => {
	let device: ServerTCP;
	let url = '';
	const asked: string[] = [];
	beforeAll(async () => {
		device = new modbusSerial.ServerTCP(
			{
				getHoldingRegister: (address: number) => address,
				getMultipleHoldingRegisters: (address: number, length: number) => {
					asked.push(`${address}+${length}`);
					if (length > 20) throw Object.assign(new Error('too many'), { modbusErrorCode: 3 });
					return Array.from({ length }, (_, i) => address + i);
				},
			},
			{ host: '127.0.0.1', port: 0, unitID: 1 },
		);
		const { _server } = device as unknown as { readonly _server: Server };
		await until(() => _server.listening);
		url = `tcp://127.0.0.1:${(_server.address() as AddressInfo).port}`;
	});
	afterAll(() => new Promise<void>((resolve) => device.close(() => resolve())));
	const registers = Array.from({ length: 50 }, (_, i) => holding(i, `r/${i}`));

	it('splits what the device does not give at once, until it gives it, and asks so from then on', async () => {
		asked.length = 0;
		const started = begin(url, registers);
		await until(() => started.points('r/49').length >= 3);
		expect(registers.map((_, i) => started.values(`r/${i}`)[0])).toEqual(registers.map((_, i) => i));
		expect(asked.slice(0, 9)).toEqual(['0+50', '0+25', '0+13', '13+12', '25+25', '25+13', '38+12', '0+13', '13+12']);
		expect([faultsOf(started), gapsOf(started)]).toEqual([[], []]);
	});

	it('asks for no more than "mostAtOnce"', async () => {
		asked.length = 0;
		const started = begin(url, registers, { mostAtOnce: 20 });
		await until(() => started.points('r/49').length >= 2);
		// Somebody whose time was up may still have been asking.
		const first = asked.indexOf('0+20');
		expect(asked.slice(first, first + 3)).toEqual(['0+20', '20+20', '40+10']);
	});

	it('reads an answer that comes in pieces', async () => {
		const gateway = await startSlicer(Number(new URL(url).port), (piece) => [...piece].map((byte) => Buffer.of(byte)));
		const started = begin(`tcp://127.0.0.1:${gateway.port}`, registers.slice(0, 10));
		await until(() => started.points('r/9').length >= 3);
		expect(new Set(started.values('r/9'))).toEqual(new Set([9]));
		gateway.stop();
	});

	it('never takes rubbish for a value', async () => {
		const gateway = await startSlicer(Number(new URL(url).port), () => [
			Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
		]);
		const started = begin(`tcp://127.0.0.1:${gateway.port}`, registers.slice(0, 10), { timeout: '100ms' });
		await until(() => started.faults.length > 0);
		expect(started.points()).toEqual([]);
		gateway.stop();
	});
});

/** Between collector and device: hands on what the device says as `cut` would have it. */
async function startSlicer(
	port: number,
	cut: (piece: Buffer) => Buffer[],
): Promise<{ readonly port: number; stop(): void }> {
	const sockets: Socket[] = [];
	const server = createServer((near) => {
		const far = connect(port, '127.0.0.1');
		sockets.push(near, far);
		for (const socket of [near, far]) socket.on('error', () => {}).setNoDelay(true);
		near.on('data', (data) => far.write(data));
		far.on('data', (data) => cut(data).forEach((piece) => near.write(piece)));
		near.on('close', () => far.destroy());
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		stop() {
			sockets.forEach((socket) => socket.destroy());
			server.close();
		},
	};
}

describe('--probe', () => {
	it.skipIf(noPymodbus)(`prints each value in every order, and what speaks against it${pymodbusNote}`, async () => {
		const device = await startModbusDevice('tcp');
		const printed: string[] = [];
		const registers = [holding(2, 'a', { type: 'float32' }), holding(10, 'b'), holding(50, 'c'), { ...REGISTERS[8] }];
		const act = {
			folder: '',
			onReached() {},
			argument: undefined,
			print: (line: string) => void printed.push(line),
			ask: async () => '',
		};
		const clock = { nowMicros: () => 0, sleep: async () => {} };
		await modbus.acts.probe?.run({ url: `tcp://127.0.0.1:${device.port}`, registers }, { ...act, name: 'plc', clock });
		await device.kill();
		expect(printed).toEqual([
			'unit 1, holding 2 (a): 0000 41ac as float32',
			'  * ABCD  2.355863e-41             too small for a measurement',
			'    CDAB  21.5                     plausible',
			'    BADC  6.179306e-41             too small for a measurement',
			'    DCBA  -2.742695e-12            too small for a measurement',
			'unit 1, holding 10 (b): ff9c as uint16',
			'  * ABCD  65436                    plausible',
			'    DCBA  40191                    plausible',
			expect.stringMatching(/^unit 1, holding 50 \(c\): illegal data address/),
			'unit 1, coil 3 (coil/3): 1',
		]);
	});
	const f = (values: number[], want: string | undefined) => expect(objection(values, 'float32')).toBe(want);
	it('objects to what no sensor measures', () => {
		f([21.5, 21.6], undefined);
		f([0, 0], undefined);
		f([1e-40, 1e-40], 'too small for a measurement');
		f([1e20, 1e20], 'too large for a measurement');
		f([NaN, 1], 'no number');
		f([1, 100, -100], 'jumps from one reading to the next');
	});
});

describe('the options', () => {
	const f = (register: object, want: string[], more: object = {}) => {
		const parsed = modbusSchema.safeParse({ url: 'tcp://plc', registers: [{ stream: 'a', ...register }], ...more });
		expect(
			parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
		).toEqual(want);
	};
	const place = { table: 'holding', address: 1 };
	it('take a place as on the wire or as in the manual', () => {
		f(place, []);
		f({ number: '40002' }, []);
		f({ number: '465536' }, []);
	});
	it('take one of the two', () => {
		f({}, ['registers.0.address: give "table" and "address", or "number"']);
		f({ ...place, number: '40002' }, ['registers.0.number: give "number", or "table" and "address"']);
	});
	it('know no other numbers', () => {
		for (const number of ['40000', '20001', '4001', '465537', '40001 '])
			f({ number }, [expect.stringMatching(/^registers.0.number: write it as manuals do/) as unknown as string]);
	});
	it('have bits of whole numbers alone', () => {
		f({ ...place, bit: 15 }, []);
		f({ ...place, bit: 14, bits: 3 }, ['registers.0.bits: a uint16 has 16 bits']);
		f({ ...place, type: 'float32', bit: 1 }, ['registers.0.bit: bits are of int16, uint16, int32 and uint32']);
	});
	it('have no numbers in tables of bits', () =>
		f({ table: 'coil', address: 1, type: 'int16' }, ['registers.0.type: a coil is a bool']));
	it('end with the last register', () =>
		f({ table: 'holding', address: 65_535, type: 'int32' }, [
			'registers.0.address: the value ends beyond the last register',
		]));
	it('give each stream one register', () =>
		f(place, ['registers.1.stream: is the stream of registers[0] too; each needs one of its own'], {
			registers: [
				{ stream: 'a', ...place },
				{ stream: 'a', ...place },
			],
		}));
});
