import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { ConfigError, messageOf } from '#contracts/error.ts';
import type { NowMicros } from '#contracts/time.ts';
import { JournalFullError, SeqConflictError } from '../port.ts';
import type { Publication } from '../port.ts';
import type {
	Answer,
	CommitRequest,
	FromWorker,
	Question,
	ToWorker,
	WorkerSettings,
	WriteCall,
	WriteResult,
} from './messages.ts';

/** With so many commits under way the rest waits here and shares the next one. */
const MAX_UNDER_WAY = 4;
const MESSAGE_BYTES = 8 * 1024 * 1024;
/** What may wait for a disk that does not answer; above it senders have to wait instead of our memory filling up. */
const MAX_QUEUED_BYTES = 128 * 1024 * 1024;

export interface Entry {
	readonly key: string;
	readonly value: Uint8Array;
	readonly expectRevision?: number;
}

export type Write =
	| { readonly op: 'publish'; readonly publications: readonly Publication[] }
	| { readonly op: 'put'; readonly entries: readonly Entry[] };

export type Written = Extract<WriteResult, { ok: true }>;

/** One publication or entry as committed: where its bytes lie in the buffer that the worker gave back. */
export interface Committed {
	readonly call: WriteCall;
	readonly written: Written;
	readonly packed: ArrayBuffer;
}

export interface Channel {
	readonly generation: string;
	readonly lastSeq: number;
	/** Handed over and not committed. */
	queuedBytes(): number;
	write(write: Write): Promise<Written>;
	ask(question: Question): Promise<Answer>;
	close(): Promise<void>;
}

interface Waiting {
	readonly write: Write;
	readonly bytes: number;
	readonly resolve: (written: Written) => void;
	readonly reject: (error: Error) => void;
}

interface UnderWay {
	readonly waiting: readonly Waiting[];
	readonly calls: readonly WriteCall[];
}

interface Asked {
	readonly resolve: (answer: Answer) => void;
	readonly reject: (error: Error) => void;
}

export interface ChannelOptions {
	readonly settings: WorkerSettings;
	readonly now: NowMicros;
	readonly log: Logger;
	/** In the order of commits, before the publishers hear of it. */
	readonly onCommitted: (committed: Committed) => void;
	/** The thread is gone: nothing will be committed any more. */
	readonly onBroken: (error: Error) => void;
	readonly onGroup: (commitMs: number, bytes: number) => void;
}

type Ready = Extract<FromWorker, { type: 'ready' }>;

/** Starts the worker and waits until it has the file. @throws ConfigError when the file is in use or too new */
export async function openChannel(options: ChannelOptions): Promise<Channel> {
	const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: options.settings, name: 'journal' });
	const { promise, resolve, reject } = Promise.withResolvers<Ready>();
	const onFirst = (first: FromWorker) => {
		if (first.type === 'ready') resolve(first);
		else if (first.type === 'unusable')
			reject(first.mendable ? new ConfigError(first.message) : new Error(first.message));
	};
	const onExit = () => reject(new Error('journal thread ended before it had opened the file'));
	worker.once('error', reject);
	worker.once('exit', onExit);
	worker.once('message', onFirst);
	const ready = await promise;
	worker.off('error', reject);
	worker.off('exit', onExit);
	return connect(worker, ready, options);
}

