import type { LlmUsage } from '#contracts/llm.ts';
import { amountOf, fieldsOf, listOf, sumOf, textOf, type Fields } from './field.ts';
import type { WireEvent, WireReader } from './wire-event.ts';

/** Events of `models/…:streamGenerateContent?alt=sse`. Each may have the usage so far; the last one has a reason for the end. */
export function createGeminiReader(): WireReader {
	let hasAnswered = false;
	return {
		take(event) {
			const chunk = fieldsOf(event);
			if (chunk.error !== undefined) return [errorOf(fieldsOf(chunk.error))];
			const found: WireEvent[] = [];
			if (!hasAnswered && textOf(chunk.modelVersion) !== '') {
				hasAnswered = true;
				found.push({ kind: 'answer', model: textOf(chunk.modelVersion), id: textOf(chunk.responseId) });
			}
			const candidate = fieldsOf(listOf(chunk.candidates)[0]);
			for (const part of listOf(fieldsOf(candidate.content).parts).map(fieldsOf)) found.push(...tokenOf(part));
			if (chunk.usageMetadata) found.push({ kind: 'usage', usage: geminiUsage(fieldsOf(chunk.usageMetadata)) });
			const blocked = textOf(fieldsOf(chunk.promptFeedback).blockReason);
			const finish = textOf(candidate.finishReason) || blocked;
			if (finish !== '') found.push({ kind: 'end', finish });
			return found;
		},
	};
}

function tokenOf(part: Fields): WireEvent[] {
	if (part.functionCall) return [{ kind: 'token', of: 'tool', text: JSON.stringify(part.functionCall) }];
	const text = textOf(part.text);
	return text === '' ? [] : [{ kind: 'token', of: part.thought === true ? 'reasoning' : 'text', text }];
}

/** Thoughts are counted apart from the candidates. */
export function geminiUsage(usage: Fields): LlmUsage {
	const reasoningTokens = amountOf(usage.thoughtsTokenCount);
	return {
		inputTokens: amountOf(usage.promptTokenCount),
		outputTokens: sumOf(amountOf(usage.candidatesTokenCount), reasoningTokens),
		cachedTokens: amountOf(usage.cachedContentTokenCount),
		cacheWriteTokens: null,
		reasoningTokens,
	};
}

function errorOf({ status, code, message }: Fields): WireEvent {
	const type = textOf(status) || (amountOf(code) === null ? '' : String(code as number));
	return { kind: 'error', type, message: textOf(message) };
}
