import { createServer, type AddressInfo } from 'node:net';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { openDevice } from './device.ts';

/**
 * `node collectors/modbus/bench.ts`: reads of 125 registers a second, one after the other as devices want them, from a device that
 * answers at once (in a thread of its own). What pymodbus gives, about 500, is what pymodbus gives.
 */
const FOR_MS = 3000;
const WARM_UP = 500;
const REQUEST_BYTES = 12;
const HEADER_BYTES = 9;

/** Reads of registers of Modbus TCP, all of them 0. */
function answerAll(requests: Buffer): Buffer[] {
	return Array.from({ length: Math.floor(requests.length / REQUEST_BYTES) }, (_, i) => {
		const request = requests.subarray(i * REQUEST_BYTES, (i + 1) * REQUEST_BYTES);
		const dataBytes = 2 * request.readUInt16BE(10);
		const answer = Buffer.alloc(HEADER_BYTES + dataBytes);
		request.copy(answer, 0, 0, 8);
		answer.writeUInt16BE(3 + dataBytes, 4);
		answer[8] = dataBytes;
		return answer;
	});
}

function serve(): void {
	const server = createServer((socket) => {
		socket.setNoDelay();
		socket.on('data', (bytes) => answerAll(bytes).forEach((answer) => socket.write(answer)));
	});
	server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
}

async function measure(): Promise<void> {
	const worker = new Worker(new URL(import.meta.url));
	const port = await new Promise<number>((resolve) => worker.once('message', resolve));
	const address = { transport: 'tcp', host: '127.0.0.1', port } as const;
	const device = await openDevice({ address, timeoutMs: 1000, pauseMs: 0 });
	const extent = { unitId: 1, table: 'holding', address: 0, count: 125 } as const;
	for (let i = 0; i < WARM_UP; i++) await device.read(extent);
	const began = performance.now();
	const cpu = process.cpuUsage();
	let reads = 0;
	for (; performance.now() - began < FOR_MS; reads++) await device.read(extent);
	const seconds = (performance.now() - began) / 1000;
	const { user, system } = process.cpuUsage(cpu);
	console.log(
		`${Math.round(reads / seconds)} reads of 125 registers a second, ${Math.round((user + system) / seconds / 10_000)} % of a core (device included)`,
	);
	await device.close();
	await worker.terminate();
}

if (isMainThread) await measure();
else serve();
