import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { z } from 'zod';
import { systemClock } from './clock.ts';
import { collectorType, type Emitter } from './collector.ts';
import { createLife } from './life.ts';

/**
 * How many rows a second go from a collector through its queue on disk to a hub that only acknowledges, in a process of
 * its own: `node collectors/kit/bench.ts [--points 1000000]`. Prints JSON; `cpu` is cores, the whole process.
 */
const { values } = parseArgs({ options: { points: { type: 'string' } } });
const POINTS = Number(values.points ?? 1_000_000);
const STREAMS = 100;
/** What a broker lets be unacknowledged, more or less. */
const UNDER_WAY = 5000;

async function main(): Promise<void> {
	const hub = fork(new URL('./testing/acknowledging-hub.ts', import.meta.url), {
		stdio: ['ignore', 'ignore', 2, 'ipc'],
	});
	const [hubUrl] = (await once(hub, 'message')) as [string];
	const result = {
		node: process.version,
		points: POINTS,
		batchesOf500: await run(hubUrl, emitBatches),
		onePointEach: await run(hubUrl, emitOneByOne),
	};
	console.log(JSON.stringify(result));
	hub.disconnect();
}

async function run(hubUrl: string, emitAll: (emitter: Emitter, fromMicros: number) => Promise<void>) {
	const folder = mkdtempSync(join(tmpdir(), 'bench-'));
	const startedMs = performance.now();
	const cpu = process.cpuUsage();
	const fromMicros = (Date.now() - 60_000) * 1000;
	let emittedMs = 0;
	const start = async (emitter: Emitter) => {
		await emitAll(emitter, fromMicros);
		emittedMs = performance.now();
	};
	const life = createLife({
		name: 'bench',
		typeName: 'bench',
		type: collectorType(z.unknown(), () => ({ start })),
		options: {},
		spoolOptions: { drainRate: 'unlimited' },
		site: undefined,
		hubUrl,
		key: 'key',
		spoolFolder: folder,
		log: pino({ level: 'error' }),
		clock: systemClock(),
		random: Math.random,
	});
	while (life.status().state !== 'ended' || life.status().spool.depth > 0) {
		if (life.status().state === 'misconfigured') throw new Error(life.status().lastError?.message);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	const ms = performance.now() - startedMs;
	const { user, system } = process.cpuUsage(cpu);
	await life.stop();
	rmSync(folder, { recursive: true });
	return {
		emittedPerSecond: perSecond(emittedMs - startedMs),
		deliveredPerSecond: perSecond(ms),
		cpu: Number(((user + system) / 1000 / ms).toFixed(2)),
		perCpuSecond: perSecond((user + system) / 1000),
	};
}

const perSecond = (ms: number) => Math.round((POINTS / ms) * 1000);

const streamsOf = (emitter: Emitter) =>
	Array.from({ length: STREAMS }, (_, i) => emitter.stream({ key: `bench/${i}` }));

async function emitBatches(emitter: Emitter, fromMicros: number): Promise<void> {
	const streams = streamsOf(emitter);
	let underWay: Promise<void>[] = [];
	for (let at = 0; at < POINTS; at += 500) {
		const seen = Array.from({ length: 500 }, (_, i) => ({
			stream: streams[i % STREAMS]!,
			tMicros: fromMicros + at + i,
			v: Math.sin(at + i),
			quality: 192 as const,
		}));
		underWay.push(emitter.emit({ seen, cursor: at }));
		if (underWay.length < 100) continue;
		await Promise.all(underWay);
		underWay = [];
	}
	await Promise.all(underWay);
}

async function emitOneByOne(emitter: Emitter, fromMicros: number): Promise<void> {
	const streams = streamsOf(emitter);
	let underWay: Promise<void>[] = [];
	for (let at = 0; at < POINTS; at++) {
		const point = { stream: streams[at % STREAMS]!, tMicros: fromMicros + at, v: Math.sin(at), quality: 192 as const };
		underWay.push(emitter.emit({ seen: [point] }));
		if (underWay.length < UNDER_WAY) continue;
		await Promise.all(underWay);
		underWay = [];
	}
	await Promise.all(underWay);
}

await main();
