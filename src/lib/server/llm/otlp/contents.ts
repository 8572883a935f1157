import type { CallInput } from '#contracts/llm-call.ts';
import type { LogLine } from '#contracts/log-line.ts';
import { MAX_TEXT_CHARS } from '#contracts/log-read.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import { firstText, type Attributes } from './attributes.ts';
import { CONTENT_NAMES } from './names.ts';

/** What was asked and answered in a call, as lines of the log of its model that its trace finds again. */
export function contentsOf(call: CallInput, own: Attributes): LogLine[] {
	const endedMicros = call.startedAt + Math.round((call.totalMs ?? 0) * MICROS_PER_MS);
	const named = Object.entries(CONTENT_NAMES).map(([role, names]) => ({ role, text: firstText(own, names) ?? '' }));
	return named
		.filter(({ text }) => text !== '')
		.map(({ role, text }) => ({
			tMicros: role === 'output' ? endedMicros : call.startedAt,
			source: `${call.provider}/${call.model}`,
			severity: null,
			text: text.slice(0, MAX_TEXT_CHARS).toWellFormed(),
			attributes: {
				role,
				...(call.traceId ? { trace: call.traceId } : {}),
				...(call.spanId ? { span: call.spanId } : {}),
			},
		}));
}
