import { NO_USAGE } from '#contracts/llm.ts';
import type { MeasuredCall } from '../call.ts';

/** A good call that began at this moment and took 100 ms. */
export function goodCall(startedMicros: number, more: Partial<MeasuredCall> = {}): MeasuredCall {
	return {
		startedMicros,
		endedMicros: startedMicros + 110_000,
		connection: 'new',
		connectMs: 10,
		ttfcMs: 20,
		ttftMs: 40,
		firstTokenMicros: startedMicros + 50_000,
		totalMs: 100,
		tpotMs: 5,
		chunkGapP95Ms: 6,
		outputTps: 200,
		serverMs: null,
		queueMs: null,
		loadMs: null,
		usage: { ...NO_USAGE, inputTokens: 10, outputTokens: 13 },
		finish: 'stop',
		responseModel: 'm',
		fingerprint: null,
		errorClass: null,
		errorText: null,
		retryAfterMs: null,
		censoredMs: null,
		text: '1 2 3',
		...more,
	};
}

const NOTHING = {
	ttfcMs: null,
	ttftMs: null,
	firstTokenMicros: null,
	totalMs: null,
	tpotMs: null,
	chunkGapP95Ms: null,
	outputTps: null,
	usage: NO_USAGE,
	finish: null,
} as const;

/** One of which nothing came. */
export function failedCall(
	startedMicros: number,
	errorClass: NonNullable<MeasuredCall['errorClass']>,
	more: Partial<MeasuredCall> = {},
): MeasuredCall {
	return { ...goodCall(startedMicros), ...NOTHING, errorClass, errorText: 'no words', ...more };
}
