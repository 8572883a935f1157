import { z } from 'zod';
import { InputError } from './error.ts';
import { LLM_ERROR_CLASSES } from './llm.ts';
import type { LlmCall } from './llm-call.ts';
import { timeFault } from './time.ts';

/** A call that a prober has measured, with the very times of its points; what it is kept as has beside this an id and a site. */
export type ProbedCall = Omit<LlmCall, 'id' | 'site' | 'source'>;

const time = z.number().int();
const ms = z.number().min(0).nullable();
const tokens = z.number().int().min(0).max(4_294_967_295).nullable();
const text = (max: number) => z.string().max(max).nullable();

const probedCallSchema = z.strictObject({
	...{ provider: z.string().min(1).max(120), model: z.string().min(1).max(200) },
	...{ promptClass: text(100), deployment: text(100), region: text(100), environment: text(100) },
	...{ startedMicros: time, endedMicros: time, firstTokenMicros: time.nullable() },
	...{ connectMs: ms, ttfcMs: ms, ttftMs: ms, tpotMs: ms, chunkGapP95Ms: ms, totalMs: ms },
	...{ serverMs: ms, queueMs: ms, loadMs: ms },
	...{ inputTokens: tokens, outputTokens: tokens, cachedTokens: tokens, cacheWriteTokens: tokens },
	reasoningTokens: tokens,
	...{ costUsd: z.number().min(0).nullable(), priceVersion: text(100) },
	errorClass: z.enum(LLM_ERROR_CLASSES).nullable(),
	...{ status: z.number().int().min(100).max(599).nullable(), retries: z.number().int().min(0).nullable() },
	...{ finishReason: text(100), responseModel: text(200), fingerprint: text(100) },
	passed: z.boolean().nullable(),
	...{ traceId: text(64), spanId: text(64) },
}) satisfies z.ZodType<ProbedCall>;

/** @throws InputError saying what is wrong with it */
export function readProbedCall(document: unknown, nowMicros: number): ProbedCall {
	const { success, data, error } = probedCallSchema.safeParse(document);
	if (!success) {
		const [issue] = error.issues;
		throw new InputError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is no call'}`);
	}
	const late = timeFault(data.startedMicros, nowMicros) ?? timeFault(data.endedMicros, nowMicros);
	if (late !== undefined) throw new InputError(`startedMicros: ${late}`);
	return data;
}
