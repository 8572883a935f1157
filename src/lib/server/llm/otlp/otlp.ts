import { InputError, messageOf } from '#contracts/error.ts';
import { encodeLogs } from '#contracts/log-line.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { Ingest } from '../../ingest/port.ts';
import { bodyKey, scopedKey } from '../key.ts';
import type { Calls, Otlp, OtlpRequest } from '../port.ts';
import { METRICS, TRACES, readMessage, type Schema } from './message.ts';
import { createMetricsReader } from './metrics.ts';
import { callsOfTraces } from './traces.ts';

/** OpenTelemetry's own protocol over HTTP: spans of calls, and histograms of them. */
export function createOtlp({
	calls,
	ingest,
	now,
	content,
}: {
	readonly calls: Pick<Calls, 'take'>;
	readonly ingest: Pick<Ingest, 'derived'>;
	readonly now: NowMicros;
	/** Whether what was asked and answered is kept. */
	readonly content: boolean;
}): Otlp {
	const reader = createMetricsReader();
	return {
		async traces(request) {
			const receivedMicros = now();
			const found = callsOfTraces(readBody(request, TRACES), receivedMicros, content);
			const { principal } = request;
			const key = scopedKey(principal, bodyKey(request.body));
			if (found.calls.length > 0) await calls.take({ principal, source: 'otlp', calls: found.calls, key });
			if (found.contents.length > 0) {
				const bytes = encodeLogs({ site: principal.writeSite, receivedMicros, lines: found.contents });
				const record = { via: 'calls', topic: 'logs', bytes, receivedMicros, key: `contents:${key}` } as const;
				await ingest.derived({ principal, record, points: [] });
			}
			return { accepted: found.calls.length, rejected: found.rejected, message: found.message };
		},
		async metrics(request) {
			const nowMicros = now();
			const found = reader.read(readBody(request, METRICS), nowMicros);
			const { principal } = request;
			const key = `metrics:${scopedKey(principal, bodyKey(request.body))}`;
			const record = { via: 'calls', receivedMicros: nowMicros, key } as const;
			if (found.points.length > 0) await ingest.derived({ principal, record, points: found.points });
			return { accepted: found.points.length, rejected: found.rejected, message: found.message };
		},
	};
}

function readBody({ body, isProtobuf }: OtlpRequest, schema: Schema): unknown {
	try {
		if (isProtobuf) return readMessage(body, schema);
		return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
	} catch (error) {
		throw new InputError(`cannot read the body as ${isProtobuf ? 'protobuf' : 'JSON'}: ${messageOf(error)}`);
	}
}
