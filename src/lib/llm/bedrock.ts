import type { LlmUsage } from '#contracts/llm.ts';
import { amountOf, fieldsOf, sumOf, textOf, type Fields } from './field.ts';
import type { WireEvent, WireReader } from './wire-event.ts';

/**
 * Events of `ConverseStream`, as `{name: body}`. Complete is an answer with `messageStop` and `metadata`: a connection cut
 * between the two has lost the usage.
 */
export function createBedrockReader(): WireReader {
	let finish: string | undefined;
	return {
		take(event) {
			const [name, given] = Object.entries(fieldsOf(event)).find(([, value]) => value !== undefined) ?? [''];
			const body = fieldsOf(given);
			if (name === 'contentBlockDelta') return tokenOf(fieldsOf(body.delta));
			if (name === 'messageStop') finish = textOf(body.stopReason);
			if (name.endsWith('Exception')) return [{ kind: 'error', type: name, message: textOf(body.message) }];
			if (name !== 'metadata') return [];
			const totalMs = amountOf(fieldsOf(body.metrics).latencyMs);
			return [
				{ kind: 'usage', usage: bedrockUsage(fieldsOf(body.usage)) },
				...(totalMs === null ? [] : [{ kind: 'server', totalMs } as const]),
				...(finish === undefined ? [] : [{ kind: 'end', finish } as const]),
			];
		},
	};
}

function tokenOf(delta: Fields): WireEvent[] {
	if (textOf(delta.text) !== '') return [{ kind: 'token', of: 'text', text: textOf(delta.text) }];
	const reasoning = textOf(fieldsOf(delta.reasoningContent).text);
	if (reasoning !== '') return [{ kind: 'token', of: 'reasoning', text: reasoning }];
	const input = textOf(fieldsOf(delta.toolUse).input);
	return input === '' ? [] : [{ kind: 'token', of: 'tool', text: input }];
}

/** `inputTokens` leave out what the cache gave or took. */
export function bedrockUsage(usage: Fields): LlmUsage {
	const cachedTokens = amountOf(usage.cacheReadInputTokens);
	const cacheWriteTokens = amountOf(usage.cacheWriteInputTokens);
	return {
		inputTokens: sumOf(amountOf(usage.inputTokens), cachedTokens, cacheWriteTokens),
		outputTokens: amountOf(usage.outputTokens),
		cachedTokens,
		cacheWriteTokens,
		reasoningTokens: null,
	};
}
