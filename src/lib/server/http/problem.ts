import type { ServerResponse } from 'node:http';
import type { ApiProblem } from '#contracts/api.ts';
import { InputError, QuotaError, RetriableError, type InputFault } from '#contracts/error.ts';
import { Refusal } from '../identity/port.ts';
import { JournalFullError } from '../journal/port.ts';

const TITLES: Readonly<Record<number, string>> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	408: 'Request Timeout',
	409: 'Conflict',
	412: 'Precondition Failed',
	413: 'Content Too Large',
	415: 'Unsupported Media Type',
	421: 'Misdirected Request',
	426: 'Upgrade Required',
	429: 'Too Many Requests',
	500: 'Internal Server Error',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
};

/** How long a sender waits when the journal is full: room comes with retention or a person, not within a second. */
const FULL_RETRY_SECONDS = 5;
const USUAL_RETRY_SECONDS = 2;

const REFUSED = { forbidden: 403, missing: 404, conflict: 409 } as const;

/** An answer that is not what was asked for; thrown anywhere below the guard. */
export class Problem extends Error {
	override readonly name = 'Problem';
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly faults: readonly InputFault[];
	constructor(
		status: number,
		detail: string,
		more: { headers?: Readonly<Record<string, string>>; faults?: readonly InputFault[] } = {},
	) {
		super(detail);
		this.status = status;
		this.headers = more.headers ?? {};
		this.faults = more.faults ?? [];
	}
}

export function notFound(what: string): Problem {
	return new Problem(404, `There is no such ${what}.`);
}

/** @returns the problem that an error of ours means to a client; undefined for what nobody foresaw */
export function problemOf(error: unknown): Problem | undefined {
	if (error instanceof Problem) return error;
	if (error instanceof InputError) return new Problem(400, error.message, { faults: error.faults });
	if (error instanceof Refusal) return new Problem(REFUSED[error.kind], error.message);
	if (error instanceof JournalFullError) return unavailable(error.message, FULL_RETRY_SECONDS);
	if (error instanceof QuotaError) {
		const seconds = Math.max(1, Math.ceil((error.retryAfterMs ?? 0) / 1000));
		return new Problem(429, error.message, { headers: { 'retry-after': String(seconds) }, faults: error.faults });
	}
	if (error instanceof RetriableError)
		return unavailable(error.message, Math.max(1, Math.ceil((error.retryAfterMs ?? 0) / 1000)) || USUAL_RETRY_SECONDS);
	return undefined;
}

export function unavailable(detail: string, retrySeconds = USUAL_RETRY_SECONDS): Problem {
	return new Problem(503, detail, { headers: { 'retry-after': String(retrySeconds) } });
}

export function problemBody(problem: Problem): ApiProblem {
	return {
		type: 'about:blank',
		title: TITLES[problem.status] ?? 'Error',
		status: problem.status,
		detail: problem.message,
		...(problem.faults.length > 0 ? { errors: problem.faults } : {}),
	};
}

export const PROBLEM_TYPE = 'application/problem+json';

export function sendProblem(response: ServerResponse, problem: Problem): void {
	if (response.headersSent) return void response.destroy();
	for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
	sendDocument(response, { status: problem.status, type: PROBLEM_TYPE, body: problemBody(problem) });
}

export function sendDocument(
	response: ServerResponse,
	document: { readonly status: number; readonly type: string; readonly body: unknown },
): void {
	const bytes = Buffer.from(JSON.stringify(document.body));
	response.setHeader('cache-control', 'no-store');
	response.writeHead(document.status, { 'content-type': document.type, 'content-length': bytes.length });
	response.end(bytes);
}
