import { parentPort, workerData } from 'node:worker_threads';
import { advise, type Evidence } from './advise.ts';

parentPort?.postMessage(advise(workerData as Evidence));
