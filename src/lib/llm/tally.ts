import { NO_USAGE, type LlmUsage } from '#contracts/llm.ts';
import type { WireEvent } from './wire-event.ts';

/** What the events of one answer came to; times are milliseconds of the stopwatch. */
export interface Tally {
	firstEventMs: number | undefined;
	firstTokenMs: number | undefined;
	lastTokenMs: number | undefined;
	lastEventMs: number | undefined;
	/** Between arrivals that had tokens: several tokens in one arrival make no gap. */
	readonly gapsMs: number[];
	usage: LlmUsage;
	/** Whether reasoning came as tokens, or only as a number at the end. */
	reasoningSeen: boolean;
	text: string;
	finish: string | undefined;
	model: string | undefined;
	fingerprint: string | undefined;
	serverMs: number | undefined;
	queueMs: number | undefined;
	loadMs: number | undefined;
	error: { readonly type: string; readonly message: string } | undefined;
}

const MAX_TEXT_CHARS = 200_000;
/** Of an answer without end the beginning has to do. */
const MAX_GAPS = 20_000;

export function emptyTally(): Tally {
	return {
		firstEventMs: undefined,
		firstTokenMs: undefined,
		lastTokenMs: undefined,
		lastEventMs: undefined,
		gapsMs: [],
		usage: NO_USAGE,
		reasoningSeen: false,
		text: '',
		finish: undefined,
		model: undefined,
		fingerprint: undefined,
		serverMs: undefined,
		queueMs: undefined,
		loadMs: undefined,
		error: undefined,
	};
}

/** @param atMs when the bytes of this event arrived */
export function tallyEvent(tally: Tally, event: WireEvent, atMs: number): void {
	tally.firstEventMs ??= atMs;
	tally.lastEventMs = atMs;
	switch (event.kind) {
		case 'token':
			return tallyToken(tally, event, atMs);
		case 'usage':
			tally.usage = event.usage;
			return;
		case 'answer':
			tally.model = event.model || tally.model;
			tally.fingerprint = event.fingerprint || tally.fingerprint;
			return;
		case 'server':
			tally.serverMs = event.totalMs ?? tally.serverMs;
			tally.queueMs = event.queueMs ?? tally.queueMs;
			tally.loadMs = event.loadMs ?? tally.loadMs;
			return;
		case 'end':
			tally.finish ??= event.finish;
			return;
		case 'error':
			tally.error = event;
	}
}

function tallyToken(tally: Tally, { of, text }: Extract<WireEvent, { kind: 'token' }>, atMs: number): void {
	tally.firstTokenMs ??= atMs;
	if (tally.lastTokenMs !== undefined && atMs > tally.lastTokenMs && tally.gapsMs.length < MAX_GAPS)
		tally.gapsMs.push(atMs - tally.lastTokenMs);
	tally.lastTokenMs = atMs;
	if (of === 'reasoning') tally.reasoningSeen = true;
	if (of === 'text' && tally.text.length < MAX_TEXT_CHARS) tally.text += text;
}

/** Tokens that came between the first and the last one: reasoning that was never shown came before them. */
export function streamedTokens({ usage, reasoningSeen }: Tally): number | null {
	if (usage.outputTokens === null) return null;
	return usage.outputTokens - (reasoningSeen ? 0 : (usage.reasoningTokens ?? 0));
}

/** Fewer gaps have no 95th percentile that means anything. */
const FEWEST_GAPS = 10;

/** Nearest rank. */
export function gapP95({ gapsMs }: Tally): number | null {
	if (gapsMs.length < FEWEST_GAPS) return null;
	return gapsMs.toSorted((a, b) => a - b)[Math.ceil(gapsMs.length * 0.95) - 1] ?? null;
}

/** @returns milliseconds per token between first and last; null with less than two tokens or one arrival */
export function timePerToken(tally: Tally): number | null {
	const { firstTokenMs, lastTokenMs } = tally;
	const tokens = streamedTokens(tally);
	if (tokens === null || tokens < 2 || firstTokenMs === undefined || lastTokenMs === undefined) return null;
	return lastTokenMs > firstTokenMs ? (lastTokenMs - firstTokenMs) / (tokens - 1) : null;
}
