import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RetriableError } from '#contracts/error.ts';
import { DEFAULT_PLAN } from '#contracts/plan.ts';
import { encodeVerdicts } from '#contracts/verdict.ts';
import type { Verdict } from '#contracts/verdict.ts';
import type { Episode } from '#contracts/violation.ts';
import type { Journal } from '#server/journal/port.ts';
import { createSqliteJournal } from '#server/journal/sqlite/journal.ts';
import type { Metadata } from '#server/metadata/port.ts';
import { createSqliteMetadata } from '#server/metadata/sqlite/metadata.ts';
import { createCases } from './cases.ts';
import type { Cases } from './port.ts';

const log = pino({ level: 'silent' });
const now = () => Date.now() * 1000;

function episode(id: string, more: Partial<Episode> = {}): Episode {
	return {
		id,
		streamId: 1,
		chart: 'i',
		rule: 1,
		side: 'above',
		firstMicros: 1000,
		lastMicros: 1000,
		endedMicros: null,
		active: true,
		severity: 'warning',
		points: 1,
		value: 4,
		centre: 0,
		sigma: 1,
		limitsId: 'l1',
		spanFromMicros: 1000,
		revision: 1,
		context: { before: [], at: [], after: [], complete: false },
		historical: false,
		...more,
	};
}
const opened = (id: string): Verdict => ({ type: 'violation.opened', episode: episode(id) });
const updated = (id: string, revision: number): Verdict => ({
	type: 'violation.updated',
	episode: episode(id, { revision }),
});
const ended = (id: string, revision: number): Verdict => ({
	type: 'violation.ended',
	episode: episode(id, { revision, active: false, endedMicros: 2000 }),
});

