import type { ServerResponse } from 'node:http';

/** What is told step by step, as server-sent events named by their type; ends when who listens leaves. */
export async function sendSteps(
	response: ServerResponse,
	stepsOf: (signal: AbortSignal) => AsyncIterable<{ readonly type: string }>,
): Promise<void> {
	const gone = new AbortController();
	response.on('close', () => gone.abort());
	response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
	response.flushHeaders();
	for await (const { type, ...data } of stepsOf(gone.signal))
		response.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
	response.end();
}
