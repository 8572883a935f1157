import { createHash } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { isLasting, type EventAttributes, type EventKind, type NewEvent, type SiteEvent } from '#contracts/event.ts';
import { MICROS_PER_SECOND, type NowMicros } from '#contracts/time.ts';
import { addAct } from './acts.ts';
import type { EventFilter, EventRecords } from './port-events.ts';
import type { EventsTable, Tables } from './tables.ts';
import { encodeTimeCursor, parseTimeCursor } from './time-cursor.ts';

/** Of what is not over. */
const NO_END = Number.MAX_SAFE_INTEGER;
/** As long as the rollups are kept that it would be drawn on. */
const KEPT_MICROS = 2 * 366 * 86_400 * MICROS_PER_SECOND;

export function createEvents(db: Kysely<Tables>, now: NowMicros): EventRecords {
	return {
		add: (event) => db.transaction().execute((tx) => add(tx, event, now())),
		async get(id) {
			const row = await db.selectFrom('events').selectAll().where('id', '=', id).executeTakeFirst();
			return row && toEvent(row);
		},
		list: (filter) => listEvents(db, filter),
		change: (id, change, by) =>
			db.transaction().execute(async (tx) => {
				const before = await tx.selectFrom('events').selectAll().where('id', '=', id).executeTakeFirst();
				if (!before) return undefined;
				const was = toEvent(before);
				const event = { ...was, ...change };
				const row = rowOf(event, before.implied === 1 && change.toMicros === undefined);
				await tx.updateTable('events').set(row).where('id', '=', id).execute();
				const act = { act: 'event.change', subject: `event:${id}`, site: event.site, before: was, after: event };
				await addAct(tx, { ...act, atMicros: now(), by });
				return event;
			}),
		remove: (id, by) =>
			db.transaction().execute(async (tx) => {
				const row = await tx.deleteFrom('events').where('id', '=', id).returningAll().executeTakeFirst();
				if (!row) return;
				await tx.deleteFrom('event_streams').where('event_id', '=', id).execute();
				const act = { act: 'event.remove', subject: `event:${id}`, site: row.site, before: toEvent(row) };
				await addAct(tx, { ...act, atMicros: now(), by });
			}),
	};
}

