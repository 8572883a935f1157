import { gzipSync } from 'node:zlib';
import Anthropic from '@anthropic-ai/sdk';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { OTLPMetricExporter as JsonMetrics } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtoMetrics } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as JsonTraces } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoTraces } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseCalls, type LlmCall } from '#contracts/llm-call.ts';
import { parseLogs } from '#contracts/log-line.ts';
import { rowMicros, rowStream, rowValue, ROW_BYTES, ROWS_HEADER_BYTES, viewOf } from '#contracts/rows.ts';
import type { DerivedRequest } from '#server/ingest/port.ts';
import { OWNER_KEY, startHub, type Hub } from '#server/http/testing/hub.ts';
import { GOOD, startFakeProvider } from '#tests/fakes/provider.ts';
import { METRICS, readMessage, TRACES } from './message.ts';
import { createOtlp } from './otlp.ts';
import { createMetricsReader } from './metrics.ts';
import { callsOfTraces } from './traces.ts';

let hub: Hub;
let seenSeq = 0;
beforeAll(async () => void (hub = await startHub()));
afterAll(() => hub.stop());
beforeEach(async () => void (seenSeq = (await hub.journal.stats()).lastSeq));

const headers = { authorization: `Bearer ${OWNER_KEY}` };

/** What has been journaled since the test began. */
async function journaled(): Promise<{ calls: LlmCall[]; points: { key: string; t: number; v: number }[] }> {
	const { lastSeq } = await hub.journal.stats();
	const calls: LlmCall[] = [];
	const points: { key: string; t: number; v: number }[] = [];
	if (lastSeq <= seenSeq) return { calls, points };
	const names = new Map((await hub.metadata.streams.all()).map(({ stream }) => [stream.id, stream]));
	const stop = new AbortController();
	const topics = ['calls', 'points', 'commands', 'verdicts'] as const;
	for await (const batch of hub.journal.read({ topics, partition: 0, fromSeq: seenSeq + 1, signal: stop.signal })) {
		for (const { topic, bytes } of batch) {
			if (topic === 'calls') calls.push(...parseCalls(bytes).calls);
			if (topic !== 'points') continue;
			const view = viewOf(bytes);
			for (let at = ROWS_HEADER_BYTES; at < view.byteLength; at += ROW_BYTES)
				points.push({ key: names.get(rowStream(view, at))?.key ?? '', t: rowMicros(view, at), v: rowValue(view, at) });
		}
		if ((batch.at(-1)?.seq ?? 0) >= lastSeq) stop.abort();
	}
	return { calls, points };
}

const GEN_AI = {
	'gen_ai.operation.name': 'chat',
	'gen_ai.provider.name': 'openai',
	'gen_ai.request.model': 'gpt-4o',
	'gen_ai.response.model': 'gpt-4o-2024-08-06',
	'gen_ai.usage.input_tokens': 120,
	'gen_ai.usage.output_tokens': 30,
	'gen_ai.response.finish_reasons': ['stop'],
	'gen_ai.response.time_to_first_chunk': 0.41,
	'gen_ai.prompt': 'a private word',
	'gen_ai.input.messages': '[{"content": "a private word"}]',
};
const NOW_MS = Date.now();

describe.each([
	['JSON', JsonTraces],
	['protobuf', ProtoTraces],
] as const)('OpenTelemetry’s exporter of spans as %s', (name, Exporter) => {
	const model = `gpt-4o ${name}`;
	async function traced(work: (tracer: ReturnType<TracerProvider['getTracer']>) => void): Promise<void> {
		const exporter = new Exporter({ url: `${hub.url}/v1/traces`, headers, compression: 'gzip' as never });
		const processor = new BatchSpanProcessor({ exporter });
		const resource = resourceFromAttributes({ 'service.name': 'shop', 'deployment.environment.name': 'production' });
		const provider = new TracerProvider({ spanProcessors: [processor], resource });
		work(provider.getTracer('test'));
		await processor.forceFlush();
		await processor.shutdown();
	}

	it('brings calls', async () => {
		await traced((tracer) => {
			const span = tracer.startSpan('chat gpt-4o', {
				kind: SpanKind.CLIENT,
				startTime: NOW_MS - 3000,
				attributes: { ...GEN_AI, 'gen_ai.request.model': model },
			});
			span.end(NOW_MS - 1800);
			tracer.startSpan('GET /', { startTime: NOW_MS - 3000 }).end(NOW_MS);
		});
		const { calls, points } = await journaled();
		expect(calls).toMatchObject([
			{
				...{ source: 'otlp', provider: 'openai', model, responseModel: 'gpt-4o-2024-08-06' },
				...{ inputTokens: 120, outputTokens: 30, ttfcMs: 410, ttftMs: null, totalMs: 1200, errorClass: null },
				...{ environment: 'production', finishReason: 'stop' },
				traceId: expect.stringMatching(/^[\da-f]{32}$/) as string,
				spanId: expect.stringMatching(/^[\da-f]{16}$/) as string,
			},
		]);
		expect(calls[0]?.startedMicros).toBe((NOW_MS - 3000) * 1000);
		expect(points).toContainEqual({ key: `openai/${model}/total_ms`, t: (NOW_MS - 1800) * 1000, v: 1200 });
		expect(JSON.stringify(calls)).not.toContain('private');
	});
	it('brings failures with their class', async () => {
		await traced((tracer) => {
			const attributes = { ...GEN_AI, 'error.type': '429' };
			const span = tracer.startSpan('chat', { startTime: NOW_MS - 3000, attributes });
			span.setStatus({ code: SpanStatusCode.ERROR });
			span.end(NOW_MS - 2900);
		});
		expect((await journaled()).calls).toMatchObject([{ errorClass: 'rate_limited', status: 429 }]);
	});
});

