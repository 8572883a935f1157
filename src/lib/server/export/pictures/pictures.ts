import { Worker } from 'node:worker_threads';
import { RetriableError } from '#contracts/error.ts';
import type { Pictures } from '#server/export/port.ts';
import type { RenderReply, RenderRequest } from './protocol.ts';

/** Each takes tens of milliseconds: more would wait for longer than who asked does. */
const MOST_WAITING = 64;
/** The renderer holds its fonts; nobody needs them at night. */
const IDLE_MS = 60_000;
const [LEAST_WIDTH, MOST_WIDTH] = [16, 4096];

interface Wanted {
	readonly resolve: (png: Uint8Array) => void;
	readonly reject: (error: Error) => void;
}

interface Renderer {
	readonly thread: Worker;
	readonly waiting: Map<number, Wanted>;
	idle: NodeJS.Timeout | undefined;
}

/** PNG by resvg in a worker thread that starts with the first picture and ends when none was wanted for a minute. */
export function createPictures(): Pictures {
	let renderer: Renderer | undefined;
	let nextId = 0;

	function renderPng(svg: string, { width }: { readonly width: number }): Promise<Uint8Array> {
		if (!(width >= LEAST_WIDTH && width <= MOST_WIDTH))
			return Promise.reject(new RangeError(`width is ${width}, must be ${LEAST_WIDTH} to ${MOST_WIDTH} pixels`));
		const { thread, waiting } = (renderer ??= startRenderer());
		if (waiting.size >= MOST_WAITING)
			return Promise.reject(new RetriableError(`${waiting.size} pictures wait already`));
		const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
		const request: RenderRequest = { id: nextId++, svg, width: Math.round(width) };
		waiting.set(request.id, { resolve, reject });
		clearTimeout(renderer.idle);
		thread.ref();
		thread.postMessage(request);
		return promise;
	}

	function startRenderer(): Renderer {
		const started: Renderer = {
			thread: new Worker(new URL('./worker.ts', import.meta.url)),
			waiting: new Map(),
			idle: undefined,
		};
		started.thread.on('message', (reply: RenderReply) => settle(started, reply));
		started.thread.on('error', (error) => fail(started, error));
		started.thread.on('exit', () => fail(started, new Error('it has ended')));
		return started;
	}

	function settle(from: Renderer, reply: RenderReply): void {
		const wanted = from.waiting.get(reply.id);
		from.waiting.delete(reply.id);
		if ('png' in reply) wanted?.resolve(reply.png);
		else wanted?.reject(new Error(`cannot draw the picture: ${reply.error}`));
		if (from.waiting.size > 0) return;
		from.thread.unref();
		from.idle = setTimeout(() => void end(from), IDLE_MS).unref();
	}

	function fail(from: Renderer, cause: Error): void {
		if (renderer === from) renderer = undefined;
		for (const { reject } of from.waiting.values())
			reject(new RetriableError(`cannot draw the picture: the renderer: ${cause.message}`));
		from.waiting.clear();
	}

	async function end(one: Renderer): Promise<void> {
		if (renderer === one) renderer = undefined;
		clearTimeout(one.idle);
		await one.thread.terminate();
	}

	return { renderPng, stop: async () => renderer && end(renderer) };
}
