import { createBackoff } from '../kit/backoff.ts';
import { collectorType, type Collector, type CollectorContext, type Emitter } from '../kit/collector.ts';
import { createTracks } from '../kit/track.ts';
import { parseAddress, type Address } from './address.ts';
import { extentOf, modbusSchema, type ModbusConfig } from './config.ts';
import { createPoller, extentText, remedy, type Poller } from './poller.ts';
import { openRegisters } from './registers.ts';

export const modbus = collectorType(modbusSchema, createModbus, {
	acts: {
		probe: {
			does: 'read each value in every order of its bytes',
			run: async (config, context) => (await import('./probe.ts')).probe(config, context),
		},
	},
	entries: (config) =>
		config.registers.flatMap((register, i) =>
			register.event
				? []
				: {
						place: `registers[${i}]`,
						name: extentText(extentOf(register, config.unitId)),
						stream: register.stream,
						marks: [`${extentText(extentOf(register, config.unitId))} (`],
					},
		),
	discover: {
		option: 'registers',
		narrows: 'a table and addresses, as `holding 0-199` or `unit 3, input 50-60`',
		draft: { registers: [{ table: 'holding', address: 0, stream: 'draft' }] },
		run: async (config, context) => (await import('./discover.ts')).discoverRegisters(config, context),
	},
});

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

/** Registers of a device, asked for at fixed intervals, as points. */
function createModbus(config: ModbusConfig, context: CollectorContext): Collector {
	return {
		async start(emitter, signal) {
			const address = parseAddress(config.url);
			if (typeof address === 'string') throw new Error(address);
			const tracks = createTracks(emitter);
			const wanted = openRegisters(config, tracks);
			const poller = createPoller({ config, clock: context.clock, tracks, wanted, onFault: emitter.fault });
			await stayConnected({ config, context, emitter, signal, address, poller, onLost: tracks.interrupt });
		},
	};
}

interface Run {
	readonly config: ModbusConfig;
	readonly context: CollectorContext;
	readonly emitter: Emitter;
	readonly signal: AbortSignal;
	readonly address: Address;
	readonly poller: Poller;
	readonly onLost: (reason: string) => void;
}

async function stayConnected({ config, context, emitter, signal, onLost, ...run }: Run): Promise<void> {
	const { clock, random } = context;
	const backoff = createBackoff({ firstMs: FIRST_WAIT_MS, longestMs: LONGEST_WAIT_MS, random });
	let told = '';
	while (!signal.aborted) {
		const before = run.poller.answers();
		const reason = await connectOnce({ config, context, signal, ...run }).then(() => '', remedy);
		if (signal.aborted) return;
		const isGood = run.poller.answers() > before;
		if (isGood) backoff.reset();
		// Once, not at every attempt.
		if (isGood || reason !== told) emitter.fault(`${config.url}: ${reason}`);
		told = reason;
		onLost(`no connection: ${reason}`);
		await clock.sleep(backoff.nextMs(), signal);
	}
}

/** @throws what ended it */
async function connectOnce({
	config,
	context,
	signal,
	address,
	poller,
}: Omit<Run, 'emitter' | 'onLost'>): Promise<void> {
	// Only who talks to a device loads what talks to it.
	const { openDevice } = await import('./device.ts');
	const device = await openDevice({ address, timeoutMs: config.timeout, pauseMs: config.pause });
	const close = () => void device.close();
	signal.addEventListener('abort', close, { once: true });
	try {
		if (signal.aborted) return;
		context.onReached('connected to the device');
		await poller.run(device, signal);
	} finally {
		signal.removeEventListener('abort', close);
		await device.close();
	}
}
