import { amountOf, fieldsOf, textOf, type Fields } from './field.ts';
import type { WireEvent, WireReader } from './wire-event.ts';

const NS_PER_MS = 1_000_000;

/** Lines of `POST /api/chat` and `/api/generate`. */
export function createOllamaReader(): WireReader {
	let hasAnswered = false;
	return {
		take(event) {
			const line = fieldsOf(event);
			if (line.error !== undefined) return [{ kind: 'error', type: '', message: textOf(line.error) }];
			const found: WireEvent[] = [];
			if (!hasAnswered) found.push({ kind: 'answer', model: textOf(line.model) });
			hasAnswered = true;
			const message = fieldsOf(line.message);
			const reasoning = textOf(message.thinking) || textOf(line.thinking);
			if (reasoning !== '') found.push({ kind: 'token', of: 'reasoning', text: reasoning });
			const text = textOf(message.content) || textOf(line.response);
			if (text !== '') found.push({ kind: 'token', of: 'text', text });
			if (line.done === true) found.push(...endOf(line));
			return found;
		},
	};
}

/** Durations come in nanoseconds. A prompt that was in the cache has no `prompt_eval_count`: unknown, not none. */
function endOf(line: Fields): WireEvent[] {
	const totalNs = amountOf(line.total_duration);
	const loadNs = amountOf(line.load_duration);
	return [
		{
			kind: 'usage',
			usage: {
				inputTokens: amountOf(line.prompt_eval_count),
				outputTokens: amountOf(line.eval_count),
				cachedTokens: null,
				cacheWriteTokens: null,
				reasoningTokens: null,
			},
		},
		{
			kind: 'server',
			...(totalNs === null ? {} : { totalMs: totalNs / NS_PER_MS }),
			...(loadNs === null ? {} : { loadMs: loadNs / NS_PER_MS }),
		},
		{ kind: 'end', finish: textOf(line.done_reason) || 'stop' },
	];
}
