import type { IncomingMessage, ServerResponse } from 'node:http';
import { Worker } from 'node:worker_threads';
import { z } from '@hono/zod-openapi';
import { isLong, judged, type Judged, type Question } from '#server/http/answers/analyze-question.ts';
import type { Bodies } from '#server/http/body.ts';
import { onlyOnce } from '#server/http/check.ts';
import { pack } from '#server/http/compress.ts';
import { Problem } from '#server/http/problem.ts';
import type { RawRoute } from '#server/http/route.ts';

/** Some 500,000 values; what is longer is for the command line, which reads piece by piece. */
const MAX_BYTES = 8 * 1024 * 1024;

const csvQuery = z.looseObject({
	chart: z.string().optional().openapi({ description: 'Of CSV, like all of these; i-mr unless it is said' }),
	column: z.string().optional().openapi({ description: 'Of the values or counts: its name, or its number from 1' }),
	columns: z
		.string()
		.optional()
		.openapi({ description: 'A,B,C: each line is a subgroup, or an item of several variables' }),
	subgroup: z
		.string()
		.optional()
		.openapi({ description: 'So many lines, or the column that says which belong together' }),
	size: z.string().optional().openapi({ description: 'The column with the sample sizes of counts, or one number' }),
	part: z.string().optional().openapi({ description: 'The column with the part of each value' }),
	phase: z.string().optional().openapi({ description: 'The column whose change begins a new phase' }),
	rules: z.string().optional().openapi({ description: '1,2,5,6, or the name of a set' }),
	baseline: z
		.string()
		.optional()
		.openapi({ description: 'Limits from so many first points; exclude=3,4, revise=true, centre, sigma' }),
});

/** Nothing is stored or looked up: what a live chart would say of these values. */
export function analyzeRoutes(bodies: Bodies): RawRoute[] {
	const judgeAside = createQueue(inThread);
	return [
		{
			kind: 'raw',
			method: 'POST',
			path: '/api/v1/spc/analyze',
			access: 'read',
			tag: 'Analysis',
			summary: 'Judge a series that is not stored: charts, signals, estimates, advice',
			input: { query: csvQuery },
			accepts: {
				'application/json': 'The document of docs/analyze.md: {"chart": "i-mr", "values": [49.6, 47.6, null, 51.3]}',
				'text/csv':
					'A table; the query says which column is what, and every option by its name: ?chart=ewma&column=ms&lambda=0.1',
			},
			answers: {
				200: { detail: 'Charts, signals, estimates, advice', schema: z.looseObject({}).openapi('Analysis') },
				400: { detail: 'It cannot be judged; `errors` says why, each with its path or its line and column' },
				413: { detail: 'Larger than the limit, as sent or unpacked' },
			},
			handle: ({ request, response, query }) =>
				bodies.use({ request, response, maxBytes: MAX_BYTES }, async (bytes) => {
					const question = questionOf(request, bytes, query);
					const found = await (isLong(question) ? judgeAside(question) : judged(question));
					if ('faults' in found) throw refusal(found);
					await send(found.json, request, response);
				}),
		},
	];
}

/** @throws Problem 415 for what is neither, 400 for what is no text */
function questionOf(request: IncomingMessage, bytes: Buffer, query: URLSearchParams): Question {
	const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
	const isJson = /^application\/(?:[\w.-]+\+)?json$/.test(type);
	if (!isJson && type !== 'text/csv' && bytes.length > 0) throw new Problem(415, 'Send application/json or text/csv.');
	const csv = type === 'text/csv' ? onlyOnce(query) : undefined;
	const [unused] = csv === undefined ? [...query.keys()] : [];
	if (unused !== undefined) throw asked(`query.${unused}`, 'belongs to text/csv; a JSON document says it itself');
	try {
		return { csv, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
	} catch {
		throw asked('$', 'is not UTF-8');
	}
}

function asked(path: string, message: string): Problem {
	return new Problem(400, `${path}: ${message}`, { faults: [{ path, message }] });
}

function refusal({ title, faults }: Extract<Judged, { readonly faults: unknown }>): Problem {
	const [first] = faults;
	return new Problem(400, first ? `${first.path}: ${first.message}` : title, { faults: [...faults] });
}

async function send(json: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const { bytes, headers } = await pack(json, String(request.headers['accept-encoding'] ?? ''));
	response.setHeader('cache-control', 'no-store');
	response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length, ...headers });
	response.end(bytes);
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

/** A million values take a second, in which no live frame would leave. */
function inThread(question: Question): Promise<Judged> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(new URL('../answers/analyze-worker.ts', import.meta.url), { workerData: question });
		worker.once('error', reject);
		worker.once('exit', () => reject(new Error('the analysis ended without an answer')));
		worker.once('message', resolve);
	});
}
