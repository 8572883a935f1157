import { parentPort, workerData } from 'node:worker_threads';
import type { ReportContent } from './content.ts';
import { pdfOf } from './pdf.ts';

parentPort?.postMessage(await pdfOf(workerData as ReportContent));
