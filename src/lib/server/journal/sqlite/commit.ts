import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '#contracts/error.ts';
import type { RecordId, Topic } from '../port.ts';
import { isDiskFull } from './database.ts';
import type { Log } from './log.ts';
import type { CommitRequest, FailureCode, PackedEntry, PackedPublication, WriteCall, WriteResult } from './messages.ts';
import type { Space } from './space.ts';
import type { Sources } from './sources.ts';

/** Group commit: every call that waits goes into one transaction, so one fsync serves them all. */
export type Commit = (requests: readonly CommitRequest[]) => readonly (readonly WriteResult[])[];

interface Parts {
	readonly db: DatabaseSync;
	readonly log: Log;
	readonly sources: Sources;
	readonly space: Space;
}

export function createCommit(parts: Parts): Commit {
	const { db, log, sources, space } = parts;
	const values = createValues(db);
	return (requests) => {
		try {
			db.exec('BEGIN IMMEDIATE');
			const results = requests.map((request) => request.calls.map((call) => apply({ parts, values, request, call })));
			log.flush();
			sources.flush();
			const nowMicros = requests.at(-1)?.nowMicros;
			if (nowMicros !== undefined) sources.prune(nowMicros);
			db.exec('COMMIT');
			return results;
		} catch (error) {
			if (db.isTransaction) db.exec('ROLLBACK');
			log.reload();
			sources.reload();
			// Nothing of the group is in the journal; each of its callers may try again.
			const result = isDiskFull(error) ? failure('full', 'the disk is full') : failure('failed', messageOf(error));
			return requests.map((request) => request.calls.map(() => result));
		} finally {
			space.measure();
		}
	};
}

function failure(code: FailureCode, message: string): WriteResult {
	return { ok: false, code, message };
}

interface Step {
	readonly parts: Parts;
	readonly values: Values;
	readonly request: CommitRequest;
	readonly call: WriteCall;
}

/** All checks of a call come before its first write, so a call that is refused leaves nothing to undo. */
function apply({ parts, values, request, call }: Step): WriteResult {
	if (call.op === 'put') {
		const size = call.entries.reduce((sum, entry) => sum + entry.length, 0);
		const fault = values.conflict(call.entries) ?? full(parts.space.fault(undefined, size));
		if (fault) return fault;
		return {
			ok: true,
			numbers: call.entries.map((entry) => values.put(entry, bytesOf(request, entry))),
			duplicates: [],
		};
	}
	const known = firstSeqs(call.publications, parts.sources, request.nowMicros);
	const fault = conflict(call.publications, known, parts.log) ?? noRoom(call.publications, known, parts.space);
	if (fault) return fault;
	const duplicates: number[] = [];
	const numbers = call.publications.map((publication, i) => {
		// Asked again for the same id twice within one call: the second is a duplicate of the first.
		const first = known[i] ?? (publication.id && parts.sources.seen(publication.id, request.nowMicros));
		if (first !== undefined) {
			duplicates.push(i);
			return first;
		}
		const seq = parts.log.append(publication.topic, publication.partition, bytesOf(request, publication));
		if (publication.id) parts.sources.note(publication.id, seq, request.nowMicros);
		return seq;
	});
	return { ok: true, numbers, duplicates };
}

function bytesOf(request: CommitRequest, { at, length }: { readonly at: number; readonly length: number }): Uint8Array {
	return new Uint8Array(request.packed, at, length);
}

function firstSeqs(publications: readonly PackedPublication[], sources: Sources, nowMicros: number) {
	const seen = (id: RecordId | undefined) => (id ? sources.seen(id, nowMicros) : undefined);
	return publications.map(({ id }) => seen(id));
}

/** Fencing: within one call, each expected seq is judged as if those before it had been written. */
function conflict(
	publications: readonly PackedPublication[],
	known: readonly (number | undefined)[],
	log: Log,
): WriteResult | undefined {
	const written = new Map<string, number>();
	let nextSeq = log.lastSeq() + 1;
	for (const [i, { topic, partition, expectSeq }] of publications.entries()) {
		if (known[i] !== undefined) continue;
		const name = `${topic} ${partition}`;
		const last = written.get(name) ?? log.lastOf(topic, partition);
		if (expectSeq !== undefined && expectSeq !== last) return conflictOf(topic, partition, { expectSeq, last });
		written.set(name, nextSeq);
		nextSeq += 1;
	}
	return undefined;
}

function conflictOf(topic: Topic, partition: number, seqs: { expectSeq: number; last: number }): WriteResult {
	const where = `topic ${topic}, partition ${partition}`;
	return failure('conflict', `cannot publish to ${where}: its last seq is ${seqs.last}, not ${seqs.expectSeq}`);
}

function noRoom(
	publications: readonly PackedPublication[],
	known: readonly (number | undefined)[],
	space: Space,
): WriteResult | undefined {
	for (const [i, publication] of publications.entries()) {
		if (known[i] !== undefined) continue;
		const fault = full(space.fault(publication.topic, publication.length));
		if (fault) return fault;
	}
	return undefined;
}

function full(cause: string | undefined): WriteResult | undefined {
	return cause === undefined ? undefined : failure('full', cause);
}

interface Values {
	conflict(entries: readonly PackedEntry[]): WriteResult | undefined;
	/** @returns the new revision */
	put(entry: PackedEntry, value: Uint8Array): number;
}

function createValues(db: DatabaseSync): Values {
	const select = db.prepare('SELECT revision FROM kv WHERE key = ?');
	const save = db.prepare('INSERT OR REPLACE INTO kv VALUES (?, ?, ?)');
	const revisionOf = (key: string) => Number(select.get(key)?.['revision'] ?? 0);
	return {
		conflict(entries) {
			for (const { key, expectRevision } of entries) {
				const revision = revisionOf(key);
				if (expectRevision !== undefined && expectRevision !== revision)
					return failure('conflict', `cannot put "${key}": its revision is ${revision}, not ${expectRevision}`);
			}
			return undefined;
		},
		put({ key }, value) {
			const revision = revisionOf(key) + 1;
			save.run(key, revision, value);
			return revision;
		},
	};
}
