import { parentPort, workerData } from 'node:worker_threads';
import { analyze, DocumentError, type Fault } from '#rules';

/** What the thread says once, and ends. */
export type Judged = { readonly json: string } | { readonly faults: readonly Fault[] };

function judged(document: unknown): Judged {
	try {
		return { json: JSON.stringify(analyze(document)) };
	} catch (error) {
		if (error instanceof DocumentError) return { faults: error.faults };
		throw error;
	}
}

parentPort?.postMessage(judged(workerData));
