import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '#collectors/kit/clock.ts';
import { createTransport } from '#collectors/llm-probe/exchange.ts';
import { measureCall } from '#collectors/llm-probe/measure.ts';
import type { Provider } from '#collectors/llm-probe/providers/provider.ts';
import { PROVIDERS } from '#collectors/llm-probe/testing/providers.ts';
import { createSecret } from '#contracts/secret.ts';
import { rounded, sharesMs, type Bench, type Figures } from './bench.ts';

const AT_ONCE = 50;
const ROUNDS = 8;
const SCRIPT = {
	firstTokenAfterMs: 150,
	gapMs: 10,
	tokens: Array.from({ length: 40 }, (_, i) => `${i} `),
};
/** As the prober does it: one after the other, all under way for most of the time. */
const STEP_MS = 10;
const CALLS_A_SECOND = 200 / 60;

/** What the prober says against what the fake did: the difference is the way there and back, and what we add to it. */
export const llmProbe: Bench = {
	name: 'llm-probe',
	workload: `${ROUNDS} rounds of ${AT_ONCE} streams under way, begun ${STEP_MS} ms apart, 40 tokens at 10 ms after 150 ms; error of ttft_ms against the fake's own clock`,
	async run() {
		const child = fork(new URL('./llm-fake-process.ts', import.meta.url), { stdio: ['ignore', 'ignore', 2, 'ipc'] });
		const [{ url }] = (await once(child, 'message')) as [{ url: string }];
		try {
			// Of this machine in this minute, and of no code of ours: what the others have to be compared with.
			const figures: Record<string, Figures> = { bareSocket: await accuracy(child, () => bareCall(url)) };
			for (const [name, create] of Object.entries(PROVIDERS)) {
				const access = { baseUrl: url, key: createSecret('sk', () => 'sk'), headers: {} };
				const provider = await create(access);
				figures[name] = await accuracy(child, () => callOf(provider));
			}
			return figures;
		} finally {
			child.disconnect();
		}
	},
};

/** @returns time to the first token in milliseconds */
type Call = (prompt: string) => Promise<number>;

/** @param round makes what the calls of one round share */
async function accuracy(child: ChildProcess, round: () => Call): Promise<Figures> {
	await answered(child);
	// The first calls compile what the others use.
	await together(round(), 'warm');
	await answered(child);
	const cpu = process.cpuUsage();
	const measured: [string, number][] = [];
	for (let i = 0; i < ROUNDS; i++) measured.push(...(await together(round(), `r${i}`)));
	const { user, system } = process.cpuUsage(cpu);
	const cpuMsPerCall = (user + system) / 1000 / measured.length;
	const truths = await answered(child);
	const errors = measured.map(([prompt, ttftMs]) =>
		Math.abs(ttftMs - (truths.find(({ body }) => body.includes(prompt))?.ttftMs ?? NaN)),
	);
	return {
		ttftError: sharesMs(errors),
		cpuMsPerCall: rounded(cpuMsPerCall),
		coresOf200TargetsAMinute: rounded((cpuMsPerCall * CALLS_A_SECOND) / 1000),
	};
}

function together(call: Call, name: string): Promise<[string, number][]> {
	const calls = Array.from({ length: AT_ONCE }, async (_, i): Promise<[string, number]> => {
		await delay(i * STEP_MS);
		const prompt = `call ${name}-${i}.`;
		return [prompt, await call(prompt)];
	});
	return Promise.all(calls);
}

/** Also sets the script for what comes. */
async function answered(child: ChildProcess): Promise<readonly { readonly body: string; readonly ttftMs: number }[]> {
	child.send(SCRIPT);
	const [{ truths }] = (await once(child, 'message')) as [{ truths: { body: string; ttftMs: number }[] }];
	return truths;
}

function callOf(provider: Provider): Call {
	const nowMs = () => performance.now();
	const transport = createTransport({ nowMs, connections: 'new' });
	const { nowMicros, sleep } = systemClock();
	const deadlines = { firstTokenMs: 10_000, idleMs: 10_000, totalMs: 10_000 };
	const signal = new AbortController().signal;
	return async (prompt) => {
		const ask = { model: 'fake', prompt, maxTokens: 50, temperature: 0, usage: true };
		const measuring = { provider, ask, transport, deadlines, nowMs, nowMicros, sleep, signal };
		return (await measureCall(measuring)).ttftMs ?? NaN;
	};
}

/** Ollama's lines: the first bytes of the body are the first token. Nothing is parsed. */
function bareCall(url: string): Call {
	return async (prompt) => {
		const outgoing = request(`${url}/api/chat`, { method: 'POST', agent: false });
		let sentMs = NaN;
		outgoing.on('socket', (socket) => socket.once('connect', () => (sentMs = performance.now())));
		outgoing.end(JSON.stringify({ prompt }));
		const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
		let firstMs = NaN;
		response.once('data', () => (firstMs = performance.now()));
		await once(response.resume(), 'end');
		return firstMs - sentMs;
	};
}
