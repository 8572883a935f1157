import { z } from '@hono/zod-openapi';
import { SEVERITIES, severityOf, toApiLogLine, type ApiLogLine, type Severity } from '#contracts/log-line.ts';
import { maySee } from '#contracts/principal.ts';
import type { StoredLogLine } from '#contracts/log-line.ts';
import type { Bodies } from '#server/http/body.ts';
import { check, onlyOnce } from '#server/http/check.ts';
import { pageParameters, timeParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { Problem, sendDocument } from '#server/http/problem.ts';
import { answer, type AnswerRoute, type RawRoute } from '#server/http/route.ts';
import { ingestAnswerSchema, listOf } from '#server/http/schemas.ts';
import { idempotencyKeyOf } from './points-routes.ts';

/** Lines of logs: the way in, and to read them. */
export function logRoutes(ports: HttpPorts, bodies: Bodies): (AnswerRoute | RawRoute)[] {
	return [writeRoute(ports, bodies), listRoute(ports)];
}

const column = (what: string) => z.string().min(1).max(200).optional().openapi({ description: what });

const writeQuery = z.strictObject({
	time: column('CSV: name of the column with the time'),
	text: column('CSV: name of the column with the text'),
	severity: column('CSV: name of the column with the severity'),
	source: column('CSV: name of the column with the source'),
	zone: z.string().max(60).optional().openapi({ description: 'CSV: time zone of times without one; default UTC' }),
	delimiter: z.string().length(1).optional().openapi({ description: 'CSV: default is what its head has most' }),
});

function writeRoute({ ingest, knowledge }: HttpPorts, bodies: Bodies): RawRoute {
	return {
		kind: 'raw',
		method: 'POST',
		path: '/api/v1/logs',
		access: 'write',
		tag: 'Logs',
		summary: 'Write lines of logs; answered once they are durable',
		input: { query: writeQuery },
		accepts: {
			'application/x-ndjson':
				'One a line: {"t": "…" or micros, "source": "spindle-ctl", "severity": "error", "text": "Error 3021: drive hot", "attributes": {}}; all but the text may be left out',
			'application/json': 'The same as an array, or one',
			'text/csv': 'With the names of its columns in the query; columns that are not named there become attributes',
		},
		answers: {
			202: {
				detail: 'Durable. `refused` counts what could not be taken, `errors` says why',
				schema: ingestAnswerSchema,
			},
			400: { detail: 'Nothing could be taken' },
			413: { detail: 'Larger than the limit, as sent or unpacked' },
			429: { detail: 'More than the key may send (a line counts as a point): wait for Retry-After' },
			503: { detail: 'The journal cannot take more now: wait for Retry-After and send it again' },
		},
		async handle({ principal, request, response, query }) {
			ingest.admit(principal);
			const contentType = request.headers['content-type'] ?? '';
			const columns = columnsOf(contentType, check(writeQuery, onlyOnce(query), 'query'));
			const idempotencyKey = idempotencyKeyOf(request.headers['idempotency-key']);
			const body = await bodies.use({ request, response }, (bytes) =>
				knowledge.logs.take({ principal, body: bytes, contentType, idempotencyKey, columns }),
			);
			sendDocument(response, { status: 202, type: 'application/json', body });
		},
	};
}

function columnsOf(contentType: string, query: z.output<typeof writeQuery>) {
	if (!/^(text|application)\/csv\b/i.test(contentType.trim())) {
		const [name] = Object.keys(query);
		if (name === undefined) return undefined;
		throw fault(`query.${name}`, 'names a column of a CSV file: send it with content-type text/csv');
	}
	const { time, text, ...rest } = query;
	if (time === undefined) throw fault('query.time', 'is missing: name the column with the time');
	if (text === undefined) throw fault('query.text', 'is missing: name the column with the text');
	return { time, text, ...rest };
}

function fault(path: string, message: string): Problem {
	return new Problem(400, `${path}: ${message}`, { faults: [{ path, message }] });
}

const severities = z
	.string()
	.max(100)
	.transform((text, context): Severity[] => {
		const found = text.split(',').map((word) => severityOf(word));
		const known = found.filter((one) => one !== undefined);
		if (known.length < found.length)
			context.addIssue({ code: 'custom', message: `must be some of ${SEVERITIES.join(', ')}, with commas` });
		return known;
	})
	.openapi({ type: 'string', description: 'One, or several with commas: error,critical' });

const listQuery = z.strictObject({
	...pageParameters,
	from: timeParameter.optional(),
	to: timeParameter.optional(),
	source: z.string().max(200).optional(),
	severity: severities.optional(),
	q: z
		.string()
		.max(500)
		.optional()
		.openapi({ description: 'Words that a line has all of, in whatever case and order' }),
	site: z.string().max(100).optional(),
});

const lineSchema = z
	.strictObject({
		id: z.string(),
		site: z.string(),
		t: z.string(),
		source: z.string().nullable(),
		severity: z.enum(SEVERITIES).nullable(),
		text: z.string().openapi({ description: 'From outside: show it as plain text' }),
		attributes: z.record(z.string(), z.string()),
	})
	.openapi('LogLine') satisfies z.ZodType<ApiLogLine>;

function listRoute({ store }: HttpPorts): AnswerRoute {
	return answer({
		method: 'GET',
		path: '/api/v1/logs',
		access: 'read',
		tag: 'Logs',
		summary: 'Lines of logs, newest first',
		input: { query: listQuery },
		output: { schema: listOf(lineSchema, 'LogLineList') },
		async handle({ principal, query }) {
			const { site, q, from, to, source, severity, limit, cursor } = query;
			const sites = site === undefined ? principal.sites : maySee(principal, site) ? [site] : [];
			const lines = await store.logs({
				...{ sites, source, severities: severity, limit: limit + 1 },
				...{ fromMicros: from ?? 0, toMicros: to ?? Number.MAX_SAFE_INTEGER },
				words: q === undefined ? undefined : wordsOf(q).map((word) => [word]),
				after: cursor === undefined ? undefined : afterOf(cursor),
			});
			const page = lines.slice(0, limit);
			const last = lines.length > limit ? page.at(-1) : undefined;
			return { body: { items: page.map(toApiLogLine), cursor: last === undefined ? null : cursorOf(last) } };
		},
	});
}

/** As the store cuts the words of lines (port-knowledge.ts). */
function wordsOf(text: string): string[] {
	return text
		.toLowerCase()
		.split(/[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/)
		.filter((word) => word !== '');
}

function cursorOf({ tMicros, seq, line }: StoredLogLine): string {
	return `${tMicros}.${seq}.${line}`;
}

/** @throws Problem 400: an empty page would look like the end of the list */
function afterOf(cursor: string): { readonly tMicros: number; readonly seq: number; readonly line: number } {
	const [, t, seq, line] = /^(\d{1,16})\.(\d{1,16})\.(\d{1,9})$/.exec(cursor) ?? [];
	if (line !== undefined) return { tMicros: Number(t), seq: Number(seq), line: Number(line) };
	throw fault('query.cursor', 'is none that this server gave');
}
