import type { ProbedCall } from '#contracts/probed-call.ts';
import type { Asked } from './asker.ts';
import type { Unit } from './unit.ts';

const MOST_CHARS = 100;

/**
 * The call itself beside its points, so that a point leads to what was asked of whom, and another version of a model is
 * noticed. Neither question nor answer is in it. Nothing for one that was given up on our side, as it has no points either.
 */
export function recorded(unit: Unit, { call, costUsd, priceVersion }: Asked): ProbedCall[] {
	const { target } = unit.owner;
	const { usage, text, finish, errorClass, endedMicros, startedMicros } = call;
	if (errorClass === 'client_abort') return [];
	const { checks } = unit.prompt;
	const isWhole = errorClass === null && checks.length > 0;
	const { connectMs, ttfcMs, ttftMs, tpotMs, chunkGapP95Ms, serverMs, queueMs, loadMs, firstTokenMicros } = call;
	return [
		{
			provider: target.name ?? target.provider,
			model: target.model,
			promptClass: unit.prompt.name,
			deployment: target.deployment ?? null,
			region: target.region ?? null,
			environment: target.environment ?? null,
			...{ startedMicros, endedMicros, firstTokenMicros },
			...{ connectMs, ttfcMs, ttftMs, tpotMs, chunkGapP95Ms, serverMs, queueMs, loadMs },
			totalMs: call.totalMs ?? call.censoredMs,
			...usage,
			...{ costUsd, priceVersion, errorClass },
			...{ status: null, retries: null },
			finishReason: cut(finish),
			responseModel: cut(call.responseModel, 200),
			fingerprint: cut(call.fingerprint),
			passed: isWhole ? checks.every(({ passes }) => passes(text)) : null,
			...{ traceId: null, spanId: null },
		},
	];
}

/** Answers are from outside. */
function cut(text: string | null, most = MOST_CHARS): string | null {
	return text === null || text === '' ? null : text.slice(0, most);
}
