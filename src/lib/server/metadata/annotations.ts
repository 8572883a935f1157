import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Annotation, AnnotationKind } from '#contracts/annotation.ts';
import type { NowMicros } from '#contracts/time.ts';
import { addAct } from './acts.ts';
import { takeNumbers } from './counters.ts';
import { addToOutbox } from './outbox.ts';
import type { Actor } from './port-acts.ts';
import type { AnnotationRecords, BaselineChange, NewAnnotation } from './port-annotations.ts';
import type { AnnotationsTable, Tables } from './tables.ts';

interface Deed {
	readonly by: Actor;
	readonly atMicros: number;
}

export function createAnnotations(db: Kysely<Tables>, now: NowMicros): AnnotationRecords {
	return {
		async of(streamId, { fromMicros = -Infinity, toMicros = Infinity, kind } = {}) {
			const rows = await db
				.selectFrom('annotations')
				.selectAll()
				.where('stream_id', '=', streamId)
				.$if(kind !== undefined, (q) => q.where('kind', '=', kind ?? ''))
				.$if(toMicros < Infinity, (q) => q.where('from_micros', '<=', toMicros))
				.$if(fromMicros > -Infinity, (q) => q.where('to_micros', '>=', fromMicros))
				.orderBy('from_micros')
				.orderBy('id')
				.execute();
			return rows.map(toAnnotation);
		},
		add: (annotation, by) =>
			db.transaction().execute(async (tx) => {
				const deed = { by, atMicros: now() };
				const added = await insert(tx, annotation, deed);
				await noteOne(tx, { act: `${added.kind}.add`, annotation: added, deed });
				return added;
			}),
		remove: (streamId, id, by) =>
			db.transaction().execute(async (tx) => {
				const removed = await take(tx, streamId, id);
				if (removed)
					await noteOne(tx, { act: `${removed.kind}.remove`, annotation: removed, deed: { by, atMicros: now() } });
				return removed;
			}),
		actOnBaseline: (change) => db.transaction().execute((tx) => actOnBaseline(tx, change, now())),
	};
}

/** The engine is told, the audit says who did it, and what is to be seen of it is kept: all or nothing. */
async function actOnBaseline(
	tx: Transaction<Tables>,
	{ streamId, commands, act, reason, by, add, remove }: BaselineChange,
	atMicros: number,
): Promise<readonly Annotation[]> {
	const added: Annotation[] = [];
	for (const one of add) added.push(await insert(tx, one, { by, atMicros }));
	const removed: Annotation[] = [];
	for (const id of remove) {
		const one = await take(tx, streamId, id);
		if (one) removed.push(one);
	}
	await addToOutbox(
		tx,
		commands.map((one) => ({ type: 'baseline', streamId, act: one })),
	);
	await addAct(tx, {
		atMicros,
		by,
		act: `baseline.${act}`,
		subject: `stream:${streamId}`,
		site: await siteOf(tx, streamId),
		detail: reason === '' ? null : reason,
		...(removed.length > 0 && { before: removed.map(shown) }),
		...(added.length > 0 && { after: added.map(shown) }),
	});
	return added;
}

async function insert(tx: Transaction<Tables>, annotation: NewAnnotation, { by, atMicros }: Deed): Promise<Annotation> {
	const { streamId, kind, fromMicros, toMicros, text } = annotation;
	const id = await takeNumbers(tx, 'annotations', 1);
	const row = { id, stream_id: streamId, kind, from_micros: fromMicros, to_micros: toMicros, text };
	await tx
		.insertInto('annotations')
		.values({ ...row, author: by.name, at_micros: atMicros })
		.execute();
	return { id, ...annotation, by: by.name, atMicros };
}

async function take(tx: Transaction<Tables>, streamId: number, id: number): Promise<Annotation | undefined> {
	const row = await tx
		.deleteFrom('annotations')
		.where('id', '=', id)
		.where('stream_id', '=', streamId)
		.returningAll()
		.executeTakeFirst();
	return row && toAnnotation(row);
}

async function noteOne(
	tx: Transaction<Tables>,
	of: { readonly act: string; readonly annotation: Annotation; readonly deed: Deed },
): Promise<void> {
	const { streamId, text } = of.annotation;
	const isNew = of.act.endsWith('.add');
	await addAct(tx, {
		...of.deed,
		act: of.act,
		subject: `stream:${streamId}`,
		site: await siteOf(tx, streamId),
		detail: text === '' ? null : text,
		[isNew ? 'after' : 'before']: shown(of.annotation),
	});
}

function shown({ id, kind, fromMicros, toMicros, text, by }: Annotation): object {
	return { id, kind, fromMicros, toMicros, text, by };
}

async function siteOf(tx: Transaction<Tables>, streamId: number): Promise<string | null> {
	const row = await tx.selectFrom('streams').select('site').where('id', '=', streamId).executeTakeFirst();
	return row?.site ?? null;
}

function toAnnotation(row: Selectable<AnnotationsTable>): Annotation {
	return {
		id: Number(row.id),
		streamId: row.stream_id,
		kind: row.kind as AnnotationKind,
		fromMicros: Number(row.from_micros),
		toMicros: Number(row.to_micros),
		text: row.text,
		by: row.author,
		atMicros: Number(row.at_micros),
	};
}
