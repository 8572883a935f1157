import type { ServerResponse } from 'node:http';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { OtlpAnswer } from '#server/llm/port.ts';
import type { Bodies } from '#server/http/body.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { Problem, sendDocument } from '#server/http/problem.ts';
import type { RawRoute } from '#server/http/route.ts';

const PROTOBUF = 'application/x-protobuf';

/** OTLP/HTTP: a request and its answer have one encoding, and what could not be taken is said in the answer of what was. */
export function otlpRoutes(ports: HttpPorts, bodies: Bodies): RawRoute[] {
	return [
		otlpRoute(ports, bodies, { path: '/v1/traces', signal: 'traces', rejected: 'rejectedSpans' }),
		otlpRoute(ports, bodies, { path: '/v1/metrics', signal: 'metrics', rejected: 'rejectedDataPoints' }),
	];
}

interface Signal {
	readonly path: string;
	readonly signal: 'traces' | 'metrics';
	/** What the answer calls those that could not be taken. */
	readonly rejected: string;
}

function otlpRoute({ ingest, llm }: HttpPorts, bodies: Bodies, { path, signal, rejected }: Signal): RawRoute {
	return {
		kind: 'raw',
		method: 'POST',
		path,
		access: 'write',
		tag: 'Language models',
		summary:
			signal === 'traces'
				? 'OTLP/HTTP: spans of generative AI become calls; other spans are taken and not kept'
				: 'OTLP/HTTP: histograms of generative AI become charts of their means',
		input: {},
		accepts: {
			'application/json': 'OTLP as JSON, gzip allowed',
			[PROTOBUF]: 'OTLP as protobuf, gzip allowed',
		},
		answers: {
			200: { detail: 'Durable; `partialSuccess` says what could not be taken' },
			400: { detail: 'Cannot be read: do not send it again' },
			413: { detail: 'Larger than the limit, as sent or unpacked' },
			429: { detail: 'More than the key may send: wait for Retry-After' },
			503: { detail: 'The journal cannot take more now: wait for Retry-After and send it again' },
		},
		async handle({ principal, request, response }) {
			ingest.admit(principal);
			const isProtobuf = encodingOf(request.headers['content-type'] ?? '');
			const answer = await bodies.use({ request, response }, (body) =>
				llm.otlp[signal]({ principal, body, isProtobuf }),
			);
			if (isProtobuf) return sendProtobuf(response, answer);
			const { message: errorMessage } = answer;
			const partialSuccess = { [rejected]: String(answer.rejected), errorMessage };
			sendDocument(response, {
				status: 200,
				type: 'application/json',
				body: answer.rejected === 0 ? {} : { partialSuccess },
			});
		},
		// google.rpc.Status, as OTLP wants it.
		sendFault: (response, { status, detail }) =>
			sendDocument(response, { status, type: 'application/json', body: { message: detail } }),
	};
}

/** @returns whether it is protobuf, else it is JSON. @throws Problem 415 */
function encodingOf(contentType: string): boolean {
	if (/^application\/x-protobuf\b/i.test(contentType)) return true;
	if (/^application\/json\b/i.test(contentType)) return false;
	throw new Problem(415, `Send application/json or ${PROTOBUF}.`);
}

/** Of both answers the first field is `partial_success`, with the count and the message as its first two. */
function sendProtobuf(response: ServerResponse, { rejected, message }: OtlpAnswer): void {
	const writer = new BinaryWriter();
	if (rejected > 0) {
		writer.tag(1, WireType.LengthDelimited).fork();
		writer.tag(1, WireType.Varint).int64(rejected);
		writer.tag(2, WireType.LengthDelimited).string(message);
		writer.join();
	}
	const bytes = writer.finish();
	response.writeHead(200, { 'content-type': PROTOBUF, 'content-length': bytes.length }).end(bytes);
}