describe('spans that Anthropic’s own client makes', () => {
	it('bring a call with its tokens, and no word of it', async () => {
		const fake = await startFakeProvider();
		fake.script = { ...GOOD, firstTokenAfterMs: 40, gapMs: 2 };
		const exporter = new ProtoTraces({ url: `${hub.url}/v1/traces`, headers });
		const processor = new BatchSpanProcessor({ exporter });
		const tracerProvider = new TracerProvider({ spanProcessors: [processor] });
		const client = new Anthropic({ apiKey: 'sk', baseURL: fake.url, openTelemetry: { tracerProvider } });
		const ask = { model: 'claude-haiku-4-5', max_tokens: 50, messages: [{ role: 'user', content: 'a private word' }] };
		const stream = client.messages.stream(ask as never);
		await stream.finalMessage();
		await processor.forceFlush();
		await processor.shutdown();
		await fake.close();
		const { calls } = await journaled();
		const { input, output, cached, cacheWrite } = GOOD.usage;
		expect(calls).toMatchObject([
			{
				...{ source: 'otlp', provider: 'anthropic', model: 'claude-haiku-4-5', errorClass: null, status: 200 },
				...{ inputTokens: input, outputTokens: output, cachedTokens: cached, cacheWriteTokens: cacheWrite },
			},
		]);
		expect(calls[0]?.totalMs).toBeGreaterThan(40);
		expect(calls[0]?.ttfcMs).not.toBeNull();
		expect(JSON.stringify(calls)).not.toContain('private');
	});
});

describe.each([
	['JSON', JsonMetrics, AggregationTemporality.DELTA],
	['JSON, cumulative', JsonMetrics, AggregationTemporality.CUMULATIVE],
	['protobuf', ProtoMetrics, AggregationTemporality.DELTA],
	['protobuf, cumulative', ProtoMetrics, AggregationTemporality.CUMULATIVE],
] as const)('OpenTelemetry’s exporter of metrics as %s', (name, Exporter, temporalityPreference) => {
	it('brings the mean of each interval', async () => {
		const exporter = new Exporter({ url: `${hub.url}/v1/metrics`, headers, temporalityPreference } as never);
		const reader = new PeriodicExportingMetricReader({ exporter: exporter as never, exportIntervalMillis: 600_000 });
		const provider = new MeterProvider({ readers: [reader] });
		const meter = provider.getMeter('test');
		const duration = meter.createHistogram('gen_ai.client.operation.duration', { unit: 's' });
		const model = `m ${name.replace(',', '')}`;
		const attributes = {
			'gen_ai.operation.name': 'chat',
			'gen_ai.provider.name': 'openai',
			'gen_ai.request.model': model,
		};
		const usage = meter.createHistogram('gen_ai.client.token.usage');
		for (const values of [
			[1, 3],
			[4, 8],
		]) {
			for (const seconds of values) duration.record(seconds, attributes);
			usage.record(100, { ...attributes, 'gen_ai.token.type': 'input' });
			await reader.forceFlush();
		}
		await provider.shutdown();
		const { points } = await journaled();
		const of = (what: string) => points.filter(({ key }) => key === `openai/${model}/${what}`).map(({ v }) => v);
		const isCumulative = temporalityPreference === AggregationTemporality.CUMULATIVE;
		expect(of('total_ms')).toEqual(isCumulative ? [6000] : [2000, 6000]);
		expect(of('input_tokens')).toEqual(isCumulative ? [100] : [100, 100]);
	});
});

