import type { Kysely, Transaction } from 'kysely';
import type { DocumentType } from '#contracts/knowledge.ts';
import type { NowMicros } from '#contracts/time.ts';
import { addAct } from './acts.ts';
import { takeNumbers } from './counters.ts';
import type { DocumentsTable } from './document-tables.ts';
import type { Actor } from './port-acts.ts';
import type { DocumentRecords, NewDocument, StoredDocument } from './port-documents.ts';
import type { Tables } from './tables.ts';

type Tx = Transaction<Tables>;

export function createDocuments(db: Kysely<Tables>, now: NowMicros): DocumentRecords {
	const within = <T>(work: (tx: Tx) => Promise<T>) => db.transaction().execute(work);

	async function change(
		id: number,
		by: Actor,
		work: (tx: Tx, row: DocumentsTable) => Promise<string>,
	): Promise<StoredDocument | undefined> {
		return within(async (tx) => {
			const row = await rowOf(tx, id);
			if (row === undefined) return undefined;
			const act = await work(tx, row);
			await note(tx, { act, of: row, by, atMicros: now() });
			return toDocument((await rowOf(tx, id)) ?? row);
		});
	}

	return {
		add: (document, by) => within((tx) => add(tx, document, { by, atMicros: now() })),
		async list(sites) {
			if (sites !== 'all' && sites.length === 0) return [];
			const rows = await db
				.selectFrom('documents')
				.selectAll()
				.$if(sites !== 'all', (q) => q.where('site', 'in', sites === 'all' ? [] : sites))
				.orderBy('name')
				.orderBy('site')
				.execute();
			return rows.map(toDocument);
		},
		async get(id) {
			const row = await rowOf(db, id);
			return row && toDocument(row);
		},
		async text(id) {
			const row = await db.selectFrom('document_texts').select('text').where('document_id', '=', id).executeTakeFirst();
			return row?.text;
		},
		again: (id, by) =>
			change(id, by, async (tx, row) => {
				await begin(tx, row);
				return 'document.again';
			}),
		remove: (id, by) =>
			change(id, by, async (tx, { edition, next_edition }) => {
				await addGone(tx, [edition, next_edition]);
				await tx.deleteFrom('documents').where('id', '=', id).execute();
				await tx.deleteFrom('document_texts').where('document_id', '=', id).execute();
				return 'document.remove';
			}),
		ready: (id, edition, { passages, terms }) =>
			within(async (tx) => {
				const row = await rowOf(tx, id);
				if (row?.next_edition !== edition) return;
				await addGone(tx, [row.edition]);
				await tx
					.updateTable('documents')
					.set({ edition, next_edition: 0, error: null, passages, terms })
					.where('id', '=', id)
					.execute();
			}),
		async failed(id, edition, error) {
			await db
				.updateTable('documents')
				.set({ error })
				.where('id', '=', id)
				.where('next_edition', '=', edition)
				.execute();
		},
		async gone() {
			const rows = await db.selectFrom('gone_editions').select('edition').orderBy('edition').execute();
			return rows.map(({ edition }) => Number(edition));
		},
		async forget(editions) {
			if (editions.length > 0) await db.deleteFrom('gone_editions').where('edition', 'in', editions).execute();
		},
	};
}

async function add(
	tx: Tx,
	document: NewDocument,
	{ by, atMicros }: { readonly by: Actor; readonly atMicros: number },
): Promise<StoredDocument> {
	const { site, name, type, bytes, pages } = document;
	const before = await tx
		.selectFrom('documents')
		.selectAll()
		.where('site', '=', site)
		.where('name', '=', name)
		.executeTakeFirst();
	const said = { type, bytes, pages, notes: JSON.stringify(document.notes) };
	const deed = { uploaded_micros: atMicros, uploaded_by: by.name };
	const id = before?.id ?? (await takeNumbers(tx, 'documents', 1));
	if (before === undefined) {
		const none = { edition: 0, next_edition: 0, error: null, passages: 0, terms: 0 };
		await tx.insertInto('documents').values({ id, site, name, ...said, ...deed, ...none }).execute(); // prettier-ignore
		await tx.insertInto('document_texts').values({ document_id: id, text: document.text }).execute();
	} else {
		await tx.updateTable('documents').set({ ...said, ...deed }).where('id', '=', id).execute(); // prettier-ignore
		await tx.updateTable('document_texts').set({ text: document.text }).where('document_id', '=', id).execute();
	}
	await begin(tx, { id, next_edition: before?.next_edition ?? 0 });
	const act = before === undefined ? 'document.add' : 'document.replace';
	const row = await rowOf(tx, id);
	if (row === undefined) throw new Error(`cannot find document ${id}, which was just written`);
	await note(tx, { act, of: row, by, atMicros });
	return toDocument(row);
}

/** One that was being made is overtaken. */
async function begin(tx: Tx, { id, next_edition }: Pick<DocumentsTable, 'id' | 'next_edition'>): Promise<void> {
	await addGone(tx, [next_edition]);
	const next = await takeNumbers(tx, 'editions', 1);
	await tx.updateTable('documents').set({ next_edition: next, error: null }).where('id', '=', id).execute();
}

async function addGone(tx: Tx, editions: readonly number[]): Promise<void> {
	const rows = editions.filter((edition) => edition > 0).map((edition) => ({ edition }));
	if (rows.length > 0)
		await tx
			.insertInto('gone_editions')
			.values(rows)
			.onConflict((c) => c.doNothing())
			.execute();
}

function rowOf(db: Kysely<Tables>, id: number): Promise<DocumentsTable | undefined> {
	return db.selectFrom('documents').selectAll().where('id', '=', id).executeTakeFirst();
}

async function note(
	tx: Tx,
	deed: { readonly act: string; readonly of: DocumentsTable; readonly by: Actor; readonly atMicros: number },
): Promise<void> {
	const { act, of, by, atMicros } = deed;
	await addAct(tx, { act, by, atMicros, subject: `document:${of.id}`, site: of.site, detail: of.name });
}

function toDocument(row: DocumentsTable): StoredDocument {
	return {
		id: Number(row.id),
		site: row.site,
		name: row.name,
		type: row.type as DocumentType,
		bytes: Number(row.bytes),
		pages: row.pages,
		notes: JSON.parse(row.notes) as string[],
		uploadedMicros: Number(row.uploaded_micros),
		by: row.uploaded_by,
		edition: Number(row.edition),
		nextEdition: Number(row.next_edition),
		error: row.error,
		passages: row.passages,
		terms: row.terms,
	};
}
