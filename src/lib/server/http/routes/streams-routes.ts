import { z } from '@hono/zod-openapi';
import { toApiLimits, type ApiStream } from '#contracts/api.ts';
import type { Limits } from '#contracts/limits.ts';
import { maySee, type Principal } from '#contracts/principal.ts';
import type { Stream } from '#contracts/stream.ts';
import { formatTime } from '#contracts/time.ts';
import type { Derivation } from '#server/engine/port.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { idParameter, pageParameters } from '#server/http/parameters.ts';
import { Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { limitsSchema, listOf, streamSchema } from '#server/http/schemas.ts';
import type { Visible } from '#server/http/visible.ts';

const listQuery = z.strictObject({
	...pageParameters,
	site: z.string().optional(),
	asset: z.string().optional(),
	key: z.string().max(400).optional().openapi({ description: 'The key itself, or a pattern with *' }),
	q: z.string().max(400).optional().openapi({ description: 'Words that key, labels, unit, asset or site contain' }),
});
type Filter = z.output<typeof listQuery>;

export function streamRoutes(ports: HttpPorts, visible: Visible): AnswerRoute[] {
	const { metadata } = ports;
	return [
		answer({
			method: 'GET',
			path: '/api/v1/streams',
			access: 'look',
			tag: 'Streams',
			summary: 'Streams with state and last value',
			input: { query: listQuery },
			output: { schema: listOf(streamSchema, 'StreamList') },
			async handle({ principal, query }) {
				const page = await findStreams(metadata, principal, query);
				const open = await metadata.violations.openCounts(page.streams.map(({ id }) => id));
				const items = page.streams.map((stream) => toApiStream(stream, ports, open));
				return { body: { items, cursor: page.cursor } };
			},
		}),
		answer({
			method: 'GET',
			path: '/api/v1/streams/{id}',
			access: 'look',
			tag: 'Streams',
			summary: 'One stream',
			input: { params: idParameter },
			output: { schema: streamSchema },
			async handle({ principal, params }) {
				const { stream } = await visible.stream(principal, params.id);
				return { body: toApiStream(stream, ports, await metadata.violations.openCounts([stream.id])) };
			},
		}),
		answer({
			method: 'GET',
			path: '/api/v1/streams/{id}/limits',
			access: 'look',
			tag: 'Streams',
			summary: 'Every version of its limits, oldest first',
			input: { params: idParameter },
			output: { schema: listOf(limitsSchema, 'LimitsList') },
			async handle({ principal, params }) {
				const limits = await limitsOf(ports, principal, visible, params.id);
				return { body: { items: limits.map(toApiLimits), cursor: null } };
			},
		}),
	];
}

async function limitsOf(ports: HttpPorts, principal: Principal, visible: Visible, id: string) {
	const { stream } = await visible.stream(principal, id);
	return allLimits(ports, stream.id);
}

/** What has been recorded, and what the engine judges by now in case that has not been recorded yet. */
export async function allLimits(
	{ metadata, engine }: Pick<HttpPorts, 'metadata' | 'engine'>,
	streamId: number,
): Promise<readonly Limits[]> {
	const recorded = await metadata.limits.of(streamId);
	const known = new Set(recorded.map((limits) => limits.id));
	return [...recorded, ...engine.limits(streamId).filter((limits) => !known.has(limits.id))];
}

/** Streams that are looked through at once for words or a pattern. */
const LOOK_THROUGH = 1000;

/** A page of what may be seen and fits; one more is looked for, to know whether there is a next page. */
async function findStreams(
	metadata: HttpPorts['metadata'],
	principal: Principal,
	query: Filter,
): Promise<{ streams: readonly Stream[]; cursor: string | null }> {
	const { asset, key, limit } = query;
	const sites = sitesOf(principal, query.site);
	const isExact = key === undefined || !key.includes('*');
	const wanted = {
		sites,
		...(asset !== undefined && { asset }),
		...(isExact && key !== undefined && { key }),
		limit: isExact && query.q === undefined ? limit + 1 : LOOK_THROUGH,
	};
	const found: Stream[] = [];
	for (let afterId = query.cursor === undefined ? 0 : lastIdOf(query.cursor); found.length <= limit;) {
		const some = await metadata.streams.page({ ...wanted, afterId });
		found.push(...some.filter((stream) => fits(stream, query)));
		if (some.length < wanted.limit) break;
		afterId = some.at(-1)!.id;
	}
	const streams = found.slice(0, limit);
	return { streams, cursor: found.length > limit ? String(streams.at(-1)?.id) : null };
}

function sitesOf(principal: Principal, site: string | undefined): readonly string[] | 'all' {
	if (site === undefined) return principal.sites;
	return maySee(principal, site) ? [site] : [];
}

/**
 * A cursor is the last id of the page before: streams are numbered for ever and never renumbered.
 *
 * @throws Problem 400 when it is no cursor: an empty page would look like the end of the list
 */
function lastIdOf(cursor: string): number {
	if (/^[1-9]\d{0,9}$/.test(cursor)) return Number(cursor);
	const fault = { path: 'query.cursor', message: 'is none that this server gave' };
	throw new Problem(400, `${fault.path}: ${fault.message}`, { faults: [fault] });
}

function fits(stream: Stream, filter: Filter): boolean {
	if (filter.key !== undefined && !likeKey(stream.key, filter.key)) return false;
	return filter.q === undefined || containsWords(stream, filter.q);
}

/** `*` stands for any run of characters. Walks the pieces in order: no expression to blow up on. */
function likeKey(key: string, pattern: string): boolean {
	const [first = '', ...rest] = pattern.split('*');
	if (rest.length === 0) return key === pattern;
	const last = rest.pop() ?? '';
	if (!key.startsWith(first) || !key.endsWith(last) || key.length < first.length + last.length) return false;
	let at = first.length;
	for (const piece of rest) {
		const found = key.indexOf(piece, at);
		if (found < 0) return false;
		at = found + piece.length;
	}
	return at <= key.length - last.length;
}

function containsWords(stream: Stream, q: string): boolean {
	const text = [
		stream.key,
		stream.site,
		stream.asset,
		stream.unit,
		...Object.entries(stream.labels).map((pair) => pair.join('=')),
	]
		.join('\n')
		.toLowerCase();
	return q
		.toLowerCase()
		.split(/\s+/)
		.every((word) => text.includes(word));
}

export function toApiStream(
	stream: Stream,
	{ engine, ingest }: Pick<HttpPorts, 'engine' | 'ingest'>,
	openCounts: ReadonlyMap<number, number>,
): ApiStream {
	const status = engine.status(stream.id);
	const clock = ingest.clockOf(stream.id);
	const derivedFrom = engine.derivedFrom(stream.id);
	const last = status?.last;
	return {
		id: String(stream.id),
		key: stream.key,
		labels: stream.labels,
		site: stream.site,
		asset: stream.asset,
		kind: stream.kind,
		unit: stream.unit,
		state: status?.state ?? 'no-data',
		last: last ? { t: formatTime(last.tMicros), v: last.v, quality: last.quality } : null,
		openViolations: openCounts.get(stream.id) ?? 0,
		...(derivedFrom && { derivedFrom: toApiDerived(derivedFrom) }),
		...(clock && { clock }),
	};
}

function toApiDerived({ formula, streams }: Derivation): NonNullable<ApiStream['derivedFrom']> {
	return { formula, streams: streams.map(({ key, id }) => ({ key, id: id === undefined ? null : String(id) })) };
}
