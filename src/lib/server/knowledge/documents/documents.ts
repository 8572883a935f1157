import { InputError } from '#contracts/error.ts';
import type { ApiDocument, DocumentState } from '#contracts/knowledge.ts';
import { formatTime } from '#contracts/time.ts';
import type { Metadata } from '#server/metadata/port.ts';
import type { StoredDocument } from '#server/metadata/port-documents.ts';
import type { Knowledge } from '../port.ts';
import type { Indexer } from './indexer.ts';
import { readDocument } from './read.ts';

const MAX_NAME_CHARS = 200;
/** So many whole lists of editions still fit a statement. */
const MAX_DOCUMENTS = 10_000;
/** What nobody sees, or what turns the direction of what follows, has no business in a name. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Documents that people upload. */
export function createDocuments(parts: {
	readonly documents: Metadata['documents'];
	readonly indexer: Pick<Indexer, 'wake' | 'embeddedOf'>;
	readonly readPdf: (bytes: Uint8Array) => Promise<readonly string[]>;
}): Knowledge['documents'] {
	const { documents, indexer } = parts;
	const shown = (one: StoredDocument) => toApi(one, indexer.embeddedOf(one.edition));

	return {
		async add({ site, name, type, bytes, by }) {
			const fault = nameFault(name);
			if (fault !== undefined) throw new InputError(`name: ${fault}`, [{ path: 'name', message: fault }]);
			if ((await documents.list('all')).length >= MAX_DOCUMENTS)
				throw new InputError(`there are ${MAX_DOCUMENTS} documents, which is the most: remove some`);
			const { sections, pages, notes } = await readDocument({ type, bytes }, parts.readPdf);
			const text = JSON.stringify(sections);
			const added = await documents.add({ site, name, type, bytes: bytes.length, pages, notes, text }, by);
			indexer.wake();
			return shown(added);
		},
		list: async (sites) => (await documents.list(sites)).map(shown),
		async get(id) {
			const one = await documents.get(numberOf(id));
			return one && shown(one);
		},
		async remove(id, by) {
			const removed = await documents.remove(numberOf(id), by);
			indexer.wake();
			return removed !== undefined;
		},
		async again(id, by) {
			const one = await documents.again(numberOf(id), by);
			indexer.wake();
			return one && shown(one);
		},
	};
}

function nameFault(name: string): string | undefined {
	if (name.trim() === '') return 'is empty: say how the document is called';
	if (name.length > MAX_NAME_CHARS) return `is longer than ${MAX_NAME_CHARS} characters`;
	return INVISIBLE.test(name) ? 'has a character that nobody sees' : undefined;
}

/** Ids are opaque: one that we never gave is one that does not exist. */
function numberOf(id: string): number {
	return /^[1-9]\d{0,8}$/.test(id) ? Number(id) : 0;
}

function toApi(one: StoredDocument, embedded: number): ApiDocument {
	const { id, site, name, type, bytes, pages, by, error, passages, notes } = one;
	const state: DocumentState = error !== null ? 'failed' : one.nextEdition > 0 ? 'waiting' : 'ready';
	const uploadedAt = formatTime(one.uploadedMicros);
	return { id: String(id), site, name, type, bytes, pages, uploadedAt, by, state, error, passages, embedded, notes };
}