async function add(tx: Transaction<Tables>, event: NewEvent, nowMicros: number): Promise<SiteEvent> {
	await forget(tx, event.site, nowMicros - KEPT_MICROS);
	const target = targetOf(event);
	const id = idOf(event, target);
	const next = isLasting(event.kind) ? await takeTurns(tx, event, target) : undefined;
	const isImplied = isLasting(event.kind) && event.toMicros === null;
	const told = { ...event, id, toMicros: isImplied ? (next ?? null) : event.toMicros };
	const row = await tx
		.insertInto('events')
		.values({ id, target, ...rowOf(told, isImplied) })
		.onConflict((oc) => oc.column('id').doNothing())
		.returning('id')
		.executeTakeFirst();
	if (!row) return toEvent(await tx.selectFrom('events').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
	if (event.streams.length > 0)
		await tx
			.insertInto('event_streams')
			.values(event.streams.map((key) => ({ event_id: id, key })))
			.execute();
	return told;
}

/**
 * Ends the one that was in force when this one began. In whatever order they are told, they come to the same.
 *
 * @returns the start of the next, if it is known already
 */
async function takeTurns(tx: Transaction<Tables>, event: NewEvent, target: string): Promise<number | undefined> {
	const { site, kind, fromMicros } = event;
	await tx
		.updateTable('events')
		.set({ to_micros: fromMicros, end_micros: fromMicros })
		.where('site', '=', site)
		.where('target', '=', target)
		.where('kind', '=', kind)
		.where('from_micros', '<', fromMicros)
		.where('end_micros', '>', fromMicros)
		.where('implied', '=', 1)
		.execute();
	const next = await tx
		.selectFrom('events')
		.select('from_micros')
		.where('site', '=', site)
		.where('target', '=', target)
		.where('kind', '=', kind)
		.where('from_micros', '>', fromMicros)
		.orderBy('from_micros')
		.limit(1)
		.executeTakeFirst();
	return next && Number(next.from_micros);
}

async function forget(tx: Transaction<Tables>, site: string, olderMicros: number): Promise<void> {
	const gone = await tx
		.deleteFrom('events')
		.where('site', '=', site)
		.where('end_micros', '<', olderMicros)
		.returning('id')
		.execute();
	for (const { id } of gone) await tx.deleteFrom('event_streams').where('event_id', '=', id).execute();
}

async function listEvents(db: Kysely<Tables>, filter: EventFilter) {
	const { sites, fromMicros, toMicros, kind, of, limit } = filter;
	if (sites !== 'all' && sites.length === 0) return { items: [], cursor: null };
	const after = filter.cursor === undefined ? undefined : parseTimeCursor(filter.cursor);
	const rows = await db
		.selectFrom('events')
		.selectAll()
		.$if(sites !== 'all', (q) => q.where('site', 'in', sites === 'all' ? [] : sites))
		.$if(toMicros !== undefined, (q) => q.where('from_micros', '<=', toMicros ?? 0))
		.$if(fromMicros !== undefined, (q) => q.where('end_micros', '>=', fromMicros ?? 0))
		.$if(kind !== undefined, (q) => q.where('kind', '=', kind ?? ''))
		.$if(of !== undefined, (q) =>
			q.where((eb) =>
				eb.or([
					eb('target', '=', ''),
					eb('asset', '=', of?.asset ?? ''),
					eb(
						'id',
						'in',
						db
							.selectFrom('event_streams')
							.select('event_id')
							.where('key', '=', of?.key ?? ''),
					),
				]),
			),
		)
		.$if(after !== undefined, (q) =>
			q.where((eb) =>
				eb.or([
					eb('from_micros', '<', after?.micros ?? 0),
					eb.and([eb('from_micros', '=', after?.micros ?? 0), eb('id', '<', after?.id ?? '')]),
				]),
			),
		)
		.orderBy('from_micros', 'desc')
		.orderBy('id', 'desc')
		.limit(limit + 1)
		.execute();
	const items = rows.slice(0, limit).map(toEvent);
	const last = items.at(-1);
	const isMore = last !== undefined && rows.length > limit;
	return { items, cursor: isMore ? encodeTimeCursor({ micros: last.fromMicros, id: last.id }) : null };
}

/** What it is about, as text: two that are about the same have the same. Empty: the whole site. */
function targetOf({ asset, streams }: NewEvent): string {
	if (asset !== null) return `asset:${asset}`;
	return streams.length > 0 ? `streams:${JSON.stringify([...streams].sort())}` : '';
}

function idOf({ site, kind, fromMicros, title }: NewEvent, target: string): string {
	const text = JSON.stringify([site, kind, fromMicros, title, target]);
	return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

function rowOf(event: NewEvent, isImplied: boolean): Omit<EventsTable, 'id' | 'target'> {
	const end = event.toMicros ?? (isLasting(event.kind) ? NO_END : event.fromMicros);
	return {
		site: event.site,
		kind: event.kind,
		from_micros: event.fromMicros,
		to_micros: event.toMicros,
		end_micros: end,
		implied: isImplied ? 1 : 0,
		title: event.title,
		asset: event.asset,
		streams: JSON.stringify(event.streams),
		attributes: JSON.stringify(event.attributes),
	};
}

function toEvent(row: EventsTable): SiteEvent {
	return {
		id: row.id,
		site: row.site,
		kind: row.kind as EventKind,
		fromMicros: Number(row.from_micros),
		toMicros: row.to_micros === null ? null : Number(row.to_micros),
		title: row.title,
		asset: row.asset,
		streams: JSON.parse(row.streams) as string[],
		attributes: JSON.parse(row.attributes) as EventAttributes,
	};
}
