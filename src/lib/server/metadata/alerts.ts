import { sql, type Kysely, type Selectable, type Transaction } from 'kysely';
import { leadingChange, type AlertAttempt, type AlertContent, type AlertMessage } from '#contracts/alert.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { AlertLogTable, AlertMessagesTable } from './alert-tables.ts';
import { chunks, takeNumbers } from './counters.ts';
import type { AlertFilter, AlertGathering, AlertOutcome, AlertTold } from './port-alerts.ts';
import type { Metadata } from './port.ts';
import { toStreamWithPlan, withPlan } from './streams.ts';
import type { Tables } from './tables.ts';
import { toViolation } from './violation-row.ts';

const CHUNK = 500;
/** Of a message: what it lists by name. */
const SHOWN = 25;

export interface AlertStoreOptions {
	readonly now: NowMicros;
	/** Tells this database's messages from those of every other one. */
	readonly identity: number;
}

/** Messages that are to be sent, and what came of them. */
export function createAlertStore(db: Kysely<Tables>, options: AlertStoreOptions): Metadata['alerts'] {
	const inOne = <T>(work: (tx: Transaction<Tables>) => Promise<T>) => db.transaction().execute(work);
	return {
		async groups() {
			const rows = await db
				.selectFrom('alert_episodes as e')
				.leftJoin('alert_groups as g', (join) =>
					join.onRef('g.route', '=', 'e.route').onRef('g.group_key', '=', 'e.group_key'),
				)
				.select((eb) => ['e.route', 'e.group_key as group', eb.fn.max('g.last_micros').as('last')])
				.where('e.pending', '>', 0)
				.groupBy(['e.route', 'e.group_key'])
				.execute();
			return rows.map(({ route, group, last }) => ({ route, group, lastMicros: Number(last ?? 0) }));
		},
		gather: (gathering) => inOne((tx) => gather(tx, gathering, options)),
		async waiting({ upToMicros, limit, notOf }) {
			const rows = await db
				.selectFrom('alert_messages')
				.selectAll()
				.where('state', '=', 'waiting')
				.where('due_micros', '<=', upToMicros)
				.$if(notOf.length > 0, (q) => q.where('channel', 'not in', notOf))
				.orderBy('id')
				.limit(limit)
				.execute();
			return rows.map(toMessage);
		},
		async nextDue(afterMicros) {
			const row = await db
				.selectFrom('alert_messages')
				.select((eb) => eb.fn.min('due_micros').as('due'))
				.where('state', '=', 'waiting')
				.where('due_micros', '>', afterMicros)
				.executeTakeFirst();
			return row?.due === null || row?.due === undefined ? undefined : Number(row.due);
		},
		async hurry(channel) {
			const atMicros = options.now();
			await db
				.updateTable('alert_messages')
				.set({ due_micros: atMicros })
				.where('state', '=', 'waiting')
				.where('due_micros', '>', atMicros)
				.$if(channel !== undefined, (q) => q.where('channel', '=', channel ?? ''))
				.execute();
		},
		record: (outcome) => inOne((tx) => record(tx, outcome, options.now())),
		async threads(channel, ids) {
			const found = new Map<string, string>();
			for (const some of chunks(ids, CHUNK)) {
				const query = db.selectFrom('alert_threads').selectAll().where('channel', '=', channel);
				for (const row of await query.where('violation_id', 'in', some).execute())
					found.set(row.violation_id, row.thread);
			}
			return found;
		},
		async get(id) {
			const row = await db.selectFrom('alert_messages').selectAll().where('id', '=', id).executeTakeFirst();
			return row && toMessage(row);
		},
		list: (filter) => list(db, filter),
		log: (filter) => log(db, filter),
		async counts() {
			const rows = await db
				.selectFrom('alert_messages')
				.select((eb) => ['channel', 'state', eb.fn.countAll<number>().as('count')])
				.groupBy(['channel', 'state'])
				.execute();
			return rows.map(({ channel, state, count }) => ({
				channel,
				state: state as AlertMessage['state'],
				count: Number(count),
			}));
		},
		async again(id) {
			const { numUpdatedRows } = await db
				.updateTable('alert_messages')
				.set({ state: 'waiting', due_micros: options.now(), attempts: 0 })
				.where('id', '=', id)
				.where('state', '=', 'dead')
				.executeTakeFirst();
			return numUpdatedRows > 0n;
		},
		async off() {
			const rows = await db.selectFrom('alert_channels_off').selectAll().execute();
			return new Map(rows.map((row) => [row.channel, { reason: row.reason, atMicros: Number(row.at_micros) }]));
		},
		async turnOn(channel) {
			await db.deleteFrom('alert_channels_off').where('channel', '=', channel).execute();
		},
		tidy: (olderMicros) => inOne((tx) => tidy(tx, olderMicros)),
	};
}

