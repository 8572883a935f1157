import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpanKind } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { profiled, rounded, sharesMs, type Bench, type Figures } from './bench.ts';
import { cpuOf, cpuSince } from './cpu.ts';

const SPANS_PER_REQUEST = 512;
const REQUESTS = 120;
const CONNECTIONS = 2;
const MODELS = 8;
/** Of what is private in a span, and has to be passed over. */
const PROMPT = 'What is said in a question, which is kept nowhere. '.repeat(8);

/** Spans of calls as OpenTelemetry's own exporter sends them, until all of them are in the journal with the points made of them. */
export const llmOtlp: Bench = {
	name: 'llm-otlp',
	workload: `${REQUESTS} requests of ${SPANS_PER_REQUEST} spans of ${MODELS} models, 13 attributes and ${PROMPT.length} bytes of text each, ${CONNECTIONS} connections; client on the same cores`,
	async run() {
		const folder = tempFolder('bench-otlp');
		const product = await startProduct({ dataFolder: folder, env: profiled('llm-otlp') });
		try {
			return { protobuf: await measure(product, ProtoExporter), json: await measure(product, JsonExporter) };
		} finally {
			await product.stop();
			removeFolder(folder);
		}
	},
};

interface Sent {
	readonly body: Buffer;
	readonly type: string;
}

async function measure(product: Product, Exporter: typeof ProtoExporter | typeof JsonExporter): Promise<Figures> {
	const bodies = await exported(Exporter);
	const latenciesMs: number[] = [];
	const before = cpuOf(product.pid);
	const startedMs = performance.now();
	await Promise.all(
		Array.from({ length: CONNECTIONS }, async (_, of) => {
			const agent = new Agent({ keepAlive: true, maxSockets: 1 });
			for (const one of bodies.filter((__, i) => i % CONNECTIONS === of))
				latenciesMs.push(await post(product, one, agent));
			agent.destroy();
		}),
	);
	const ms = performance.now() - startedMs;
	const cpu = cpuSince(before, cpuOf(product.pid)).main ?? NaN;
	const spans = bodies.length * SPANS_PER_REQUEST;
	return {
		spansPerSecond: rounded((spans / ms) * 1000),
		request: sharesMs(latenciesMs),
		mainThreadMicrosPerSpan: rounded((cpu * 1000) / spans),
		bytesPerSpan: rounded(bodies.reduce((sum, { body }) => sum + body.length, 0) / spans),
	};
}

async function post({ url, key }: Product, { body, type }: Sent, agent: Agent): Promise<number> {
	const startedMs = performance.now();
	const headers = { authorization: `Bearer ${key}`, 'content-type': type, 'content-length': body.length };
	const asked = request(`${url}/v1/traces`, { method: 'POST', agent, headers });
	asked.end(body);
	const [answer] = (await once(asked, 'response')) as [IncomingMessage];
	await once(answer.resume(), 'end');
	if (answer.statusCode !== 200) throw new Error(`spans were answered with ${answer.statusCode}`);
	return performance.now() - startedMs;
}

/** What the exporter sends, taken by a server that does nothing else. */
async function exported(Exporter: typeof ProtoExporter | typeof JsonExporter): Promise<Sent[]> {
	const bodies: Sent[] = [];
	const server = createServer((asked, answer) => {
		const chunks: Buffer[] = [];
		asked.on('data', (chunk: Buffer) => chunks.push(chunk));
		asked.on('end', () => {
			bodies.push({ body: Buffer.concat(chunks), type: asked.headers['content-type'] ?? '' });
			answer.end();
		});
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const { port } = server.address() as AddressInfo;
	const exporter = new Exporter({ url: `http://127.0.0.1:${port}/v1/traces` });
	const sizes = { maxExportBatchSize: SPANS_PER_REQUEST, maxQueueSize: SPANS_PER_REQUEST };
	const processor = new BatchSpanProcessor({ exporter, ...sizes });
	const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer('bench');
	const firstMs = Date.now() - 60_000;
	for (let i = 0; i < REQUESTS * SPANS_PER_REQUEST; i++) {
		const startTime = firstMs + i / 10;
		tracer
			.startSpan('chat', { kind: SpanKind.CLIENT, startTime, attributes: attributesOf(i) })
			.end(startTime + 900 + (i % 97));
		if (i % SPANS_PER_REQUEST === SPANS_PER_REQUEST - 1) await processor.forceFlush();
	}
	await processor.shutdown();
	server.close();
	return bodies;
}

function attributesOf(i: number) {
	return {
		'gen_ai.operation.name': 'chat',
		'gen_ai.provider.name': 'openai',
		'gen_ai.request.model': `model-${i % MODELS}`,
		'gen_ai.response.model': `model-${i % MODELS}-2026-01-01`,
		'gen_ai.usage.input_tokens': 100 + (i % 50),
		'gen_ai.usage.output_tokens': 20 + (i % 30),
		'gen_ai.usage.cache_read.input_tokens': i % 100,
		'gen_ai.response.finish_reasons': ['stop'],
		'gen_ai.response.time_to_first_chunk': 0.3 + (i % 20) / 100,
		'gen_ai.request.temperature': 0.2,
		'server.address': 'api.openai.com',
		'deployment.environment.name': 'production',
		'gen_ai.input.messages': PROMPT,
	};
}
