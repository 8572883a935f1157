import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
	DataType,
	MessageSecurityMode,
	MonitoredItem,
	OPCUACertificateManager,
	OPCUAServer,
	SecurityPolicy,
	setErrorLogger,
	setWarningLogger,
} from 'node-opcua';
import { HEAP_ENV, HEAP_FLAGS, type CollectorsSetup, type FromCollectors } from '../messages.ts';
import { createTrustFolder } from './trust.ts';

/**
 * `node collectors/opcua/bench.ts [--variables 1000] [--every 20] [--seconds 20] [--mode SignAndEncrypt] [--node=--max-semi-space-size=2]`: what
 * the process of the collectors takes for this many variables of a server that all change as often as they are sampled. Server and hub are
 * processes of their own; CPU and memory are those of the collectors alone, as the system counts them, so a busy machine changes little.
 */
const { values } = parseArgs({
	options: {
		variables: { type: 'string', default: '1000' },
		every: { type: 'string', default: '20' },
		seconds: { type: 'string', default: '20' },
		mode: { type: 'string', default: 'SignAndEncrypt' },
		node: { type: 'string', default: HEAP_FLAGS.join(' ') },
		serve: { type: 'string' },
	},
});
const [variables, everyMs, seconds] = [values.variables, values.every, values.seconds].map(Number) as [number, number, number]; // prettier-ignore
const WARM_UP_MS = 8000;
/** Linux counts time of processes in these. */
const TICKS_PER_SECOND = 100;

async function serve(folder: string): Promise<void> {
	setWarningLogger(() => {});
	setErrorLogger(() => {});
	MonitoredItem.minimumSamplingInterval = everyMs;
	const certificates = (name: string) =>
		new OPCUACertificateManager({ rootFolder: join(folder, name), automaticallyAcceptUnknownCertificate: true });
	const server = new OPCUAServer({
		port: 0,
		host: '127.0.0.1',
		hostname: '127.0.0.1',
		serverCertificateManager: certificates('pki'),
		userCertificateManager: certificates('users'),
		securityModes: [MessageSecurityMode.None, MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt],
		securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256],
	});
	await server.initialize();
	const namespace = server.engine.addressSpace?.registerNamespace('urn:bench');
	if (!namespace) throw new Error('no address space');
	const machine = namespace.addObject({ organizedBy: 'ObjectsFolder', browseName: 'Machine' });
	const nodes = Array.from({ length: variables }, (_, i) =>
		namespace.addVariable({
			...{ componentOf: machine, browseName: `V${i}`, nodeId: `s=V${i}` },
			...{ dataType: DataType.Double, minimumSamplingInterval: everyMs },
		}),
	);
	let v = 0;
	const change = () => {
		v++;
		for (const node of nodes) node.setValueFromSource({ dataType: DataType.Double, value: v });
	};
	change();
	setInterval(change, everyMs);
	await server.start();
	const [endpoint] = server.endpoints;
	createTrustFolder(join(folder, 'trusted')).add(server.getCertificate());
	process.send?.(endpoint?.port);
	process.on('message', () => process.send?.(v));
	process.on('disconnect', () => process.exit());
}

/** Seconds of CPU of a process and all of its threads, and its memory in MB: now, and the most that it ever was. */
function usageOf(pid: number): { readonly cpuSeconds: number; readonly nowMb: number; readonly mostMb: number } {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
		.replace(/^.*\) /, '')
		.split(' ');
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	const megabytes = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1000);
	const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
	return { cpuSeconds, nowMb: megabytes('VmRSS'), mostMb: megabytes('VmHWM') };
}

async function measure(): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'opcua-bench-'));
	const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
	const program = fileURLToPath(import.meta.url);
	const server = fork(program, [...process.argv.slice(2), '--serve', folder], { stdio: [...stdio] });
	const hub = fork(new URL('../kit/testing/acknowledging-hub.ts', import.meta.url), { stdio: [...stdio] });
	const [[port], [hubUrl]] = (await Promise.all([once(server, 'message'), once(hub, 'message')])) as [[number], [string]]; // prettier-ignore
	const collectors = fork(fileURLToPath(new URL('../main.ts', import.meta.url)), {
		env: { ...process.env, ...HEAP_ENV },
		execArgv: values.node === '' ? [] : values.node.split(' '),
		stdio: [...stdio],
	});
	let points = 0;
	let fault: string | undefined;
	collectors.on('message', ({ status }: FromCollectors) => {
		points = status.collectors[0]?.points ?? 0;
		fault = status.collectors[0]?.lastError?.message;
	});
	collectors.send({ configure: setupOf(folder, { port, hubUrl }) });
	// Timers of a busy machine fire late: what there was to sample is counted where it was made.
	const changes = async () => (server.send('count'), (await once(server, 'message'))[0] as number);
	await sleep(WARM_UP_MS);
	const changesBefore = await changes();
	const [before, pointsBefore, began] = [usageOf(collectors.pid ?? 0), points, performance.now()];
	await sleep(seconds * 1000);
	const [after, took] = [usageOf(collectors.pid ?? 0), (performance.now() - began) / 1000];
	const changed = ((await changes()) - changesBefore) * variables;
	const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
	console.log(
		JSON.stringify({
			...{ node: process.version, variables, everyMs, mode: values.mode, flags: values.node },
			changesPerSecond: Math.round(changed / took),
			valuesPerSecond: Math.round((points - pointsBefore) / took),
			cores: Number((cpuSeconds / took).toFixed(3)),
			cpuMicrosPerValue: Number(((cpuSeconds * 1e6) / (points - pointsBefore)).toFixed(2)),
			...{ residentMb: after.nowMb, mostMb: after.mostMb, fault },
		}),
	);
	await Promise.all([collectors, hub, server].map(ended));
	rmSync(folder, { recursive: true, force: true });
}

function setupOf(
	folder: string,
	{ port, hubUrl }: { readonly port: number; readonly hubUrl: string },
): CollectorsSetup {
	const security = { mode: values.mode, ...(values.mode !== 'None' && { trust: join(folder, 'trusted') }) };
	const items = Array.from({ length: variables }, (_, i) => ({
		node: `nsu=urn:bench;s=V${i}`,
		stream: `bench/v${i}`,
		every: `${everyMs}ms`,
	}));
	const collector = { name: 'bench', type: 'opcua', url: `opc.tcp://127.0.0.1:${port}`, security, items, spool: {} };
	return { hubUrl, key: 'key', spoolFolder: join(folder, 'spool'), collectors: [collector] } as never;
}

async function ended(child: ChildProcess): Promise<void> {
	const exited = once(child, 'exit');
	child.kill('SIGKILL');
	await exited;
}

if (values.serve === undefined) await measure();
else await serve(values.serve);
