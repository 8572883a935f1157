import type { LlmUsage } from '#contracts/llm.ts';
import { amountOf, fieldsOf, textOf } from '#lib/llm/field.ts';
import type { WireEvent } from '#lib/llm/wire-event.ts';
import type { HttpTemplate } from '../config.ts';
import { revealed, type Access } from './access.ts';
import type { Ask, Provider } from './provider.ts';
import { lines, sseEvents } from './sse.ts';

/** Any API that streams documents of JSON: paths say where in them the tokens, the end and the usage are. */
export function createHttp({ baseUrl, key, headers }: Access, template: HttpTemplate): Provider {
	return {
		async *stream(ask, { fetch }) {
			const secret = key?.reveal();
			const response = await fetch(baseUrl ?? '', {
				method: 'POST',
				headers: {
					'content-type': 'application/json',
					...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
					...revealed(headers),
				},
				body: JSON.stringify(filled(template.body, ask)),
			});
			const documents = template.format === 'sse' ? sseEvents(response) : lines(response);
			for await (const text of documents) {
				if (text === template.done) return yield { kind: 'end', finish: 'stop' };
				yield* eventsOf(JSON.parse(text), template);
			}
		},
	};
}

function* eventsOf(document: unknown, { token, end, usage, error }: HttpTemplate): Generator<WireEvent> {
	const fault = error === undefined ? undefined : at(document, error);
	if (fault !== undefined && fault !== null)
		return yield { kind: 'error', type: '', message: textOf(fault) || JSON.stringify(fault) };
	const text = textOf(at(document, token));
	if (text !== '') yield { kind: 'token', of: 'text', text };
	const counts = usageAt(document, usage);
	if (counts.inputTokens !== null || counts.outputTokens !== null) yield { kind: 'usage', usage: counts };
	const finish = end === undefined ? undefined : at(document, end);
	// Many say false, null or an empty text until it is over.
	if (finish) yield { kind: 'end', finish: textOf(finish) || 'stop' };
}

function usageAt(document: unknown, paths: HttpTemplate['usage']): LlmUsage {
	const amount = (path: string | undefined) => (path === undefined ? null : amountOf(at(document, path)));
	return {
		inputTokens: amount(paths.input),
		outputTokens: amount(paths.output),
		cachedTokens: amount(paths.cached),
		cacheWriteTokens: null,
		reasoningTokens: amount(paths.reasoning),
	};
}

/** `choices.0.delta.content`: names and places, no more. */
function at(document: unknown, path: string): unknown {
	return path.split('.').reduce<unknown>((value, name) => {
		const fields = fieldsOf(value);
		return Object.hasOwn(fields, name) ? fields[name] : undefined;
	}, document);
}

/** `{prompt}`, `{model}`, `{maxTokens}` and `{temperature}` in any text; one that stands alone keeps its kind. */
function filled(template: unknown, ask: Ask): unknown {
	if (Array.isArray(template)) return template.map((one) => filled(one, ask));
	if (typeof template === 'object' && template !== null)
		return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, filled(value, ask)]));
	if (typeof template !== 'string') return template;
	const values: Readonly<Record<string, unknown>> = { ...ask };
	const alone = /^\{(prompt|model|maxTokens|temperature)\}$/.exec(template)?.[1];
	if (alone !== undefined) return values[alone];
	return template.replace(/\{(prompt|model|maxTokens|temperature)\}/g, (_, name: string) => String(values[name]));
}