const nanos = (ms: number) => `${ms}000000`;
const attribute = (key: string, value: unknown) => ({
	key,
	value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
});
const spanOf = (attributes: Readonly<Record<string, unknown>>, more: object = {}) => ({
	traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
	spanId: '00f067aa0ba902b7',
	startTimeUnixNano: nanos(NOW_MS - 2000),
	endTimeUnixNano: nanos(NOW_MS - 1000),
	attributes: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
	...more,
});
const tracesOf = (...spans: readonly object[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
const read = (...spans: readonly object[]) => callsOfTraces(tracesOf(...spans), NOW_MS * 1000);

/** What OTLP hands on. */
function recorded() {
	const records: DerivedRequest['record'][] = [];
	const principal = { name: 'k', writeSite: 'a', sites: ['a'], scopes: ['write'], kind: 'key' } as const;
	const calls = { take: () => Promise.resolve({ duplicate: false, faults: [] }) };
	const derived = ({ record }: DerivedRequest) => {
		records.push(record);
		return Promise.resolve({ duplicate: false, faults: [] });
	};
	return { principal, calls, ingest: { derived, records } };
}

describe('what was asked and answered', () => {
	const span = spanOf({
		...{ 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'm' },
		...{ 'gen_ai.input.messages': 'why?', 'gen_ai.completion': 'because', 'other.secret': 'x' },
	});
	it('is passed over', () => expect(read(span).contents).toEqual([]));
	it('is kept as lines of a log where it is asked for', () =>
		expect(callsOfTraces(tracesOf(span), NOW_MS * 1000, true).contents).toMatchObject([
			{ source: 'openai/m', text: 'why?', tMicros: (NOW_MS - 2000) * 1000, attributes: { role: 'input' } },
			{ source: 'openai/m', text: 'because', tMicros: (NOW_MS - 1000) * 1000, attributes: { role: 'output' } },
		]));
	it('is in the journal once, however often it is sent', async () => {
		const { principal, calls, ingest } = recorded();
		const otlp = createOtlp({ calls, ingest, now: () => NOW_MS * 1000, content: true });
		const body = new TextEncoder().encode(JSON.stringify(tracesOf(span)));
		const request = { principal, body, isProtobuf: false };
		await otlp.traces(request);
		await otlp.traces(request);
		const kept = ingest.records.map(({ topic, bytes, key }) => [topic, parseLogs(bytes!).lines.length, key]);
		expect(kept).toEqual([kept[0], kept[0]]);
		expect(kept[0]).toEqual(['logs', 2, expect.stringMatching(/^contents:/)]);
	});
});

describe('a span', () => {
	const MINIMAL = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' };
	it('has names of before', () =>
		expect(
			read(
				spanOf({
					...{ 'gen_ai.system': 'anthropic', 'gen_ai.request.model': 'claude', 'gen_ai.operation.name': 'chat' },
					...{ 'gen_ai.usage.prompt_tokens': 5, 'gen_ai.usage.completion_tokens': 6 },
				}),
			).calls,
		).toMatchObject([{ provider: 'anthropic', model: 'claude', inputTokens: 5, outputTokens: 6 }]));
	it('has names of OpenInference', () =>
		expect(
			read(
				spanOf({
					...{ 'openinference.span.kind': 'LLM', 'llm.model_name': 'gpt-4o', 'llm.provider': 'openai' },
					...{ 'llm.token_count.prompt': 5, 'llm.token_count.completion': 6 },
					'llm.token_count.prompt_details.cache_read': 2,
				}),
			).calls,
		).toMatchObject([{ provider: 'openai', model: 'gpt-4o', inputTokens: 5, outputTokens: 6, cachedTokens: 2 }]));
	it.each(['embeddings', 'execute_tool', 'invoke_agent', 'create_agent'])('of %s is no call', (operation) =>
		expect(read(spanOf({ ...MINIMAL, 'gen_ai.operation.name': operation }))).toMatchObject({ calls: [], rejected: 0 }),
	);
	it('around another one of a call is that call seen from further away', () => {
		const outer = spanOf({ ...MINIMAL, 'gen_ai.request.model': 'outer' });
		const inner = spanOf(MINIMAL, { spanId: '11f067aa0ba902b7', parentSpanId: '00f067aa0ba902b7' });
		expect(read(outer, inner).calls.map(({ model }) => model)).toEqual(['m']);
	});
	it('without a model is rejected with a reason', () =>
		expect(read(spanOf({ 'gen_ai.operation.name': 'chat' }), spanOf(MINIMAL))).toMatchObject({
			calls: [{ model: 'm' }],
			rejected: 1,
			message: 'span 00f067aa0ba902b7: gen_ai.request.model is missing',
		}));
	it('from the future is rejected', () =>
		expect(read(spanOf(MINIMAL, { startTimeUnixNano: nanos(NOW_MS + 1e9) })).message).toMatch(/ahead of this server/));
	it('that never ended has no time', () =>
		expect(read(spanOf(MINIMAL, { endTimeUnixNano: '0' })).calls).toMatchObject([{ totalMs: null }]));
	it('keeps its microseconds', () =>
		expect(read(spanOf(MINIMAL, { startTimeUnixNano: '1718000000123456789' })).calls[0]?.startedAt).toBe(
			1_718_000_000_123_456,
		));
	it('may have ids in base64', () => {
		const traceId = Buffer.from('4bf92f3577b34da6a3ce929d0e0e4736', 'hex').toString('base64');
		expect(read(spanOf(MINIMAL, { traceId })).calls[0]?.traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
	});
	const failed = (type: string, expected: string) =>
		expect(read(spanOf({ ...MINIMAL, 'error.type': type })).calls[0]?.errorClass).toBe(expected);
	it.each([
		['429', 'rate_limited'],
		['503', 'overloaded'],
		['openai.RateLimitError', 'rate_limited'],
		['APITimeoutError', 'timeout_total'],
		['APIConnectionError', 'network'],
		['AbortError', 'client_abort'],
		['AuthenticationError', 'auth'],
		['_OTHER', 'server'],
	])('with error.type %s is %s', failed);
	it('first event and first token are told apart', () => {
		const [call] = read(spanOf({ ...MINIMAL, 'gen_ai.server.ttft': 1 })).calls;
		expect([call?.ttftMs, call?.ttfcMs]).toEqual([1000, null]);
	});
});

describe('over HTTP', () => {
	const post = (path: string, body: string | Uint8Array<ArrayBuffer>, more: Record<string, string> = {}) =>
		hub.request(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...more } });
	const good = JSON.stringify(tracesOf(spanOf(GEN_AI)));
	it('what is taken whole is answered with {}', async () => {
		const response = await post('/v1/traces', good);
		expect([response.status, await response.json()]).toEqual([200, {}]);
	});
	it('what is sent again is answered so too, and is there once', async () => {
		const body = JSON.stringify(tracesOf(spanOf({ ...GEN_AI, 'gen_ai.request.model': 'again' })));
		await post('/v1/traces', body);
		await post('/v1/traces', gzipSync(body) as Uint8Array<ArrayBuffer>, { 'content-encoding': 'gzip' });
		expect((await journaled()).calls).toHaveLength(1);
	});
	it('what is taken in part is answered with how many were not, and why', async () => {
		const body = JSON.stringify(tracesOf(spanOf(GEN_AI), spanOf({ 'gen_ai.operation.name': 'chat' })));
		expect(await (await post('/v1/traces', body)).json()).toEqual({
			partialSuccess: { rejectedSpans: '1', errorMessage: 'span 00f067aa0ba902b7: gen_ai.request.model is missing' },
		});
	});
	it.each(['/v1/traces', '/v1/metrics'])('%s: what cannot be read is answered with 400', async (path) => {
		expect((await post(path, '{"resourceSpans": [')).status).toBe(400);
		const proto = { 'content-type': 'application/x-protobuf' };
		const response = await post(path, new Uint8Array([10, 255, 1]), proto);
		expect([response.status, ((await response.json()) as { message: string }).message]).toEqual([
			400,
			expect.stringContaining('cannot read the body as protobuf') as string,
		]);
	});
	it('another encoding is answered with 415', async () =>
		expect((await post('/v1/traces', 'x', { 'content-type': 'text/plain' })).status).toBe(415));
	it('an empty export is well taken', async () => {
		const response = await post('/v1/traces', new Uint8Array(), { 'content-type': 'application/x-protobuf' });
		expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, 0]);
	});
});

describe('any bytes', () => {
	it('are a message or an error, and never an endless one', () =>
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				for (const schema of [TRACES, METRICS]) {
					try {
						expect(typeof readMessage(bytes, schema)).toBe('object');
					} catch (error) {
						expect(error).toBeInstanceOf(Error);
					}
				}
			}),
		));
	it('any document is read without a fault', () =>
		fc.assert(
			fc.property(fc.jsonValue(), (inner) => {
				const spans = { resourceSpans: [{ scopeSpans: [{ spans: [inner, { attributes: inner }] }] }] };
				const metrics = {
					resourceMetrics: [{ scopeMetrics: [{ metrics: [inner, { name: 'x', histogram: inner }] }] }],
				};
				expect(callsOfTraces(spans, 1).calls).toEqual([]);
				expect(createMetricsReader().read(metrics, 1).points).toEqual([]);
				callsOfTraces(inner, 1);
			}),
		));
});
