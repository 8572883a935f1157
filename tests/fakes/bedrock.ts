import { crc32 } from 'node:zlib';
import { text, type Dialect } from './dialect.ts';

/** `ConverseStream`: AWS's event stream. */
export const bedrock: Dialect = {
	path: /\/converse-stream$/,
	contentType: 'application/vnd.amazon.eventstream',
	head: () => [event('messageStart', { role: 'assistant' })],
	token: (content) => event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: content } }),
	tail: ({ input, cached, cacheWrite, output }, finish) => [
		event('contentBlockStop', { contentBlockIndex: 0 }),
		event('messageStop', { stopReason: finish === 'filtered' ? 'guardrail_intervened' : 'end_turn' }),
		event('metadata', {
			usage: {
				inputTokens: input - cached - cacheWrite,
				outputTokens: output,
				totalTokens: input + output,
				cacheReadInputTokens: cached,
				cacheWriteInputTokens: cacheWrite,
			},
			metrics: { latencyMs: 321 },
		}),
	],
	error: () =>
		message(
			{
				':message-type': 'exception',
				':exception-type': 'serviceUnavailableException',
				':content-type': 'application/json',
			},
			{ message: 'Bedrock is unable to process your request.' },
		),
	refusal: (status) => JSON.stringify({ message: `refused with ${status}` }),
};

function event(name: string, body: object): Uint8Array {
	return message({ ':message-type': 'event', ':event-type': name, ':content-type': 'application/json' }, body);
}

/** Lengths and their checksum, headers, body, checksum of all. Headers are of type 7, text. */
function message(headers: Readonly<Record<string, string>>, body: object): Uint8Array {
	const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
	const payload = text(JSON.stringify(body));
	const prelude = Buffer.alloc(8);
	prelude.writeUInt32BE(16 + head.length + payload.length, 0);
	prelude.writeUInt32BE(head.length, 4);
	const front = Buffer.concat([prelude, checksum(prelude), head, payload]);
	return Buffer.concat([front, checksum(front)]);
}

function header(name: string, value: string): Buffer {
	const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
	const length = Buffer.alloc(2);
	length.writeUInt16BE(valueBytes.length);
	return Buffer.concat([Buffer.from([nameBytes.length]), nameBytes, Buffer.from([7]), length, valueBytes]);
}

function checksum(bytes: Uint8Array): Buffer {
	const sum = Buffer.alloc(4);
	sum.writeUInt32BE(crc32(bytes));
	return sum;
}
