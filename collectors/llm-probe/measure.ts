import { messageOf } from '#contracts/error.ts';
import type { LlmErrorClass } from '#contracts/llm.ts';
import { MICROS_PER_MS, type NowMicros } from '#contracts/time.ts';
import { classOfError, classOfFinish, classOfStatus } from '#lib/llm/error-class.ts';
import { emptyTally, gapP95, tallyEvent, timePerToken, type Tally } from '#lib/llm/tally.ts';
import type { Deadlines, MeasuredCall } from './call.ts';
import { watchDeadlines, type Passed } from './deadline.ts';
import type { Exchange, Transport } from './exchange.ts';
import type { Ask, Provider } from './providers/provider.ts';

export interface Measuring {
	readonly provider: Provider;
	readonly ask: Ask;
	readonly transport: Transport;
	readonly deadlines: Deadlines;
	/** A stopwatch, in milliseconds: durations; the wall clock says when it began. */
	readonly nowMs: () => number;
	readonly nowMicros: NowMicros;
	readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
	/** Of the caller: ends the call as `client_abort`. */
	readonly signal: AbortSignal;
}

/** After the terminal marker only the usage may come, and the connection's end, for which nobody waits longer. */
const AFTER_END_MS = 1000;

interface Outcome {
	readonly tally: Tally;
	readonly exchange: Exchange;
	readonly passed: Passed | undefined;
	readonly waitedMs: number;
	readonly thrown: unknown;
	readonly isAborted: boolean;
}

/** Asks once and says what came of it. Never throws for what a provider or the network does. */
export async function measureCall(measuring: Measuring): Promise<MeasuredCall> {
	const startedMicros = measuring.nowMicros();
	const originMs = measuring.nowMs();
	const outcome = await observe(measuring);
	const at = (ms: number) => Math.round(startedMicros + (ms - originMs) * MICROS_PER_MS);
	return callOf(outcome, { at, endedMs: measuring.nowMs() });
}

async function observe({ provider, ask, transport, deadlines, nowMs, sleep, signal }: Measuring): Promise<Outcome> {
	const gone = new AbortController();
	const either = AbortSignal.any([signal, gone.signal]);
	const { fetch, exchange } = transport.begin(either);
	const tally = emptyTally();
	const state: { passed: Passed | undefined; waitedMs: number } = { passed: undefined, waitedMs: 0 };
	const watch = watchDeadlines({
		deadlines,
		startedMs: () => exchange.startedMs,
		nowMs,
		sleep,
		onPassed(passed, waitedMs) {
			if (tally.finish === undefined) Object.assign(state, { passed, waitedMs });
			gone.abort();
		},
	});
	const drain = new AbortController();
	let thrown: unknown;
	try {
		for await (const event of provider.stream(ask, { fetch, signal: either })) {
			const isEnd = event.kind === 'end' && tally.finish === undefined;
			tallyEvent(tally, event, exchange.chunkMs);
			if (event.kind === 'token') watch.token(exchange.chunkMs);
			else watch.event(exchange.chunkMs);
			if (isEnd) void sleep(AFTER_END_MS, drain.signal).then(() => gone.abort());
			if (event.kind === 'error') break;
		}
	} catch (error) {
		thrown = error;
	}
	const isAborted = signal.aborted;
	drain.abort();
	watch.stop();
	gone.abort();
	return { tally, exchange, ...state, thrown, isAborted };
}

