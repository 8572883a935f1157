import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { noBroker, startMosquitto, type Mosquitto } from '../support/mosquitto.ts';
import { until } from '../support/until.ts';
import { rounded, type Bench, type Figures } from './bench.ts';
import { cpuOf, cpuSince } from './cpu.ts';
import { memoryOf } from './memory.ts';
import { metricsOf, pointsOf, type Published, type PublishJob } from './mqtt-job.ts';

type Work = Omit<PublishJob, 'port'>;

const NUMBERS: Work = {
	topics: 1000,
	messages: 1_000_000,
	messagesPerSecond: 50_000,
	qos: 0,
	payload: 'number',
	values: 'noise',
};
const CASES: Readonly<Record<string, Work>> = {
	numbers: NUMBERS,
	numbersQuiet: { ...NUMBERS, values: 'quiet' },
	json: { ...NUMBERS, payload: 'json' },
	flood: { ...NUMBERS, messagesPerSecond: 200_000, values: 'quiet' },
	sparkplug: { ...NUMBERS, payload: 'sparkplug', topics: 200, messages: 100_000, messagesPerSecond: 25_000 },
	jsonQos1: { ...NUMBERS, payload: 'json', qos: 1, messages: 200_000 },
};
const WITHIN_MS = 120_000;
const MS_PER_TICK = 10;

/** From a publisher through a real broker into the journal, judged. A message that is lost is an error. */
export const mqttIngest: Bench = {
	name: 'mqtt-ingest',
	workload:
		'publisher (a bare socket), mosquitto, collector, hub and store on the same cores; 1,000 topics in turns, 1 M ' +
		'messages at 50,000 a second (flood: 200,000), QoS 0, plain numbers or JSON with value and time; jsonQos1: 200,000 ' +
		'messages; sparkplug: 100,000 messages of 20 metrics by alias of 200 edge nodes, at 25,000 a second, and speeds of it are of ' +
		'metrics. Values: normal noise in control, about one violation in a hundred points; `Quiet` and flood: no rule ' +
		'fires. Speeds are from the first message sent to the last one counted; CPU until all is judged',
	async run() {
		if (noBroker) return { skipped: 'apt-get install mosquitto' };
		const figures: Record<string, Figures> = {};
		for (const [name, work] of Object.entries(CASES)) figures[name] = await measure(name, work);
		return figures;
	},
};

async function measure(name: string, work: Work): Promise<Figures> {
	const broker = await startMosquitto({ settings: ['max_inflight_messages 2000'] });
	const dataFolder = tempFolder('bench');
	const env = { SIGMASCOPE_LOG_LEVEL: 'info', SIGMASCOPE_CONFIG: configure(broker, dataFolder, work) };
	const product = await startProduct({ dataFolder, env });
	try {
		await until(() => product.output().includes('"subscribed"'));
		const publisher = await startPublisher({ ...work, port: broker.port });
		await untilCounted(product, 'sigmascope_ingest_points_accepted_total', pointsOf({ ...work, messages: 0 }));
		const cpu = cpuOfAll(product, broker);
		const startMs = performance.now();
		const published = await publisher.go();
		const wait = (metric: string) => untilCounted(product, metric, pointsOf(work));
		const journaledMs = await wait('sigmascope_ingest_points_accepted_total');
		const judgedMs = await wait('sigmascope_engine_points_total');
		const times = cpuSince(cpu, cpuOfAll(product, broker));
		const memoryMb = memoryOf(product.pid);
		await wait('sigmascope_store_rows_total');
		const perSecond = (ms: number) => rounded(((work.messages * metricsOf(work)) / ms) * 1000);
		return {
			publishedPerSecond: perSecond(published.ms),
			journaledPerSecond: perSecond(journaledMs - startMs),
			judgedPerSecond: perSecond(judgedMs - startMs),
			cpuMsPerMillionMessages: perMillion({ ...times, publisher: published.cpuMs }, work.messages),
			memoryMb,
		};
	} catch (error) {
		throw new Error(`${name}: ${String(error)}\n${product.output()}`, { cause: error });
	} finally {
		await product.stop();
		await broker.remove();
		removeFolder(dataFolder);
	}
}

function configure(broker: Mosquitto, dataFolder: string, { qos, payload }: Work): string {
	const file = join(dataFolder, 'sigmascope.yaml');
	const format = payload === 'number' ? 'format: number' : 'value: $.value, time: $.ts, timeUnit: us';
	const entry =
		payload === 'sparkplug'
			? `{ topic: 'spBv1.0/#', qos: ${qos}, format: sparkplug }`
			: `{ topic: bench/+/pressure, qos: ${qos}, ${format}, stream: "{2}/pressure" }`;
	writeFileSync(
		file,
		`ownStreams: false
collectors:
  - name: bench
    type: mqtt
    url: ${broker.url}
    maxInFlight: 2000
    subscribe: [${entry}]
`,
	);
	return file;
}

async function startPublisher(job: PublishJob): Promise<{ go(): Promise<Published> }> {
	const child = fork(fileURLToPath(new URL('./mqtt-publisher.ts', import.meta.url)), { stdio: 'inherit' });
	child.send(job);
	await answerOf(child);
	return {
		go() {
			const answer = answerOf<Published>(child);
			child.send('go');
			return answer;
		},
	};
}

function answerOf<T>(child: ChildProcess): Promise<T> {
	return new Promise((resolve, reject) => {
		child.once('message', (message) => resolve(message as T));
		child.once('exit', (code) => reject(new Error(`the publisher ended with ${code}`)));
	});
}

function cpuOfAll(product: Product, broker: Mosquitto): Readonly<Record<string, number>> {
	const stat = readFileSync(`/proc/${broker.pid()}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return { ...cpuOf(product.pid), mosquitto: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK };
}

function perMillion(times: Readonly<Record<string, number>>, messages: number): Figures {
	return Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, rounded((ms / messages) * 1e6)]));
}

/** @param metric counts points from 0 @returns when it had counted exactly as many */
async function untilCounted(product: Product, metric: string, points: number): Promise<number> {
	const pattern = new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\S+)$`, 'gm');
	let counted = 0;
	const count = async () => {
		const text = await (await product.request('/metrics')).text();
		counted = [...text.matchAll(pattern)].reduce((sum, [, n]) => sum + Number(n), 0);
		return counted >= points && performance.now();
	};
	const atMs = await until(count, WITHIN_MS).catch(() => undefined);
	if (atMs === undefined || counted !== points) throw new Error(`${metric} has ${counted} of ${points} messages`);
	return atMs;
}

if (import.meta.main) {
	const [name = 'numbers', messages] = process.argv.slice(2);
	const work = CASES[name] ?? NUMBERS;
	console.log(
		name,
		JSON.stringify(await measure(name, { ...work, messages: Number(messages ?? work.messages) }), null, 1),
	);
}