async function gather(
	tx: Transaction<Tables>,
	{ route, group, mask, compose }: AlertGathering,
	{ now, identity }: AlertStoreOptions,
): Promise<number> {
	const rows = await tx
		.selectFrom('alert_episodes')
		.select(['violation_id', 'pending'])
		.where('route', '=', route)
		.where('group_key', '=', group)
		.where('pending', '>', 0)
		.orderBy('since_micros')
		.orderBy('violation_id')
		.execute();
	const changes = rows.flatMap(({ violation_id: id, pending }) => {
		const change = leadingChange(pending & mask);
		return change ? [{ id, change }] : [];
	});
	// Of what opened and ended at once both are told, one after the other: who counts by them sees each begin and end.
	await tx
		.updateTable('alert_episodes')
		.set({
			pending: sql<number>`case when (pending & ${sql.lit(mask & 1)}) > 0 then pending & ${sql.lit(mask & ~3)} else 0 end`,
		})
		.where('route', '=', route)
		.where('group_key', '=', group)
		.where('pending', '>', 0)
		.execute();
	const messages = changes.length === 0 ? [] : compose({ changes, shown: await shownOf(tx, changes) });
	if (messages.length === 0) return 0;
	const first = await takeNumbers(tx, 'alerts', messages.length);
	const atMicros = now();
	const values = messages.map(({ channel, content }, i) => ({
		id: first + i,
		key: `msg_${identity.toString(36)}_${first + i}`,
		route,
		group_key: group,
		channel,
		content: JSON.stringify(content),
		created_micros: atMicros,
		due_micros: atMicros,
		attempts: 0,
		state: 'waiting',
		detail: null,
	}));
	for (const some of chunks(values, CHUNK)) await tx.insertInto('alert_messages').values(some).execute();
	await tx
		.insertInto('alert_groups')
		.values({ route, group_key: group, last_micros: atMicros })
		.onConflict((oc) => oc.columns(['route', 'group_key']).doUpdateSet({ last_micros: atMicros }))
		.execute();
	return messages.length;
}

async function shownOf(tx: Transaction<Tables>, changes: AlertTold['changes']): Promise<AlertTold['shown']> {
	const ids = changes.slice(0, SHOWN).map(({ id }) => id);
	const rows = await tx.selectFrom('violations').selectAll().where('id', 'in', ids).execute();
	const violations = new Map(rows.map((row) => [row.id, toViolation(row)]));
	const streamIds = [...new Set(rows.map((row) => row.stream_id))];
	const streams = (await withPlan(tx).where('streams.id', 'in', streamIds).execute()).map(toStreamWithPlan);
	return changes.slice(0, SHOWN).flatMap(({ id, change }) => {
		const violation = violations.get(id);
		const of = violation && streams.find(({ stream }) => stream.id === violation.streamId);
		return violation && of ? [{ change, violation, of }] : [];
	});
}

