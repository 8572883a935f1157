import { Worker } from 'node:worker_threads';
import { z } from '@hono/zod-openapi';
import { analyze, DocumentError } from '#rules';
import { InputError } from '#contracts/error.ts';
import type { Judged } from './analyze-worker.ts';
import { answer, type AnswerRoute, type Reply } from './route.ts';

/** A million values take a second, in which no live frame would leave. */
const MOST_POINTS_HERE = 20_000;
const COLUMNS = ['values', 'counts', 'subgroups'];

/** Nothing is stored or looked up: what a live chart would say of these values. */
export function analyzeRoutes(): AnswerRoute[] {
	const judgeAside = createQueue(inThread);
	return [
		answer({
			method: 'POST',
			path: '/api/v1/spc/analyze',
			access: 'read',
			tag: 'Analysis',
			summary: 'Judge a series that is not stored: charts, signals, estimates, advice',
			// The library checks its document itself, with a path for each fault.
			input: { body: z.looseObject({}) },
			output: { schema: z.looseObject({}).openapi('Analysis') },
			handle: ({ body }) => (isLong(body) ? judgeAside(body) : { body: judge(body) }),
		}),
	];
}

/** `auto` tries many plans, however few the values. */
function isLong(document: Readonly<Record<string, unknown>>): boolean {
	const sizeOf = (column: unknown) => (Array.isArray(column) ? column.length * widthOf(column) : 0);
	return document['chart'] === 'auto' || COLUMNS.some((name) => sizeOf(document[name]) > MOST_POINTS_HERE);
}

const widthOf = ([first]: readonly unknown[]) => (Array.isArray(first) ? first.length : 1);

function judge(document: unknown): ReturnType<typeof analyze> {
	try {
		return analyze(document);
	} catch (error) {
		if (error instanceof DocumentError) throw refusal(error.faults);
		throw error;
	}
}

/** One after the other: a reader may not take every core and all memory. */
function createQueue<A, B>(work: (input: A) => Promise<B>): (input: A) => Promise<B> {
	let last: Promise<unknown> = Promise.resolve();
	return (input) => {
		const next = last.then(() => work(input));
		last = next.catch(() => undefined);
		return next;
	};
}

function inThread(document: unknown): Promise<Reply> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(new URL('./analyze-worker.ts', import.meta.url), { workerData: document });
		worker.once('error', reject);
		worker.once('exit', () => reject(new Error('the analysis ended without an answer')));
		worker.once('message', (judged: Judged) => {
			if ('faults' in judged) reject(refusal(judged.faults));
			else resolve({ body: judged.json, headers: { 'content-type': 'application/json' } });
		});
	});
}

function refusal(faults: DocumentError['faults']): InputError {
	return new InputError('cannot analyze this document', faults);
}
