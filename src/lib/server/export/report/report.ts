import { Worker } from 'node:worker_threads';
import { RetriableError } from '#contracts/error.ts';
import { reportContent, type ReportSources, type ReportWish } from './content.ts';
import { htmlOf } from './html.ts';

export async function reportHtml(sources: ReportSources, wish: ReportWish, signal: AbortSignal): Promise<string> {
	return htmlOf(await reportContent(sources, wish, signal));
}

/**
 * Set in a thread of its own: twenty pages take a fifth of a second, in which nothing would be judged. It is started first, so that
 * it has its code and fonts when what it sets has been read.
 */
export async function reportPdf(sources: ReportSources, wish: ReportWish, signal: AbortSignal): Promise<Uint8Array> {
	signal.throwIfAborted();
	const thread = new Worker(new URL('./worker.ts', import.meta.url));
	const leave = () => void thread.terminate();
	signal.addEventListener('abort', leave, { once: true });
	const set = new Promise<Uint8Array>((resolve, reject) => {
		thread.once('message', resolve);
		thread.once('error', reject);
		thread.once('exit', () => reject(new RetriableError('the report was given up')));
	});
	set.catch(() => undefined);
	try {
		thread.postMessage(await reportContent(sources, wish, signal));
		return await set;
	} finally {
		signal.removeEventListener('abort', leave);
		await thread.terminate();
	}
}
