import { parentPort } from 'node:worker_threads';
import type { ReportContent } from './content.ts';
import { pdfOf } from './pdf.ts';

parentPort?.once('message', (content: ReportContent) => {
	void pdfOf(content).then((bytes) => parentPort?.postMessage(bytes));
});
