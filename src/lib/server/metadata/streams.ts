import { sql, type Kysely, type Selectable, type Transaction } from 'kysely';
import type { Command } from '#contracts/command.ts';
import type { Plan } from '#contracts/plan.ts';
import { canonicalLabels, canonicalName } from '#contracts/stream.ts';
import type { Labels, Stream, StreamKind } from '#contracts/stream.ts';
import type { NowMicros } from '#contracts/time.ts';
import { actorNamed, addAct } from './acts.ts';
import { chunks, takeNumbers } from './counters.ts';
import { addToOutbox } from './outbox.ts';
import type { Actor } from './port-acts.ts';
import type { Metadata, NewStream, StreamWithPlan } from './port.ts';
import type { PlansTable, StreamsTable, Tables } from './tables.ts';

const CHUNK = 1000;
const FIRST_REVISION = 1;

export function createStreams(db: Kysely<Tables>, now: NowMicros): Metadata['streams'] {
	return {
		ensure: (streams) => db.transaction().execute((tx) => ensure(tx, streams, now())),
		async all() {
			return (await withPlan(db).orderBy('streams.id').execute()).map(toStreamWithPlan);
		},
		async get(id) {
			const row = await withPlan(db).where('streams.id', '=', id).executeTakeFirst();
			return row && toStreamWithPlan(row);
		},
		async some(ids) {
			const rows = [];
			for (const part of chunks([...new Set(ids)], CHUNK))
				rows.push(...(await withPlan(db).where('streams.id', 'in', part).orderBy('streams.id').execute()));
			return rows.map(toStreamWithPlan).sort((a, b) => a.stream.id - b.stream.id);
		},
		async page({ sites, asset, key, afterId, limit }) {
			if (sites !== 'all' && sites.length === 0) return [];
			const rows = await db
				.selectFrom('streams')
				.selectAll()
				.where('removed_micros', 'is', null)
				.where('id', '>', afterId)
				.$if(sites !== 'all', (q) => q.where('site', 'in', sites === 'all' ? [] : sites))
				.$if(asset !== undefined, (q) => q.where('asset', '=', asset ?? ''))
				.$if(key !== undefined, (q) => q.where('key', '=', key ?? ''))
				.orderBy('id')
				.limit(limit)
				.execute();
			return rows.map(toStream);
		},
		async countBySite(sites) {
			if (sites !== 'all' && sites.length === 0) return new Map();
			const rows = await db
				.selectFrom('streams')
				.select((eb) => ['site', eb.fn.countAll<number>().as('count')])
				.where('removed_micros', 'is', null)
				.$if(sites !== 'all', (q) => q.where('site', 'in', sites === 'all' ? [] : sites))
				.groupBy('site')
				.execute();
			return new Map(rows.map(({ site, count }) => [site, Number(count)]));
		},
		setPlan: (id, plan, source, by) =>
			db.transaction().execute((tx) => setPlan(tx, { id, plan, source, by, atMicros: now() })),
		removeSite: (site, by) => db.transaction().execute((tx) => removeSite(tx, { site, by, atMicros: now() })),
	};
}

async function removeSite(
	tx: Transaction<Tables>,
	{ site, by, atMicros }: { readonly site: string; readonly by: Actor; readonly atMicros: number },
): Promise<number> {
	const gone = await tx
		.updateTable('streams')
		// No stream is called so: the name is free.
		.set((eb) => ({
			removed_micros: atMicros,
			name: sql<string>`'removed ' || ${eb.ref('id')} || ' ' || ${eb.ref('name')}`,
		}))
		.where('site', '=', site)
		.where('removed_micros', 'is', null)
		.executeTakeFirst();
	const events = tx.selectFrom('events').select('id').where('site', '=', site);
	await tx.deleteFrom('event_streams').where('event_id', 'in', events).execute();
	await tx.deleteFrom('events').where('site', '=', site).execute();
	const streams = Number(gone.numUpdatedRows);
	if (streams > 0)
		await addAct(tx, { atMicros, by, act: 'streams.remove', subject: `site:${site}`, site, detail: String(streams) });
	return streams;
}

async function ensure(tx: Transaction<Tables>, wanted: readonly NewStream[], atMicros: number): Promise<Stream[]> {
	const known = await findByName(tx, wanted);
	const fresh = await insert(tx, missing(wanted, known), atMicros);
	const changed = await changeUnits(tx, wanted, new Map([...known, ...fresh]));
	const all = new Map([...known, ...fresh, ...changed]);
	await announce(tx, new Set([...fresh.values(), ...changed.values()].map(({ id }) => id)));
	return wanted.map((stream) => found(all, stream));
}

type ByName = ReadonlyMap<string, Stream>;

function found(streams: ByName, wanted: NewStream): Stream {
	const stream = streams.get(canonicalName(wanted));
	if (!stream) throw new Error(`cannot find stream ${JSON.stringify(wanted.key)} after making it`);
	return stream;
}

async function findByName(tx: Transaction<Tables>, wanted: readonly NewStream[]): Promise<ByName> {
	const known = new Map<string, Stream>();
	for (const names of chunks([...new Set(wanted.map(canonicalName))], CHUNK)) {
		const rows = await tx.selectFrom('streams').selectAll().where('name', 'in', names).execute();
		for (const row of rows) known.set(row.name, toStream(row));
	}
	return known;
}

