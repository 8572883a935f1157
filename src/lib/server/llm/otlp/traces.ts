import type { LlmErrorClass } from '#contracts/llm.ts';
import type { CallInput } from '#contracts/llm-call.ts';
import type { LogLine } from '#contracts/log-line.ts';
import { parseTime, timeFault } from '#contracts/time.ts';
import { classOfError, classOfStatus } from '#lib/llm/error-class.ts';
import { fieldsOf, listOf, type Fields } from '#lib/llm/field.ts';
import { cut, whole } from '../foreign.ts';
import { attributesOf, firstNumber, firstText, idOf, microsOf, type Attributes } from './attributes.ts';
import { contentsOf } from './contents.ts';
import { ASKING, NAMES, WANTED, WANTED_WITH_CONTENT } from './names.ts';

/** The calls in an export of spans, and what of it could not be taken. Spans of other things are well taken, and no calls. */
export interface FoundCalls {
	readonly calls: readonly CallInput[];
	/** What was asked and answered in them; empty unless it is asked for. */
	readonly contents: readonly LogLine[];
	readonly rejected: number;
	/** Of the first that was rejected. */
	readonly message: string;
}

const ERROR = 2;

export function callsOfTraces(document: unknown, nowMicros: number, withContent = false): FoundCalls {
	const spans = spansOf(document, withContent ? WANTED_WITH_CONTENT : WANTED);
	// A framework's span around a client's is the same call seen from further away.
	const around = new Set(spans.flatMap(({ parent }) => (parent === undefined ? [] : [parent])));
	const calls: CallInput[] = [];
	const contents: LogLine[] = [];
	let [rejected, message] = [0, ''];
	for (const span of spans) {
		if (span.id !== undefined && around.has(span.id)) continue;
		const call = callOf(span, nowMicros);
		if (typeof call !== 'string') {
			calls.push(call);
			if (withContent) contents.push(...contentsOf(call, span.own));
			continue;
		}
		rejected++;
		message ||= `span ${span.id ?? ''}: ${call}`;
	}
	return { calls, contents, rejected, message };
}

interface Span {
	readonly span: Fields;
	readonly id: string | undefined;
	readonly parent: string | undefined;
	readonly own: Attributes;
	readonly resource: Attributes;
}

/** Those that asked a model. */
function spansOf(document: unknown, wanted: ReadonlySet<string>): Span[] {
	return listOf(fieldsOf(document).resourceSpans).flatMap((one) => {
		const group = fieldsOf(one);
		const resource = attributesOf(fieldsOf(group.resource).attributes, WANTED);
		return [...listOf(group.scopeSpans), ...listOf(group.instrumentationLibrarySpans)].flatMap((scope) =>
			listOf(fieldsOf(scope).spans).flatMap((given): Span[] => {
				const span = fieldsOf(given);
				const own = attributesOf(span.attributes, wanted);
				if (!isCall(own)) return [];
				return [{ span, own, resource, id: idOf(span.spanId, 8), parent: idOf(span.parentSpanId, 8) }];
			}),
		);
	});
}

function isCall(own: Attributes): boolean {
	const operation = firstText(own, NAMES.operation)?.toLowerCase();
	if (operation !== undefined) return ASKING.has(operation);
	return firstText(own, NAMES.model) !== undefined && firstNumber(own, NAMES.inputTokens) !== undefined;
}

/** @returns why it is none, where it is none */
function callOf({ span, own, resource, id }: Span, nowMicros: number): CallInput | string {
	const [start, end] = [microsOf(span.startTimeUnixNano), microsOf(span.endTimeUnixNano)];
	if (start === undefined) return 'startTimeUnixNano is missing or no number';
	const late = timeFault(start, nowMicros);
	if (late !== undefined) return late;
	const model = cut(firstText(own, [...NAMES.model, ...NAMES.responseModel]) ?? '', 120);
	if (model === undefined) return `${NAMES.model[0]} is missing`;
	const provider = cut((firstText(own, NAMES.provider) ?? '').replaceAll('/', '_'), 60) ?? 'unknown';
	const either = (names: readonly string[]) =>
		cut(firstText(own, names) ?? firstText(resource, names) ?? '', 100) ?? null;
	return {
		provider,
		model,
		startedAt: start,
		totalMs: end === undefined || end < start ? null : (end - start) / 1000,
		ttfcMs: firstChunkMs(own),
		ttftMs: firstTokenMs(own, start),
		inputTokens: whole(firstNumber(own, NAMES.inputTokens)),
		outputTokens: whole(firstNumber(own, NAMES.outputTokens)),
		cachedTokens: whole(firstNumber(own, NAMES.cachedTokens)),
		cacheWriteTokens: whole(firstNumber(own, NAMES.cacheWriteTokens)),
		reasoningTokens: whole(firstNumber(own, NAMES.reasoningTokens)),
		costUsd: firstNumber(own, NAMES.costUsd) ?? null,
		...failureOf(fieldsOf(span.status), own),
		finishReason: finishOf(own),
		responseModel: cut(firstText(own, NAMES.responseModel) ?? '', 200) ?? null,
		fingerprint: cut(firstText(own, NAMES.fingerprint) ?? '', 100) ?? null,
		promptClass: either(NAMES.promptClass),
		region: either(NAMES.region),
		environment: either(NAMES.environment),
		traceId: idOf(span.traceId, 16) ?? null,
		spanId: id ?? null,
	};
}

/** The first event and the first token are two things: who says one has not said the other. */
function firstChunkMs(own: Attributes): number | null {
	const seconds = firstNumber(own, NAMES.firstChunkS);
	return seconds === undefined ? (firstNumber(own, NAMES.firstChunkMs) ?? null) : seconds * 1000;
}

function firstTokenMs(own: Attributes, startMicros: number): number | null {
	const seconds = firstNumber(own, NAMES.firstTokenS);
	if (seconds !== undefined) return seconds * 1000;
	const at = parseTime((firstText(own, NAMES.firstTokenAt) ?? '').replaceAll('"', ''));
	return at === undefined || at < startMicros ? null : (at - startMicros) / 1000;
}

function finishOf(own: Attributes): string | null {
	const given = NAMES.finish.map((name) => own.get(name)).find((value) => value !== undefined);
	return cut(String((Array.isArray(given) ? given[0] : given) ?? ''), 100) ?? null;
}

function failureOf(status: Fields, own: Attributes): { errorClass: LlmErrorClass | null; status: number | null } {
	const type = firstText(own, NAMES.error);
	const code = firstNumber(own, NAMES.status) ?? (/^[1-5]\d\d$/.test(type ?? '') ? Number(type) : undefined);
	const http = code !== undefined && Number.isInteger(code) && code >= 100 && code <= 599 ? code : null;
	const hasFailed = type !== undefined || status.code === ERROR || status.code === 'STATUS_CODE_ERROR';
	return { errorClass: hasFailed ? classOf(type ?? '', http) : null, status: http };
}

function classOf(type: string, http: number | null): LlmErrorClass {
	const byStatus = http === null ? undefined : classOfStatus(http);
	if (byStatus !== undefined) return byStatus;
	if (/timeout|deadline/i.test(type)) return 'timeout_total';
	if (/abort|cancel/i.test(type)) return 'client_abort';
	if (/connect|network|socket|econn|enotfound|fetch/i.test(type)) return 'network';
	return classOfError({ type, message: '' });
}
