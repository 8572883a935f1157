import { Worker } from 'node:worker_threads';
import { createExclusive } from '#contracts/exclusive.ts';
import { InputError } from '#contracts/error.ts';

export const MAX_PAGES = 5000;
const TIMEOUT_MS = 60_000;
const HEAP_MB = 384;
/** What a page's streams unpack to is outside the heap: the whole process is watched instead. */
const MAX_GROWTH_BYTES = 768 * 1024 * 1024;
const WATCH_MS = 50;

export type PdfAnswer = { readonly pages: readonly string[] } | { readonly fault: string };

export interface PdfLimits {
	readonly timeoutMs: number;
	readonly heapMb: number;
	readonly maxGrowthBytes: number;
}

/**
 * The text of each page of a PDF, read in a thread of its own that is ended when it takes too long or too much memory; one file at a
 * time.
 *
 * @param rssBytes memory of this process
 */
export function createPdfReader(parts: {
	readonly rssBytes: () => number;
	readonly limits?: Partial<PdfLimits>;
}): (bytes: Uint8Array) => Promise<readonly string[]> {
	const limits = { timeoutMs: TIMEOUT_MS, heapMb: HEAP_MB, maxGrowthBytes: MAX_GROWTH_BYTES, ...parts.limits };
	const exclusive = createExclusive();
	return (bytes) => exclusive(() => read(bytes, limits, parts.rssBytes));
}

async function read(bytes: Uint8Array, limits: PdfLimits, rssBytes: () => number): Promise<readonly string[]> {
	const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
	const fail = (cause: string) => reject(new InputError(`cannot read the PDF: ${cause}`));
	const worker = new Worker(new URL('./pdf-worker.ts', import.meta.url), {
		workerData: Uint8Array.from(bytes),
		resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
		// What a broken file makes the library say is not for our log.
		...{ stdout: true, stderr: true, env: {} },
	});
	const before = rssBytes();
	const watch = setInterval(() => {
		if (rssBytes() - before > limits.maxGrowthBytes) fail('it needs too much memory');
	}, WATCH_MS);
	const timer = setTimeout(() => fail(`it takes longer than ${limits.timeoutMs / 1000} s`), limits.timeoutMs);
	worker.once('message', (answer: PdfAnswer) => ('pages' in answer ? resolve(answer.pages) : fail(answer.fault)));
	worker.once('error', (error: Error & { code?: string }) =>
		fail(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it needs too much memory' : 'its reader failed'),
	);
	worker.once('exit', () => fail('its reader ended'));
	try {
		return await promise;
	} finally {
		clearInterval(watch);
		clearTimeout(timer);
		await worker.terminate();
	}
}
