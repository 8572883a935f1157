import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#tests/support/until.ts';
import { systemClock } from '../kit/clock.ts';
import { runCollector } from '../kit/testing/run-collector.ts';
import { opcua } from './index.ts';
import { PLANT_URI } from './testing/plant-uri.ts';
import { startPlant, type Plant } from './testing/plant.ts';

const [TSHARK, DUMPCAP] = ['/usr/bin/tshark', '/usr/bin/dumpcap'];
const noShark = !existsSync(TSHARK) || !existsSync(DUMPCAP) || process.getuid?.() !== 0;
const note = noShark ? ' (skipped: apt-get install tshark, and be root to capture)' : '';

/** Of OPC 10000-6, 7.1.2: what begins a connection, opens its channel and carries messages. The capture ends before the last bytes are read. */
const TYPES = ['HEL', 'ACK', 'OPN', 'MSG'];

/** Client and server of these tests come from one library; what is on the wire is read here by somebody else. */
describe.skipIf(noShark)(`what the collector says to a server, as Wireshark reads it${note}`, () => {
	const folder = mkdtempSync(join(tmpdir(), 'wire-'));
	let plant: Plant;
	beforeAll(async () => (plant = await startPlant()));
	afterAll(async () => {
		await plant.remove();
		rmSync(folder, { recursive: true, force: true });
	});

	async function captured(name: string, work: () => Promise<void>): Promise<string> {
		const file = join(folder, `${name}.pcap`);
		const capture = spawn(DUMPCAP, ['-i', 'lo', '-f', `tcp port ${plant.port}`, '-w', file], {
			stdio: ['ignore', 'ignore', 'pipe'],
		});
		let said = '';
		capture.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
		await until(() => said.includes('File:'));
		await work();
		const ended = new Promise((resolve) => capture.once('exit', resolve));
		capture.kill('SIGINT');
		await ended;
		return file;
	}
	const read = (file: string, ...how: string[]) =>
		execFileSync(TSHARK, ['-r', file, '-d', `tcp.port==${plant.port},opcua`, ...how], {
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		})
			.split('\n')
			.filter((line) => line !== '');

	it.each(['None', 'Sign', 'SignAndEncrypt'])(
		'with security %s is OPC UA from the first byte to the last, nothing malformed',
		async (mode) => {
			const trust = join(folder, 'trusted');
			const security = { mode, trust };
			const config = {
				url: plant.url,
				security,
				items: ['Steady', 'Count', 'Burst'].map((name) => ({
					...{ node: `nsu=${PLANT_URI};s=${name}`, stream: `cell/${name}`, every: '50ms' },
					...(name === 'Burst' && { burst: { rate: 4000 } }),
				})),
			};
			if (mode === 'Sign')
				await opcua.acts['trust']?.run(config, {
					name: 'test',
					folder,
					argument: undefined,
					clock: systemClock(),
					print() {},
					ask: async () => 'y',
				});
			const file = await captured(mode, async () => {
				const started = runCollector(opcua, config, { folder });
				await until(() => started.points('cell/Steady').length > 20 && started.points('cell/Burst/rms').length > 1);
				await started.stop();
				expect(started.faults).toEqual([]);
			});
			expect(read(file, '-Y', '_ws.malformed')).toEqual([]);
			const types = new Set(
				read(file, '-Y', 'opcua', '-T', 'fields', '-e', 'opcua.transport.type').flatMap((line) => line.split(',')),
			);
			expect(TYPES.filter((type) => !types.has(type))).toEqual([]);
			// Whatever carries bytes is a message of the protocol.
			expect(read(file, '-Y', 'tcp.len > 0 && !opcua && !tcp.segment && !tcp.analysis.retransmission')).toEqual([]);
		},
	);
});
