import { CompiledQuery } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import type { NowMicros } from '#contracts/time.ts';
import type { Verdict } from '#contracts/verdict.ts';
import type { Episode, Violation, ViolationState } from '#contracts/violation.ts';
import { actorNamed } from './acts.ts';
import { decideAlerts } from './alert-decisions.ts';
import { chunks } from './counters.ts';
import { addLimits } from './limits.ts';
import { listViolations } from './list.ts';
import type { AlertDeciding } from './port-alerts.ts';
import type { ChangedViolation } from './port-violations.ts';
import type { Metadata } from './port.ts';
import type { Tables, ViolationsTable } from './tables.ts';
import { changeViolation } from './violation-acts.ts';
import { stepsOf, tickStep, timesOf } from './violation-case.ts';
import { groupsOf, summaryOf } from './violation-summary.ts';
import { toRow, toViolation } from './violation-row.ts';

const CURSOR = 'cases';
const CHUNK = 500;

export interface ViolationOptions {
	readonly now: NowMicros;
	/** Told of verdicts about streams that nobody ever made: they are left out, or they would block all that follow. */
	readonly onUnknownStream: (streamId: number) => void;
}

export function createViolations(db: Kysely<Tables>, options: ViolationOptions): Metadata['violations'] {
	const texts: UpsertTexts = new Map();
	const inOne = <T>(work: (tx: Transaction<Tables>) => Promise<T>) => db.transaction().execute(work);
	return {
		apply: (seq, verdicts, deciding) =>
			db.transaction().execute((tx) => apply(tx, { seq, verdicts, deciding, options, texts })),
		position: () => positionOf(db),
		list: (filter) => listViolations(db, filter),
		async get(id) {
			const row = await db.selectFrom('violations').selectAll().where('id', '=', id).executeTakeFirst();
			return row && toViolation(row);
		},
		async some(ids) {
			const found: Violation[] = [];
			for (const some of chunks(ids, CHUNK)) {
				const rows = await db.selectFrom('violations').selectAll().where('id', 'in', some).execute();
				found.push(...rows.map(toViolation));
			}
			return found;
		},
		active: (streamIds) => db.transaction().execute((tx) => activeOf(tx, streamIds)),
		async openCounts(streamIds) {
			const counts = new Map<number, number>();
			for (const ids of chunks([...new Set(streamIds)], CHUNK)) {
				const rows = await db
					.selectFrom('violations')
					.select((eb) => ['stream_id', eb.fn.countAll<number>().as('count')])
					.where('stream_id', 'in', ids)
					.where('state', '!=', 'resolved')
					.where('historical', '=', 0)
					.groupBy('stream_id')
					.execute();
				for (const row of rows) counts.set(row.stream_id, Number(row.count));
			}
			return counts;
		},
		setState: (id, state, by, comment) =>
			inOne(async (tx) => {
				const change = { by: actorNamed(by), state, ...(comment !== undefined && { comment }) };
				return (await changeViolation(tx, { id, change, atMicros: options.now() }))?.after;
			}),
		change: async (id, change) =>
			(await inOne((tx) => changeViolation(tx, { id, change, atMicros: options.now() })))?.after,
		changeAll: (changes) =>
			inOne(async (tx) => {
				const done: ChangedViolation[] = [];
				for (const one of changes) {
					const changed = await changeViolation(tx, { ...one, atMicros: options.now() });
					if (changed) done.push(changed);
				}
				return done;
			}),
		groups: (filter) => groupsOf(db, filter),
		summary: (filter) => summaryOf(db, filter),
		times: (id) => timesOf(db, id),
		steps: (id) => stepsOf(db, id),
		tick: (id, tick) => inOne((tx) => tickStep(tx, { id, ...tick, atMicros: options.now() })),
	};
}

async function positionOf(db: Kysely<Tables>): Promise<number> {
	const row = await db.selectFrom('cursors').select('position').where('name', '=', CURSOR).executeTakeFirst();
	return row?.position ?? 0;
}

interface Applied {
	readonly seq: number;
	readonly verdicts: readonly Verdict[];
	readonly deciding: AlertDeciding | undefined;
	readonly options: ViolationOptions;
	readonly texts: UpsertTexts;
}

/** Statements that need no answer of one another are asked together: each answer waits for a turn of a busy event loop. */
async function apply(tx: Transaction<Tables>, applied: Applied): Promise<Violation[]> {
	const { seq, verdicts, deciding, options, texts } = applied;
	const wanted = new Set(verdicts.flatMap((verdict) => streamOf(verdict) ?? []));
	const [position, known] = await Promise.all([positionOf(tx), knownStreams(tx, wanted)]);
	if (seq <= position) return [];
	for (const id of wanted) if (!known.has(id)) options.onUnknownStream(id);
	const limits = verdicts.flatMap((verdict) =>
		verdict.type === 'limits' && known.has(verdict.limits.streamId) ? [verdict.limits] : [],
	);
	const episodes = newest(verdicts).filter(({ streamId }) => known.has(streamId));
	const [changed] = await Promise.all([
		upsert(tx, { episodes, texts, atMicros: options.now() }),
		addLimits(tx, seq, limits),
		setPosition(tx, seq),
	]);
	if (deciding) await decideAlerts(tx, { changed, deciding, atMicros: options.now() });
	return changed;
}

