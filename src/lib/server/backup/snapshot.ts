import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RetriableError } from '#contracts/error.ts';
import { copyDurably, settleFile, sha256Of, sizeOf, writeDurably } from './files.ts';
import { encodeManifest, MANIFEST, PARTS, type Manifest, type PartName } from './manifest.ts';

/** A value of the journal, as it was while the store stood still. */
export interface Note {
	readonly key: string;
	readonly value: Uint8Array | undefined;
}

/** What a snapshot needs of the running parts. */
export interface SnapshotSources {
	readonly journal: {
		readonly generation: string;
		copyTo(file: string): Promise<void>;
		/** Makes one file of the copy, with these values. @returns the seq of its newest record */
		settle(file: string, notes: readonly Note[]): number;
	};
	/** The database as it is at the call. */
	readonly pinMetadata: () => { copyTo(file: string): Promise<void>; release(): void };
	readonly store: {
		ping(): Promise<boolean>;
		freeze(): Promise<string>;
		saveFrozen(file: string): Promise<void>;
		thaw(): Promise<void>;
	};
	/** Where the store's server puts what it saves; undefined = on a machine of somebody else's. */
	readonly storeFolder: string | undefined;
	readonly configFile: string | undefined;
	/** Each runs the work while its part stands still. */
	readonly whileNothingIsTrimmed: <T>(work: () => Promise<T>) => Promise<T>;
	readonly whileNothingIsStored: <T>(work: (note: Note) => Promise<T>) => Promise<T>;
	readonly whileNoStreamIsMade: <T>(work: () => Promise<T>) => Promise<T>;
	/** Journal position of what is stored. */
	readonly storedUpTo: () => number;
	readonly versions: Readonly<Record<string, string>>;
}

/** How long the writer may be at one insert before the store counts as not able to be backed up. */
const STILL_WITHIN_MS = 60_000;

/**
 * Everything that the product keeps, as of one moment, while points go on coming in.
 *
 * The copies are made one after the other, so that each has what the ones before it need: the store, as of a position
 * of the journal that is noted with it; metadata; then the journal, from which nothing is trimmed meanwhile. A system
 * that starts on them reads the journal from those positions, as it does after any crash, and comes level. Streams are
 * the one thing that must not appear in between: a stream whose points are in the journal has to be in metadata.
 *
 * @throws RetriableError when the store is away
 */
export async function takeSnapshot(options: {
	readonly sources: SnapshotSources;
	/** Empty. */
	readonly folder: string;
	readonly now: () => Date;
	readonly onStep: (step: string) => void;
}): Promise<Manifest> {
	const { sources, folder, onStep } = options;
	const { journal, store } = sources;
	if (!(await store.ping())) throw new RetriableError('cannot back up: the store does not answer');
	const at = (name: PartName) => join(folder, name);
	try {
		const { note, seq, statement } = await sources.whileNothingIsTrimmed(async () => {
			onStep('the store stands still for a moment');
			const seq = sources.storedUpTo();
			const still = await within(STILL_WITHIN_MS, (given) =>
				sources.whileNothingIsStored(async (note) => {
					return { note, statement: given.up ? '' : await store.freeze() };
				}),
			);
			onStep('copying metadata and journal');
			await sources.whileNoStreamIsMade(async () => {
				const metadata = sources.pinMetadata();
				try {
					await journal.copyTo(at('journal.db'));
					await metadata.copyTo(at('metadata.db'));
				} finally {
					metadata.release();
				}
			});
			return { ...still, seq };
		});
		const takenAt = options.now().toISOString();
		const lastSeq = journal.settle(at('journal.db'), [note]);
		if (sources.storeFolder !== undefined) {
			onStep('writing the store');
			const saved = `${takenAt.replaceAll(/\D/g, '')}.tar`;
			await store.saveFrozen(saved);
			await rename(join(sources.storeFolder, saved), at('clickhouse.tar'));
			await settleFile(at('clickhouse.tar'));
		}
		await settleFile(at('journal.db'));
		await settleFile(at('metadata.db'));
		if (sources.configFile !== undefined) await copyDurably(sources.configFile, at('sigmascope.yaml'));
		onStep('checking');
		return await sealFolder(folder, {
			takenAt,
			versions: sources.versions,
			generation: journal.generation,
			positions: { journal: lastSeq, store: seq },
			storeStatement: sources.storeFolder === undefined ? statement : null,
		});
	} finally {
		// On a server of somebody else's it stays until the next time: its owner has yet to save it.
		if (sources.storeFolder !== undefined) await store.thaw().catch(() => undefined);
		await rm(join(folder, 'journal.db-journal'), { force: true });
	}
}

async function sealFolder(folder: string, facts: Omit<Manifest, 'format' | 'files'>): Promise<Manifest> {
	const files = [];
	for (const name of PARTS) {
		const file = join(folder, name);
		const bytes = await sizeOf(file);
		if (bytes !== undefined) files.push({ name, bytes, sha256: await sha256Of(file) });
	}
	await writeDurably(join(folder, MANIFEST), encodeManifest({ ...facts, files }));
	return { format: 1, ...facts, files };
}

/** Gives up waiting, and tells work that comes to its turn later that it has. */
async function within<T>(ms: number, work: (given: { up: boolean }) => Promise<T>): Promise<T> {
	const given = { up: false };
	const { promise, reject } = Promise.withResolvers<never>();
	const timer = setTimeout(() => {
		given.up = true;
		reject(new RetriableError('cannot back up: an insert into the store does not end'));
	}, ms);
	try {
		return await Promise.race([work(given), promise]);
	} finally {
		clearTimeout(timer);
	}
}
