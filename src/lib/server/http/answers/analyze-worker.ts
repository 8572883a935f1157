import { parentPort, workerData } from 'node:worker_threads';
import { judged, type Question } from './analyze-question.ts';

// Says what came of it once, and ends.
parentPort?.postMessage(await judged(workerData as Question));
