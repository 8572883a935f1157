import type { Kysely, Selectable, Transaction } from 'kysely';
import type { InForce, Recording, RecordingChange } from '#contracts/recording.ts';
import type { NowMicros } from '#contracts/time.ts';
import { addAct } from './acts.ts';
import { takeNumbers } from './counters.ts';
import type { Actor } from './port-acts.ts';
import type { RecordingFilter, RecordingRecords } from './port-recordings.ts';
import type { RecordingsTable } from './recording-tables.ts';
import type { Tables } from './tables.ts';

/** Ids are numbers within; what is none was never given. */
const ID = /^[1-9]\d{0,14}$/;

export function createRecordings(db: Kysely<Tables>, now: NowMicros): RecordingRecords {
	return {
		add: (recording, by) =>
			db.transaction().execute(async (tx) => {
				const id = await takeNumbers(tx, 'recordings', 1);
				const added = { ...recording, id: String(id), createdMicros: now() };
				await tx.insertInto('recordings').values(toRow(added, id)).execute();
				await note(tx, { act: 'session.create', recording: added, by, atMicros: now(), after: shown(added) });
				return added;
			}),
		list: (filter) => list(db, filter),
		async get(id) {
			if (!ID.test(id)) return undefined;
			const row = await db.selectFrom('recordings').selectAll().where('id', '=', Number(id)).executeTakeFirst();
			return row && toRecording(row);
		},
		change: (id, change, by) => db.transaction().execute((tx) => changeOne(tx, { id, change, by, atMicros: now() })),
		remove: (id, by) =>
			db.transaction().execute(async (tx) => {
				if (!ID.test(id)) return false;
				const row = await tx.deleteFrom('recordings').where('id', '=', Number(id)).returningAll().executeTakeFirst();
				if (!row) return false;
				const recording = toRecording(row);
				await note(tx, { act: 'session.remove', recording, by, atMicros: now(), before: shown(recording) });
				return true;
			}),
	};
}

async function list(db: Kysely<Tables>, filter: RecordingFilter): Promise<readonly Recording[]> {
	const { sites, streamId, text, beforeId, limit } = filter;
	if (sites !== 'all' && sites.length === 0) return [];
	const rows = await db
		.selectFrom('recordings')
		.selectAll()
		.$if(sites !== 'all', (q) => q.where('site', 'in', sites === 'all' ? [] : [...sites]))
		.$if(beforeId !== undefined, (q) => q.where('id', '<', beforeId ?? 0))
		.orderBy('id', 'desc')
		.execute();
	// Few, and both are texts within JSON or prose: looked through here, alike in every database.
	const words = (text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
	return rows
		.map(toRecording)
		.filter((one) => streamId === undefined || one.streamIds.includes(streamId))
		.filter((one) => words.every((word) => `${one.name} ${one.notes}`.toLowerCase().includes(word)))
		.slice(0, limit);
}

async function changeOne(
	tx: Transaction<Tables>,
	{ id, change, by, atMicros }: { id: string; change: RecordingChange; by: Actor; atMicros: number },
): Promise<Recording | undefined> {
	if (!ID.test(id)) return undefined;
	const row = await tx.selectFrom('recordings').selectAll().where('id', '=', Number(id)).executeTakeFirst();
	if (!row) return undefined;
	const before = toRecording(row);
	const after = { ...before, ...change };
	const { id: _, ...values } = toRow(after, row.id);
	await tx.updateTable('recordings').set(values).where('id', '=', row.id).execute();
	await note(tx, { act: 'session.change', recording: after, by, atMicros, before: shown(before), after: shown(after) });
	return after;
}

async function note(
	tx: Transaction<Tables>,
	of: {
		readonly act: string;
		readonly recording: Recording;
		readonly by: Actor;
		readonly atMicros: number;
		readonly before?: object;
		readonly after?: object;
	},
): Promise<void> {
	const { recording, ...act } = of;
	await addAct(tx, { ...act, subject: `session:${recording.id}`, site: recording.site, detail: recording.name });
}

function shown({ name, notes, fromMicros, toMicros, streamIds }: Recording): object {
	return { name, notes, fromMicros, toMicros, streamIds };
}

function toRow(recording: Omit<Recording, 'id'>, id: number): RecordingsTable {
	return {
		id,
		site: recording.site,
		name: recording.name,
		notes: recording.notes,
		stream_ids: JSON.stringify(recording.streamIds),
		from_micros: recording.fromMicros,
		to_micros: recording.toMicros,
		in_force: JSON.stringify(recording.inForce),
		author: recording.by,
		created_micros: recording.createdMicros,
	};
}

function toRecording(row: Selectable<RecordingsTable>): Recording {
	return {
		id: String(row.id),
		site: row.site,
		name: row.name,
		notes: row.notes,
		streamIds: JSON.parse(row.stream_ids) as number[],
		fromMicros: Number(row.from_micros),
		toMicros: row.to_micros === null ? null : Number(row.to_micros),
		inForce: JSON.parse(row.in_force) as InForce[],
		by: row.author,
		createdMicros: Number(row.created_micros),
	};
}
