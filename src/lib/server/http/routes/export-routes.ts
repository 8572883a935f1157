import { createHash } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ServerResponse } from 'node:http';
import { z } from '@hono/zod-openapi';
import { EXPORT_FORMATS } from '#contracts/export.ts';
import type { Principal } from '#contracts/principal.ts';
import { formatTime } from '#contracts/time.ts';
import type { ExportAnswer, ExportWish } from '#server/export/port.ts';
import type { StreamWithPlan } from '#server/metadata/port.ts';
import { check, onlyOnce } from '#server/http/check.ts';
import { countParameter, flagParameter, timeParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { Problem } from '#server/http/problem.ts';
import type { RawRoute } from '#server/http/route.ts';
import type { Visible } from '#server/http/visible.ts';
import { seenSession } from './session-routes.ts';

const MOST_STREAMS = 500;
/** Without a byte taken for so long the reader is given up. */
const STALLED_MS = 300_000;

export const timeZoneParameter = z
	.string()
	.max(60)
	.default('UTC')
	.refine(isTimeZone, 'is no time zone such as Europe/Berlin');

const query = z.strictObject({
	streams: z
		.string()
		.transform((text) => [...new Set(text.split(','))])
		.refine((ids) => ids.length <= MOST_STREAMS, `names more than ${MOST_STREAMS} streams`)
		.optional()
		.openapi({ type: 'string', description: 'Ids with commas between' }),
	session: z.string().optional().openapi({ description: 'Id of a session, in place of streams' }),
	from: timeParameter.optional(),
	to: timeParameter.optional(),
	format: z.enum(EXPORT_FORMATS),
	bundle: flagParameter
		.optional()
		.openapi({ description: 'A zip with metadata.json, charts and checksums beside the points' }),
	part: z.literal('metadata').optional().openapi({ description: 'What is about the points, without them' }),
	asOf: timeParameter.optional().openapi({ description: 'With after: as the export that goes on was' }),
	after: z
		.string()
		.transform((text, context) => {
			const [, stream, micros] = /^(\d{1,10}):(\d{1,16})$/.exec(text) ?? [];
			if (stream !== undefined && micros !== undefined) return { streamId: Number(stream), tMicros: Number(micros) };
			context.addIssue({ code: 'custom', message: 'is the last row that is there: STREAM:MICROSECONDS' });
			return z.NEVER;
		})
		.optional()
		.openapi({ type: 'string', description: 'CSV and JSON: go on right behind this point, as STREAM:MICROSECONDS' }),
	timeZone: timeZoneParameter.openapi({ description: 'Of the axes of charts, as IANA calls it' }),
	theme: z.enum(['light', 'dark', 'print']).default('light'),
	width: countParameter(4096).prefault('1600').openapi({ description: 'Pixels of a PNG' }),
});
type Query = z.output<typeof query>;

export function exportRoutes(ports: HttpPorts, visible: Visible): RawRoute[] {
	return [
		{
			kind: 'raw',
			method: 'GET',
			path: '/api/v1/export',
			access: 'read',
			tag: 'Keep',
			summary: 'Points with signals, limits, plans and versions; charts; a report',
			input: { query },
			accepts: {},
			answers: {
				200: { detail: 'The file, as it is made. Link describedby leads to what CSV and Parquet have no room for' },
				400: { detail: 'Parameters that cannot be, or more than one file of this format holds' },
				404: { detail: 'No such stream or session' },
				503: { detail: 'The store is away, or enough exports run: wait for Retry-After' },
			},
			async handle({ principal, query: given, request, response }) {
				const asked = check(query, onlyOnce(given), 'query');
				const leaving = new AbortController();
				response.once('close', () => leaving.abort());
				try {
					const wish = await wishOf(ports, visible, principal, asked);
					const answer = await ports.exports.open(wish, leaving.signal);
					await send(response, answer, describedBy(request.url ?? '', asked));
				} finally {
					leaving.abort();
				}
			},
		},
	];
}

async function wishOf(ports: HttpPorts, visible: Visible, principal: Principal, asked: Query): Promise<ExportWish> {
	const { format, session: sessionId, streams: ids, bundle = false, part, after } = asked;
	if ((sessionId === undefined) === (ids === undefined))
		throw fault('query.streams', 'or `session` says what to export: one of them');
	if (after && ((format !== 'csv' && format !== 'json') || bundle || part || asked.asOf === undefined))
		throw fault('query.after', 'goes with format=csv or json and with asOf, without bundle and part');
	if ((bundle || part) && ['png', 'svg', 'pdf'].includes(format))
		throw fault('query.format', 'is csv, json or parquet for this');
	const session = sessionId === undefined ? undefined : await seenSession(ports.metadata, principal, sessionId);
	const { width, theme, timeZone } = asked;
	return {
		format,
		session,
		streams: await streamsOf(visible, principal, ids ?? session?.streamIds.map(String) ?? []),
		fromMicros: asked.from ?? session?.fromMicros,
		toMicros: asked.to ?? session?.toMicros ?? undefined,
		isBundle: bundle,
		isFacts: part !== undefined,
		asOfMicros: asked.asOf,
		after,
		picture: { timeZone, theme, width: Math.max(16, width) },
	};
}

export async function streamsOf(
	visible: Visible,
	principal: Principal,
	ids: readonly string[],
): Promise<StreamWithPlan[]> {
	const found: StreamWithPlan[] = [];
	for (const id of ids) found.push(await visible.stream(principal, id));
	return found;
}

function fault(path: string, message: string): Problem {
	return new Problem(400, `${path}: ${message}`, { faults: [{ path, message }] });
}

/** W3C, Model for Tabular Data and Metadata: the header by which a table says where its metadata are. */
function describedBy(url: string, { format, bundle, part }: Query): string | undefined {
	if (bundle || part || (format !== 'csv' && format !== 'parquet')) return undefined;
	return `<${url}&part=metadata>; rel="describedby"; type="application/json"`;
}

/** The digest (RFC 9530) comes behind the body: only then is it known. */
async function send(response: ServerResponse, answer: ExportAnswer, link: string | undefined): Promise<void> {
	const { type, fileName, bytes, asOfMicros, points, body } = answer;
	response.setHeader('content-type', type);
	response.setHeader('content-disposition', disposition(fileName));
	response.setHeader('cache-control', 'no-store');
	response.setHeader('x-export-as-of', formatTime(asOfMicros));
	response.setHeader('x-export-points', String(points));
	if (link !== undefined) response.setHeader('link', link);
	const hash = createHash('sha256');
	const digest = () => `sha-256=:${hash.digest('base64')}:`;
	const hashed = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			hash.update(chunk);
			done(null, chunk);
		},
		flush(done) {
			if (bytes === undefined) response.addTrailers({ 'repr-digest': digest() });
			done();
		},
	});
	if (bytes === undefined) response.setHeader('trailer', 'repr-digest');
	else response.setHeader('content-length', bytes);
	response.setTimeout(STALLED_MS, () => response.destroy());
	// A reader that leaves, and a store that fails midway, both end as a connection that breaks off: nobody takes a part for the whole.
	await pipeline(Readable.from(body, { objectMode: false }), hashed, response).catch((error: unknown) => {
		if (!response.destroyed || response.headersSent) response.destroy();
		if (!response.headersSent) throw error;
	});
}

function disposition(fileName: string): string {
	const plain = fileName.replace(/[^\w.-]/g, '-');
	return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`;
}

function isTimeZone(name: string): boolean {
	try {
		return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
	} catch {
		return false;
	}
}