function connect(worker: Worker, ready: Ready, options: ChannelOptions): Channel {
	let queue: Waiting[] = [];
	let queuedBytes = 0;
	let flushing = false;
	let broken: Error | undefined;
	const underWay: UnderWay[] = [];
	const asked = new Map<number, Asked>();
	let closing: Promise<void> | undefined;
	let nextId = 1;

	function flushSoon(): void {
		if (flushing || underWay.length >= MAX_UNDER_WAY) return;
		flushing = true;
		// Whatever else this turn publishes goes with it.
		queueMicrotask(flush);
	}

	function flush(): void {
		flushing = false;
		while (queue.length > 0 && underWay.length < MAX_UNDER_WAY) {
			const waiting = takeSome(queue);
			queue = queue.slice(waiting.length);
			const request = pack(waiting, options.now());
			underWay.push({ waiting, calls: request.calls });
			worker.postMessage(request satisfies ToWorker, [request.packed]);
		}
	}

	function settle({ results, packed }: Extract<FromWorker, { type: 'committed' }>): void {
		const { waiting, calls } = underWay.shift() ?? { waiting: [], calls: [] };
		calls.forEach((call, i) => {
			const written = results[i];
			if (written?.ok) options.onCommitted({ call, written, packed });
		});
		waiting.forEach(({ resolve, reject, bytes }, i) => {
			queuedBytes -= bytes;
			const result = results[i];
			if (result?.ok) resolve(result);
			else reject(errorOf(result));
		});
		if (queue.length > 0) flushSoon();
	}

	function fail(cause: unknown): void {
		if (broken) return;
		broken = new Error(`journal has stopped: ${messageOf(cause)}`, { cause });
		for (const { waiting } of underWay) for (const { reject } of waiting) reject(broken);
		for (const { reject } of queue) reject(broken);
		for (const { reject } of asked.values()) reject(broken);
		underWay.length = 0;
		queue = [];
		asked.clear();
		options.onBroken(broken);
	}

	worker.on('message', (message: FromWorker) => {
		if (message.type === 'committed') {
			options.onGroup(message.commitMs, message.bytes);
			settle(message);
		} else if (message.type === 'answer' || message.type === 'fault') {
			const waiting = asked.get(message.id);
			asked.delete(message.id);
			if (message.type === 'answer') waiting?.resolve(message.answer);
			else waiting?.reject(new Error(`journal: ${message.message}`));
		}
	});
	worker.on('error', (error) => {
		options.log.error({ err: error }, 'journal thread failed');
		fail(error);
	});
	worker.on('exit', () => fail('its thread has ended'));

	const ask = (question: Question) =>
		new Promise<Answer>((resolve, reject) => {
			if (broken) return reject(broken);
			const id = nextId++;
			asked.set(id, { resolve, reject });
			worker.postMessage({ type: 'ask', id, question } satisfies ToWorker);
		});

	return {
		generation: ready.generation,
		lastSeq: ready.lastSeq,
		queuedBytes: () => queuedBytes,
		write: (write) =>
			new Promise((resolve, reject) => {
				const bytes = sizeOf(write);
				if (broken) return reject(broken);
				if (queuedBytes + bytes > MAX_QUEUED_BYTES)
					return reject(new JournalFullError(`journal cannot keep up: ${queuedBytes} bytes wait for the disk`));
				queuedBytes += bytes;
				queue.push({ write, bytes, resolve, reject });
				flushSoon();
			}),
		ask,
		close: () => (closing ??= closeOnce()),
	};

	async function closeOnce(): Promise<void> {
		if (broken) return;
		await drained();
		await ask({ kind: 'close' });
		broken = new Error('journal is closed');
		await worker.terminate();
	}

	/** Everything handed over before has been answered. */
	async function drained(): Promise<void> {
		while (queue.length > 0 || underWay.length > 0) {
			if (underWay.length < MAX_UNDER_WAY) flush();
			await ask({ kind: 'lastSeq', topic: 'commands', partition: 0 });
		}
	}
}

function takeSome(queue: readonly Waiting[]): readonly Waiting[] {
	let bytes = 0;
	const end = queue.findIndex((waiting, i) => i > 0 && (bytes += waiting.bytes) > MESSAGE_BYTES);
	return end < 0 ? queue : queue.slice(0, end);
}

function partsOf(write: Write): readonly Uint8Array[] {
	return write.op === 'publish'
		? write.publications.map(({ bytes }) => bytes)
		: write.entries.map(({ value }) => value);
}

function sizeOf(write: Write): number {
	return partsOf(write).reduce((sum, part) => sum + part.length, 0);
}

/** Copies all bytes into one buffer: one transfer instead of a clone for each publication. */
function pack(waiting: readonly Waiting[], nowMicros: number): CommitRequest {
	const packed = new Uint8Array(waiting.reduce((sum, { bytes }) => sum + bytes, 0));
	let end = 0;
	const place = (part: Uint8Array) => {
		const at = end;
		packed.set(part, at);
		end += part.length;
		return { at, length: part.length };
	};
	const calls = waiting.map(({ write }): WriteCall => {
		if (write.op === 'put')
			return { op: 'put', entries: write.entries.map(({ value, ...entry }) => ({ ...entry, ...place(value) })) };
		const publications = write.publications.map(({ bytes, ...publication }) => ({ ...publication, ...place(bytes) }));
		return { op: 'publish', publications };
	});
	return { type: 'commit', nowMicros, packed: packed.buffer, calls };
}

function errorOf(result: WriteResult | undefined): Error {
	if (!result || result.ok) return new Error('journal gave no result');
	if (result.code === 'conflict') return new SeqConflictError(result.message);
	if (result.code === 'full') return new JournalFullError(`journal takes nothing more: ${result.message}`);
	return new Error(`cannot write to the journal: ${result.message}`);
}
