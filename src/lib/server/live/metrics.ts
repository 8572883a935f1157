import { Counter, Gauge, type Registry } from 'prom-client';
import type { Packet } from './packet.ts';

/** What is counted for each of ten thousand packets a second is added up here and read when somebody asks. */
export function createLiveMetrics(registry: Registry, readers: () => number) {
	const registers = [registry];
	const name = (last: string) => `sigmascope_live_${last}`;
	let messages = 0;
	let bytes = 0;
	const counter = (last: string, help: string) => new Counter({ name: name(last), help, registers });
	const total = (last: string, help: string, read: () => number) =>
		new Counter({
			name: name(last),
			help,
			registers,
			collect() {
				this.reset();
				this.inc(read());
			},
		});
	total('messages_total', 'Messages sent to readers', () => messages);
	total('bytes_total', 'Bytes sent to readers', () => bytes);
	const skipped = counter('skipped_total', 'Times that a reader got nothing new because it had too much waiting');
	const snapshots = counter('snapshots_total', 'Snapshots sent');
	const stuck = counter('stuck_total', 'Readers cut off because they no longer read');
	new Gauge({
		name: name('readers'),
		help: 'Open live sockets',
		registers,
		collect() {
			this.set(readers());
		},
	});
	return {
		sent(packet: Packet) {
			messages += packet.messages;
			bytes += packet.bytes.length;
		},
		skipped: () => skipped.inc(),
		snapshot: () => snapshots.inc(),
		stuck: () => stuck.inc(),
	};
}
