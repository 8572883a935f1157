import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { removeFolder, startProduct, tempFolder } from '../product.ts';
import { profiled, rounded, sharesMs, type Bench, type Figures } from './bench.ts';
import { cpuOf, cpuSince } from './cpu.ts';

const AT_ONCE = 100;
const ROUNDS = 20;
const SCRIPT = { firstTokenAfterMs: 150, gapMs: 10, tokens: Array.from({ length: 20 }, (_, i) => `${i} `) };
const SUSTAINED_PER_SECOND = 500;
const SUSTAINED_CALLS = 5000;
/** Under way together, begun one after the other, as traffic does. */
const STEP_MS = 2;

/** What the way through the proxy adds to a first token: rounds with and without take turns, so that both meet the same machine. */
export const llmProxy: Bench = {
	name: 'llm-proxy',
	workload:
		`${ROUNDS} rounds each way of ${AT_ONCE} streams under way, begun ${STEP_MS} ms apart, 20 tokens at 10 ms after 150 ms; ` +
		`then ${SUSTAINED_CALLS} of them at ${SUSTAINED_PER_SECOND} a second, whoever is behind`,
	async run() {
		const fake = fork(new URL('./llm-fake-process.ts', import.meta.url), { stdio: ['ignore', 'ignore', 2, 'ipc'] });
		const [{ url }] = (await once(fake, 'message')) as [{ url: string }];
		fake.send(SCRIPT);
		await once(fake, 'message');
		const folder = tempFolder('bench-proxy');
		const file = join(folder, 'sigmascope.yaml');
		writeFileSync(file, `proxy: { targets: { fake: { url: "${url}" } } }\n`);
		const product = await startProduct({
			dataFolder: folder,
			env: { SIGMASCOPE_CONFIG: file, ...profiled('llm-proxy') },
		});
		try {
			const direct = { url: `${url}/v1/chat/completions`, headers: {} };
			const passed = {
				url: `${product.url}/proxy/fake/v1/chat/completions`,
				headers: { 'x-sigmascope-key': product.key },
			};
			await round(direct);
			await round(passed);
			const times = { direct: [] as number[], passed: [] as number[] };
			let cpuMs = 0;
			for (let i = 0; i < ROUNDS; i++) {
				times.direct.push(...(await round(direct)));
				const before = cpuOf(product.pid);
				times.passed.push(...(await round(passed)));
				cpuMs += cpuSince(before, cpuOf(product.pid)).main ?? 0;
			}
			const [direct50, direct99] = sharesOf(times.direct);
			const [passed50, passed99] = sharesOf(times.passed);
			return {
				direct: sharesMs(times.direct),
				passed: sharesMs(times.passed),
				addedP50Ms: rounded(passed50 - direct50),
				addedP99Ms: rounded(passed99 - direct99),
				mainThreadMsPerCall: rounded(cpuMs / times.passed.length),
				sustained: await sustained(passed, product.pid),
			};
		} finally {
			await product.stop();
			removeFolder(folder);
			fake.disconnect();
		}
	},
};

function sharesOf(values: readonly number[]): readonly [number, number] {
	const sorted = values.toSorted((a, b) => a - b);
	const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
	return [at(0.5), at(0.99)];
}

/** Calls begin at their times, whether those before have ended or not. */
async function sustained(way: Way, pid: number): Promise<Figures> {
	const agent = new Agent({ keepAlive: true });
	const cpu = cpuOf(pid);
	const startedMs = performance.now();
	const calls: Promise<number>[] = [];
	for (let i = 0; i < SUSTAINED_CALLS; i++) {
		const waitMs = startedMs + (i * 1000) / SUSTAINED_PER_SECOND - performance.now();
		if (waitMs > 1) await delay(waitMs);
		calls.push(call(way, agent));
	}
	const times = await Promise.all(calls);
	const ms = performance.now() - startedMs;
	agent.destroy();
	const mainMs = cpuSince(cpu, cpuOf(pid)).main ?? NaN;
	return {
		callsPerSecond: rounded((calls.length / ms) * 1000),
		withoutFirstToken: times.filter(Number.isNaN).length,
		firstToken: sharesMs(times),
		mainThreadShare: rounded(mainMs / ms),
	};
}

interface Way {
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
}

async function round(way: Way): Promise<number[]> {
	const agent = new Agent({ keepAlive: true });
	const calls: Promise<number>[] = [];
	for (let i = 0; i < AT_ONCE; i++) {
		calls.push(call(way, agent));
		await delay(STEP_MS);
	}
	const times = await Promise.all(calls);
	agent.destroy();
	return times;
}

/** @returns time to the first token in milliseconds */
async function call({ url, headers }: Way, agent: Agent): Promise<number> {
	const startedMs = performance.now();
	const asked = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/json', ...headers } });
	asked.end('{"model":"m","stream":true,"messages":[]}');
	const [answer] = (await once(asked, 'response')) as [IncomingMessage];
	let firstMs = NaN;
	for await (const chunk of answer)
		if (Number.isNaN(firstMs) && (chunk as Buffer).includes('"content":"0 ')) firstMs = performance.now() - startedMs;
	return firstMs;
}