async function setPosition(tx: Transaction<Tables>, position: number): Promise<void> {
	await tx
		.insertInto('cursors')
		.values({ name: CURSOR, position })
		.onConflict((oc) => oc.column('name').doUpdateSet({ position }))
		.execute();
}

async function knownStreams(tx: Transaction<Tables>, wanted: ReadonlySet<number>): Promise<ReadonlySet<number>> {
	const found = chunks([...wanted], CHUNK).map((ids) =>
		tx.selectFrom('streams').select('id').where('id', 'in', ids).execute(),
	);
	return new Set((await Promise.all(found)).flat().map(({ id }) => id));
}

/** Signals go to the store; nothing of them is kept here. */
function streamOf(verdict: Verdict): number | undefined {
	switch (verdict.type) {
		case 'signal':
		case 'points':
			return undefined;
		case 'limits':
			return verdict.limits.streamId;
		case 'violation.opened':
		case 'violation.updated':
		case 'violation.ended':
			return verdict.episode.streamId;
	}
}

/** The largest revision of each episode, in the order in which they first appear. */
function newest(verdicts: readonly Verdict[]): Episode[] {
	const episodes = new Map<string, Episode>();
	for (const verdict of verdicts) {
		if (!('episode' in verdict)) continue;
		const { episode } = verdict;
		if (episode.revision > (episodes.get(episode.id)?.revision ?? -1)) episodes.set(episode.id, episode);
	}
	return [...episodes.values()];
}

/** What people did (state, cause) stays; what the engine says is replaced by a later revision only. */
async function upsert(
	tx: Transaction<Tables>,
	{ episodes, texts, atMicros }: { episodes: readonly Episode[]; texts: UpsertTexts; atMicros: number },
): Promise<Violation[]> {
	const acts = new Map<string, Pick<Violation, 'state' | 'cause' | 'assignee'>>();
	const written = [...inPieces(episodes)].map((some) => {
		const parameters = some.flatMap((episode) => Object.values(toRow(episode, atMicros)));
		const query = CompiledQuery.raw(textOf(tx, some, texts), parameters);
		return tx.executeQuery<Pick<ViolationsTable, 'id' | 'state' | 'cause' | 'assignee'>>(query);
	});
	for (const { rows } of await Promise.all(written))
		for (const { id, state, cause, assignee } of rows)
			acts.set(id, { state: state as ViolationState, cause, assignee });
	return episodes.flatMap((episode) => {
		const act = acts.get(episode.id);
		return act === undefined ? [] : [{ ...episode, ...act }];
	});
}

/** SQL of an upsert by its number of rows. */
type UpsertTexts = Map<number, string>;

/** A text for each size is built once and prepared once: to build and parse a text of its own for each batch takes longer than to run it. */
const PIECES = [64, 16, 4, 1] as const;

function* inPieces(episodes: readonly Episode[]): Generator<readonly Episode[]> {
	for (let from = 0; from < episodes.length;) {
		const size = PIECES.find((one) => one <= episodes.length - from) ?? 1;
		yield episodes.slice(from, from + size);
		from += size;
	}
}

function textOf(tx: Transaction<Tables>, some: readonly Episode[], texts: UpsertTexts): string {
	const known = texts.get(some.length);
	if (known !== undefined) return known;
	const { sql } = upsertOf(
		tx,
		some.map((episode) => toRow(episode, 0)),
	).compile();
	texts.set(some.length, sql);
	return sql;
}

/** Its parameters are the columns of the rows, in their order. */
function upsertOf(tx: Transaction<Tables>, rows: readonly ViolationsTable[]) {
	return (
		tx
			.insertInto('violations')
			.values(rows)
			.onConflict((oc) =>
				oc
					.column('id')
					.doUpdateSet((eb) => ({
						last_micros: eb.ref('excluded.last_micros'),
						ended_micros: eb.ref('excluded.ended_micros'),
						active: eb.ref('excluded.active'),
						severity: eb.ref('excluded.severity'),
						points: eb.ref('excluded.points'),
						revision: eb.ref('excluded.revision'),
						context: eb.ref('excluded.context'),
						historical: eb.ref('excluded.historical'),
					}))
					.whereRef('excluded.revision', '>', 'violations.revision'),
			)
			// What the engine says is in hand; to read it back costs more than to write it.
			.returning(['id', 'state', 'cause', 'assignee'])
	);
}

async function activeOf(tx: Transaction<Tables>, streamIds: readonly number[]): Promise<Violation[]> {
	const violations: Violation[] = [];
	for (const ids of chunks(streamIds, CHUNK)) {
		const query = tx.selectFrom('violations').selectAll().where('active', '=', 1).where('stream_id', 'in', ids);
		violations.push(...(await query.orderBy('first_micros').orderBy('id').execute()).map(toViolation));
	}
	return violations;
}