function callOf(
	outcome: Outcome,
	clock: { readonly at: (ms: number) => number; readonly endedMs: number },
): MeasuredCall {
	const { tally, exchange, passed, waitedMs } = outcome;
	const fault = faultOf(outcome);
	// Filtered answers took as long as they took.
	const isComplete = tally.finish !== undefined && (fault === undefined || fault.class === 'content_filter');
	const { sentMs } = exchange;
	const since = (ms: number | undefined) => (ms === undefined || sentMs === undefined ? null : ms - sentMs);
	const tpotMs = isComplete ? timePerToken(tally) : null;
	const endMs = isComplete ? (tally.lastEventMs ?? clock.endedMs) : clock.endedMs;
	return {
		startedMicros: clock.at(exchange.startedMs),
		endedMicros: clock.at(endMs),
		connection: exchange.isReused ? 'reused' : 'new',
		connectMs: exchange.connectMs ?? null,
		ttfcMs: since(tally.firstEventMs),
		ttftMs: since(tally.firstTokenMs),
		firstTokenMicros: tally.firstTokenMs === undefined ? null : clock.at(tally.firstTokenMs),
		totalMs: isComplete ? since(tally.lastEventMs) : null,
		tpotMs,
		chunkGapP95Ms: isComplete ? gapP95(tally) : null,
		outputTps: tpotMs === null ? null : 1000 / tpotMs,
		serverMs: tally.serverMs ?? serverMsOf(exchange.headers) ?? null,
		queueMs: tally.queueMs ?? null,
		loadMs: tally.loadMs ?? null,
		usage: tally.usage,
		finish: tally.finish ?? null,
		responseModel: tally.model ?? null,
		fingerprint: tally.fingerprint ?? null,
		errorClass: fault?.class ?? null,
		errorText: fault?.text ?? null,
		retryAfterMs: retryAfterMs(exchange.headers),
		censoredMs: passed === undefined ? null : waitedMs,
		text: tally.text,
	};
}

interface Fault {
	readonly class: LlmErrorClass;
	readonly text: string;
}

/** The first that applies: what we did ourselves, what the provider said, what the network did, what is missing. */
function faultOf({ tally, exchange, passed, waitedMs, thrown, isAborted }: Outcome): Fault | undefined {
	if (tally.finish === undefined) {
		if (isAborted) return { class: 'client_abort', text: 'stopped' };
		if (passed) return { class: passed, text: `no ${WAITED_FOR[passed]} within ${Math.round(waitedMs)} ms` };
	}
	if (exchange.refusal) {
		const { status, body } = exchange.refusal;
		return { class: classOfStatus(status) ?? 'server', text: `${status} ${saidIn(body)}`.trim() };
	}
	if (tally.error) return { class: classOfError(tally.error), text: tally.error.message || tally.error.type };
	if (tally.finish !== undefined) {
		const filtered = classOfFinish(tally.finish);
		return filtered && { class: filtered, text: `the answer ended with ${tally.finish}` };
	}
	if (exchange.failure) return { class: 'network', text: messageOf(exchange.failure) };
	if (thrown !== undefined) return { class: classOfError(wordsOf(thrown)), text: messageOf(thrown) };
	return { class: 'truncated', text: 'the answer ended without its terminal marker' };
}

const WAITED_FOR: Readonly<Record<Passed, string>> = {
	timeout_first_token: 'first token',
	timeout_idle: 'further event',
	timeout_total: 'end',
};

/**
 * The clients throw errors that stand inside an answer: those of OpenAI and Anthropic with the document that it was, that of AWS by
 * its name.
 */
function wordsOf(thrown: unknown): { readonly type: string; readonly message: string } {
	const { type, code, error, name: kind } = (thrown ?? {}) as Readonly<Record<string, unknown>>;
	const inner = (error ?? {}) as { type?: unknown; error?: { type?: unknown } };
	const name = [inner.error?.type, inner.type, type, code, kind].find((one) => typeof one === 'string' && one !== '');
	return { type: typeof name === 'string' && !/^error$/i.test(name) ? name : '', message: messageOf(thrown) };
}

const MAX_SAID_CHARS = 300;

/** The message in a refusal's document, or its beginning. */
function saidIn(body: string): string {
	const found =
		/"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? /"error"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1];
	return (found ?? body).replace(/\s+/g, ' ').slice(0, MAX_SAID_CHARS);
}

function serverMsOf(headers: Headers | undefined): number | undefined {
	const text = headers?.get('openai-processing-ms') ?? '';
	return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** `retry-after-ms`, or `retry-after` in seconds; a date in it is not looked at. */
function retryAfterMs(headers: Headers | undefined): number | null {
	const ms = headers?.get('retry-after-ms') ?? '';
	const s = headers?.get('retry-after') ?? '';
	if (/^\d+(\.\d+)?$/.test(ms)) return Number(ms);
	return /^\d+(\.\d+)?$/.test(s) ? Number(s) * 1000 : null;
}