async function record(tx: Transaction<Tables>, outcome: AlertOutcome, atMicros: number): Promise<void> {
	const { message, state, detail, thread } = outcome;
	const attempts = message.attempts + 1;
	await tx
		.updateTable('alert_messages')
		.set({ state, detail, attempts, due_micros: outcome.dueMicros ?? message.dueMicros })
		.where('id', '=', message.id)
		.execute();
	await tx
		.insertInto('alert_log')
		.values({
			id: await takeNumbers(tx, 'attempts', 1),
			message_id: message.id,
			channel: message.channel,
			at_micros: atMicros,
			attempt: attempts,
			took_ms: outcome.tookMs,
			outcome: state === 'sent' ? 'sent' : state === 'dead' ? 'gave-up' : 'failed',
			status: outcome.status,
			detail,
		})
		.execute();
	if (outcome.isGone)
		await tx
			.insertInto('alert_channels_off')
			.values({ channel: message.channel, at_micros: atMicros, reason: detail })
			.onConflict((oc) => oc.column('channel').doNothing())
			.execute();
	if (thread === null) return;
	const { channel, content } = message;
	const threads = content.violationIds.map((id) => ({ channel, violation_id: id, thread, at_micros: atMicros }));
	for (const some of chunks(threads, CHUNK))
		await tx
			.insertInto('alert_threads')
			.values(some)
			.onConflict((oc) => oc.columns(['channel', 'violation_id']).doNothing())
			.execute();
}

async function list(db: Kysely<Tables>, { channel, state, beforeId, limit }: AlertFilter) {
	const rows = await db
		.selectFrom('alert_messages')
		.selectAll()
		.$if(channel !== undefined, (q) => q.where('channel', '=', channel ?? ''))
		.$if(state !== undefined, (q) => q.where('state', '=', state ?? ''))
		.$if(beforeId !== undefined, (q) => q.where('id', '<', beforeId ?? 0))
		.orderBy('id', 'desc')
		.limit(limit + 1)
		.execute();
	return paged(rows.map(toMessage), limit);
}

async function log(db: Kysely<Tables>, { channel, beforeId, limit }: Omit<AlertFilter, 'state'>) {
	const rows = await db
		.selectFrom('alert_log')
		.selectAll()
		.$if(channel !== undefined, (q) => q.where('channel', '=', channel ?? ''))
		.$if(beforeId !== undefined, (q) => q.where('id', '<', beforeId ?? 0))
		.orderBy('id', 'desc')
		.limit(limit + 1)
		.execute();
	return paged(rows.map(toAttempt), limit);
}

function paged<T extends { readonly id: number }>(rows: readonly T[], limit: number) {
	const items = rows.slice(0, limit);
	return { items, cursor: rows.length > limit ? String(items.at(-1)?.id) : null };
}

/** What is waiting or dead stays: somebody may still want it. */
async function tidy(tx: Transaction<Tables>, olderMicros: number): Promise<void> {
	await tx.deleteFrom('alert_log').where('at_micros', '<', olderMicros).execute();
	await tx.deleteFrom('alert_threads').where('at_micros', '<', olderMicros).execute();
	await tx.deleteFrom('alert_groups').where('last_micros', '<', olderMicros).execute();
	await tx.deleteFrom('alert_messages').where('state', '=', 'sent').where('created_micros', '<', olderMicros).execute();
	await tx.deleteFrom('alert_episodes').where('pending', '=', 0).where('decided_micros', '<', olderMicros).execute();
}

function toMessage(row: Selectable<AlertMessagesTable>): AlertMessage {
	return {
		id: Number(row.id),
		key: row.key,
		route: row.route,
		group: row.group_key,
		channel: row.channel,
		content: JSON.parse(row.content) as AlertContent,
		createdMicros: Number(row.created_micros),
		dueMicros: Number(row.due_micros),
		attempts: row.attempts,
		state: row.state as AlertMessage['state'],
		detail: row.detail,
	};
}

function toAttempt(row: Selectable<AlertLogTable>): AlertAttempt {
	return {
		id: Number(row.id),
		messageId: Number(row.message_id),
		channel: row.channel,
		atMicros: Number(row.at_micros),
		attempt: row.attempt,
		tookMs: row.took_ms,
		outcome: row.outcome as AlertAttempt['outcome'],
		status: row.status,
		detail: row.detail,
	};
}