describe('cases', () => {
	let folder: string;
	let journal: Journal;
	let metadata: Metadata;
	let cases: Cases;
	let told: string[];

	const start = async (over: Metadata = metadata) => {
		cases = createCases({ journal, metadata: over, partition: 0, log });
		cases.onChange((change, violation) => told.push(`${change} ${violation.id}`));
		await cases.start();
	};
	const publish = async (...verdicts: Verdict[]) => {
		const bytes = encodeVerdicts({ inputSeq: 1, verdicts });
		return (await journal.publish({ topic: 'verdicts', partition: 0, bytes })).seq;
	};
	const reached = (seq: number) => vi.waitFor(() => expect(cases.position()).toBe(seq), { timeout: 10_000 });

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'cases-'));
		journal = await createSqliteJournal({ file: join(folder, 'journal.db'), log, now, reserveBytes: 0 });
		metadata = await createSqliteMetadata({ file: join(folder, 'metadata.db'), log, now });
		const stream = { site: 'a', key: 'press/t', labels: {}, asset: 'press', kind: 'machine', unit: '' } as const;
		await metadata.streams.ensure([{ ...stream, plan: DEFAULT_PLAN }]);
		told = [];
		await start();
	});
	afterEach(async () => {
		await cases.stop();
		await metadata.close();
		await journal.close();
		await rm(folder, { recursive: true });
	});

	it('tells what opens, goes on and ends, once it can be read', async () => {
		const seen: Promise<unknown>[] = [];
		cases.onChange((_, violation) => seen.push(metadata.violations.get(violation.id).then((v) => v?.revision)));
		await reached(await publish(opened('v1')));
		await reached(await publish(updated('v1', 2)));
		await reached(await publish(ended('v1', 3)));
		expect(told).toEqual(['opened v1', 'updated v1', 'ended v1']);
		expect(await Promise.all(seen)).toHaveLength(3);
		expect(await metadata.violations.get('v1')).toMatchObject({ revision: 3, active: false });
	});

	it('what opened and ended in one record is told as both, with its last content', async () => {
		await reached(await publish(opened('v1'), updated('v1', 2), ended('v1', 3), opened('v2'), updated('v2', 2)));
		expect(told).toEqual(['opened v1', 'ended v1', 'opened v2']);
	});

	it('goes on after a restart where it was: nothing twice, nothing left out', async () => {
		await reached(await publish(opened('v1')));
		await cases.stop();
		await publish(opened('v2'));
		const last = await publish(updated('v1', 2));
		told = [];
		await start();
		await reached(last);
		expect(told.sort()).toEqual(['opened v2', 'updated v1']);
	});

	it('a record that cannot be read is set aside and those around it count', async () => {
		await cases.stop();
		await publish(opened('v1'));
		await journal.publish({ topic: 'verdicts', partition: 0, bytes: new TextEncoder().encode('{odd') });
		const last = await publish(opened('v2'));
		await start();
		await reached(last);
		expect(told).toEqual(['opened v1', 'opened v2']);
		const stop = new AbortController();
		for await (const [record] of journal.read({ topics: ['refused'], partition: 0, fromSeq: 1, signal: stop.signal })) {
			expect(new TextDecoder().decode(record?.bytes)).toBe('{odd');
			stop.abort();
		}
	});

	it('a content that the database refuses is set aside, too', async () => {
		await publish({ type: 'violation.opened', episode: episode('odd', { points: NaN }) });
		await reached(await publish(opened('v1')));
		expect(told).toEqual(['opened v1']);
	});

	it('waits for a database that is busy', async () => {
		await cases.stop();
		let refusals = 2;
		const busy: Metadata = {
			...metadata,
			violations: {
				...metadata.violations,
				apply: (...change) =>
					refusals-- > 0 ? Promise.reject(new RetriableError('busy')) : metadata.violations.apply(...change),
			},
		};
		await start(busy);
		await reached(await publish(opened('v1')));
		expect(told).toEqual(['opened v1']);
	});

	it('stops at once while it waits', async () => {
		await cases.stop();
		const apply = () => Promise.reject(new RetriableError('busy'));
		await start({ ...metadata, violations: { ...metadata.violations, apply } });
		await publish(opened('v1'));
		await cases.stop();
		expect(told).toEqual([]);
	});

	it('starts again by itself after a fault', async () => {
		await cases.stop();
		let faults = 1;
		const once: Journal = {
			...journal,
			read: (range) => {
				if (faults-- > 0) throw new Error('gone');
				return journal.read(range);
			},
		};
		cases = createCases({ journal: once, metadata, partition: 0, log });
		await cases.start();
		await reached(await publish(opened('v1')));
	});

	it('a listener that fails keeps nothing from the others', async () => {
		await cases.stop();
		cases = createCases({ journal, metadata, partition: 0, log });
		cases.onChange(() => {
			throw new Error('listener');
		});
		const stopListening = cases.onChange((change) => told.push(change));
		await cases.start();
		await reached(await publish(opened('v1')));
		stopListening();
		await reached(await publish(opened('v2')));
		expect(told).toEqual(['opened']);
	});

	describe('what people do', () => {
		beforeEach(async () => {
			await reached(await publish(opened('v1')));
			told = [];
		});

		it('is told once, whoever presses twice', async () => {
			await Promise.all([cases.acknowledge('v1', 'ann'), cases.acknowledge('v1', 'bob')]);
			expect(await cases.resolve('v1', 'ann')).toMatchObject({ state: 'resolved' });
			expect(await cases.acknowledge('v1', 'bob')).toMatchObject({ state: 'resolved' });
			expect(told).toEqual(['acknowledged v1', 'resolved v1']);
		});

		it('to a violation that does not exist is undefined', async () => {
			expect(await cases.resolve('nothing', 'ann')).toBeUndefined();
			expect(told).toEqual([]);
		});
	});

	it('counts changes and says how far it is', async () => {
		await cases.stop();
		const registry = new Registry();
		cases = createCases({ journal, metadata, partition: 0, log, registry });
		await cases.start();
		const seq = await publish(opened('v1'));
		await reached(seq);
		const text = await registry.metrics();
		expect(text).toContain('sigmascope_violation_changes_total{change="opened"} 1');
		expect(text).toContain(`sigmascope_cases_position ${seq}`);
	});
});