/** In the order in which they come; the first of a name says what the stream is. */
function missing(wanted: readonly NewStream[], known: ByName): ReadonlyMap<string, NewStream> {
	const fresh = new Map<string, NewStream>();
	for (const stream of wanted) {
		const name = canonicalName(stream);
		if (!known.has(name) && !fresh.has(name)) fresh.set(name, stream);
	}
	return fresh;
}

async function insert(
	tx: Transaction<Tables>,
	streams: ReadonlyMap<string, NewStream>,
	atMicros: number,
): Promise<ByName> {
	if (streams.size === 0) return new Map();
	const first = await takeNumbers(tx, 'streams', streams.size);
	const numbered = [...streams].map(([name, stream], i) => ({ id: first + i, name, stream }));
	for (const some of chunks(numbered, CHUNK)) {
		await tx
			.insertInto('streams')
			.values(some.map((one) => toRow(one, atMicros)))
			.execute();
		await tx
			.insertInto('plans')
			.values(
				some.map(({ id, stream }) => ({
					stream_id: id,
					revision: FIRST_REVISION,
					plan: JSON.stringify(stream.plan),
					source: stream.planSource ?? null,
					at_micros: atMicros,
				})),
			)
			.execute();
	}
	return new Map(numbered.map(({ id, name, stream }) => [name, ofNew(id, stream)]));
}

function ofNew(id: number, { site, key, labels, asset, kind, unit }: NewStream): Stream {
	return { id, site, key, labels, asset, kind, unit };
}

/** A unit that is not said ('') changes nothing: a hand-written point without one is still of the same stream. */
async function changeUnits(tx: Transaction<Tables>, wanted: readonly NewStream[], known: ByName): Promise<ByName> {
	const changed = new Map<string, Stream>();
	for (const stream of wanted) {
		const name = canonicalName(stream);
		const now = changed.get(name) ?? found(known, stream);
		if (stream.unit !== '' && stream.unit !== now.unit) changed.set(name, { ...now, unit: stream.unit });
	}
	for (const { id, unit } of changed.values())
		await tx.updateTable('streams').set({ unit }).where('id', '=', id).execute();
	return changed;
}

async function announce(tx: Transaction<Tables>, ids: ReadonlySet<number>): Promise<void> {
	const commands: Command[] = [];
	for (const some of chunks([...ids], CHUNK)) {
		const rows = await withPlan(tx).where('streams.id', 'in', some).orderBy('streams.id').execute();
		commands.push(...rows.map((row) => toCommand(toStreamWithPlan(row))));
	}
	await addToOutbox(tx, commands);
}

function toCommand({ stream, plan, planRevision }: StreamWithPlan): Command {
	return { type: 'stream', stream, plan, planRevision };
}

interface NewPlan {
	readonly id: number;
	readonly plan: Plan;
	readonly source: string | null;
	readonly by: Actor | undefined;
	readonly atMicros: number;
}

async function setPlan(tx: Transaction<Tables>, { id, plan, source, by, atMicros }: NewPlan): Promise<StreamWithPlan> {
	const was = await withPlan(tx).where('streams.id', '=', id).executeTakeFirst();
	const { plan_revision: revision } = await tx
		.updateTable('streams')
		.set((eb) => ({ plan_revision: eb('plan_revision', '+', 1) }))
		.where('id', '=', id)
		.returning('plan_revision')
		.executeTakeFirstOrThrow(() => new Error(`cannot set the plan of stream ${id}: there is no such stream`));
	await tx
		.insertInto('plans')
		.values({ stream_id: id, revision, plan: JSON.stringify(plan), source, at_micros: atMicros })
		.execute();
	await announce(tx, new Set([id]));
	await addAct(tx, {
		atMicros,
		by: by ?? actorNamed(source ?? 'api'),
		act: 'plan',
		subject: `stream:${id}`,
		site: was?.site ?? null,
		detail: String(revision),
		before: was && toPlan(was.plan),
		after: plan,
	});
	return toStreamWithPlan(await withPlan(tx).where('streams.id', '=', id).executeTakeFirstOrThrow());
}

export function withPlan(db: Kysely<Tables>) {
	return db
		.selectFrom('streams')
		.innerJoin('plans', (join) =>
			join.onRef('plans.stream_id', '=', 'streams.id').onRef('plans.revision', '=', 'streams.plan_revision'),
		)
		.where('streams.removed_micros', 'is', null)
		.selectAll('streams')
		.select(['plans.plan', 'plans.source']);
}

function toRow({ id, name, stream }: { id: number; name: string; stream: NewStream }, atMicros: number): StreamsTable {
	return {
		id,
		name,
		site: stream.site,
		key: stream.key,
		labels: canonicalLabels(stream.labels),
		asset: stream.asset,
		kind: stream.kind,
		unit: stream.unit,
		plan_revision: FIRST_REVISION,
		created_micros: atMicros,
		removed_micros: null,
	};
}

function toStream(row: Selectable<StreamsTable>): Stream {
	const { id, site, key, asset, unit } = row;
	return { id, site, key, labels: toLabels(row.labels), asset, kind: row.kind as StreamKind, unit };
}

function toLabels(canonical: string): Labels {
	return Object.fromEntries(JSON.parse(canonical) as [string, string][]);
}

export function toStreamWithPlan(row: Selectable<StreamsTable & Pick<PlansTable, 'plan' | 'source'>>): StreamWithPlan {
	return {
		stream: toStream(row),
		plan: toPlan(row.plan),
		planRevision: row.plan_revision,
		planSource: row.source,
	};
}

function toPlan(text: string): Plan {
	return JSON.parse(text) as Plan;
}
