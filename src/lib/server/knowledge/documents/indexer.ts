import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { messageOf } from '#contracts/error.ts';
import type { Metadata } from '#server/metadata/port.ts';
import type { StoredDocument } from '#server/metadata/port-documents.ts';
import type { Store } from '#server/store/port.ts';
import type { Embedder } from '../embeddings/embedder.ts';
import { termsOf } from '../search/terms.ts';
import { cutSections, type Section } from './section.ts';

const PASSAGES_PER_INSERT = 500;
const TEXTS_PER_REQUEST = 32;
const EMBED_TIMEOUT_MS = 60_000;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;

export interface Indexer {
	start(): void;
	stop(): Promise<void>;
	/** Something is to be done. */
	wake(): void;
	/** Vectors may be of another model now. */
	countAnew(): void;
	/** Vectors of the model of now that an edition has. */
	embeddedOf(edition: number): number;
}

type Documents = Metadata['documents'];

/**
 * Brings documents from the metadata into the store: cuts them into passages, takes away what nobody finds any more, and embeds what
 * has no vectors of the model of now. Whatever is down is waited for; what is done twice changes nothing.
 */
export function createIndexer(parts: {
	readonly documents: Documents;
	readonly store: Pick<Store, 'insertPassages' | 'insertVectors' | 'editions' | 'passagesWithout' | 'removeEditions'>;
	readonly embedder: () => Embedder | undefined;
	readonly log: Logger;
}): Indexer {
	const { documents, store, log } = parts;
	const ending = new AbortController();
	let vectors = new Map<number, number>();
	let asked = true;
	let ring = () => {};
	let running: Promise<void> | undefined;
	let isChecked = false;

	async function run(): Promise<void> {
		for (let failures = 0; !ending.signal.aborted;) {
			try {
				asked = false;
				await work();
				failures = 0;
				// Whoever woke or stopped it during the work rang a bell that nobody heard.
				if (!asked && !ending.signal.aborted) await new Promise<void>((resolve) => (ring = resolve));
			} catch (error) {
				if (failures++ === 0)
					log.warn(`documents wait to be made ready for search: ${messageOf(error).split('\n')[0]}`);
				await pause(failures);
			}
		}
	}

	async function pause(failures: number): Promise<void> {
		const ms = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures, 10));
		const woken = new Promise<void>((resolve) => (ring = resolve));
		await Promise.race([delay(ms, undefined, { signal: ending.signal }).catch(() => undefined), woken]);
	}

	async function work(): Promise<void> {
		if (!isChecked) await check();
		for (const document of await documents.list('all'))
			if (document.nextEdition > 0 && document.error === null && !ending.signal.aborted) await cut(document);
		await takeAway();
		await embed();
	}

	/** A store that was lost, or is of another time than the metadata, is filled anew. */
	async function check(): Promise<void> {
		const there = await store.editions(parts.embedder()?.model ?? '');
		vectors = new Map([...there].map(([edition, counts]) => [edition, counts.vectors]));
		for (const one of await documents.list('all'))
			if (one.edition > 0 && one.nextEdition === 0 && (there.get(one.edition)?.passages ?? 0) < one.passages)
				await documents.again(one.id, { name: 'Sigmascope', id: null, address: null });
		isChecked = true;
	}

	async function cut({ id, site, nextEdition: edition }: StoredDocument): Promise<void> {
		const text = await documents.text(id);
		if (text === undefined) return;
		const passages = cutSections(JSON.parse(text) as Section[]).map((one, passage) => ({
			...{ site, edition, passage, heading: one.heading, page: one.page, text: one.text },
			// What a passage is headed by says more than a word in it.
			terms: termsOf(`${one.heading} ${one.heading} ${one.text}`),
		}));
		for (let from = 0; from < passages.length; from += PASSAGES_PER_INSERT)
			await store.insertPassages({
				token: `edition-${edition}-${from}`,
				passages: passages.slice(from, from + PASSAGES_PER_INSERT),
			});
		const terms = passages.reduce((sum, one) => sum + one.terms.length, 0);
		await documents.ready(id, edition, { passages: passages.length, terms });
	}

	async function takeAway(): Promise<void> {
		const gone = await documents.gone();
		if (gone.length === 0) return;
		await store.removeEditions(gone);
		await documents.forget(gone);
		for (const edition of gone) vectors.delete(edition);
	}

	async function embed(): Promise<void> {
		const embedder = parts.embedder();
		if (embedder === undefined) return;
		for (const one of await documents.list('all'))
			while (one.edition > 0 && (vectors.get(one.edition) ?? 0) < one.passages) {
				if (asked || ending.signal.aborted) return;
				if ((await embedSome(one, embedder)) === 0) break;
			}
	}

	async function embedSome({ site, edition }: StoredDocument, embedder: Embedder): Promise<number> {
		const { model } = embedder;
		const some = await store.passagesWithout(edition, model, TEXTS_PER_REQUEST);
		const first = some[0]?.passage;
		if (first === undefined) return 0;
		const texts = some.map(({ heading, text }) => (heading === '' ? text : `${heading}\n\n${text}`));
		const made = await embedder.embed(texts, { timeoutMs: EMBED_TIMEOUT_MS });
		await store.insertVectors({
			token: `vectors-${model}-${edition}-${first}-${some.length}`,
			model,
			vectors: some.map(({ passage }, i) => ({ site, edition, passage, vector: made[i] ?? [] })),
		});
		vectors.set(edition, (vectors.get(edition) ?? 0) + some.length);
		return some.length;
	}

	return {
		start: () => void (running ??= run()),
		async stop() {
			ending.abort();
			ring();
			await running;
		},
		wake() {
			asked = true;
			ring();
		},
		countAnew() {
			isChecked = false;
			vectors = new Map();
			asked = true;
			ring();
		},
		embeddedOf: (edition) => vectors.get(edition) ?? 0,
	};
}
