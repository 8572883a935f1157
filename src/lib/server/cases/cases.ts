import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { messageOf } from '#contracts/error.ts';
import type { Violation, ViolationState } from '#contracts/violation.ts';
import type { Journal, JournalRecord } from '#server/journal/port.ts';
import type { ChangedViolation, ViolationChange, WantedChange } from '#server/metadata/port-violations.ts';
import type { Metadata } from '#server/metadata/port.ts';
import { applyRecords, type Alerting } from './apply.ts';
import { changesOf } from './changes.ts';
import { createCaseMetrics } from './metrics.ts';
import type { CaseChange, Cases } from './port.ts';

/**
 * When a batch changes so many violations, nobody waits for the single one: what comes next gathers for a moment, and of an
 * episode that opens, ends and gets its context meanwhile only the last is written.
 */
const MANY_VIOLATIONS = 500;
const GATHER_MS = 100;
/** Of changes in one transaction: what is judged meanwhile waits for no more than these. */
const CHANGES_AT_ONCE = 50;
const FIRST_RESTART_MS = 100;
const LONGEST_RESTART_MS = 5000;

export interface CasesOptions {
	readonly journal: Journal;
	readonly metadata: Metadata;
	readonly partition: number;
	readonly alerting?: Alerting;
	readonly log: Logger;
	readonly registry?: Registry;
}

type Listener = (change: CaseChange, violation: Violation) => void;

/**
 * Keeps violations: reads the verdicts of a partition from where it left off, once each.
 *
 * Position and violations are one transaction, so a crash anywhere repeats nothing and loses nothing; a listener may
 * miss what was committed just before a crash, and reads the state anew when it starts.
 */
export function createCases(options: CasesOptions): Cases {
	const { journal, metadata, partition, alerting, log } = options;
	const metrics = createCaseMetrics(options.registry);
	const listeners = new Set<Listener>();
	const stopping = new AbortController();
	let position = 0;
	let running: Promise<void> = Promise.resolve();
	let acts: Promise<unknown> = Promise.resolve();

	function tell(change: CaseChange, violation: Violation): void {
		metrics.change(change);
		for (const listener of listeners) {
			try {
				listener(change, violation);
			} catch (error) {
				log.error({ err: error, change, violation: violation.id }, 'listener of violations failed');
			}
		}
	}

	async function take(records: readonly JournalRecord[]): Promise<void> {
		const last = records.at(-1);
		if (!last) return;
		const applied = await applyRecords({ records, journal, metadata, alerting, log, signal: stopping.signal });
		if (stopping.signal.aborted) return;
		position = last.seq;
		metrics.position(position);
		for (const { change, violation } of changesOf(applied)) tell(change, violation);
		if (applied.violations.length >= MANY_VIOLATIONS)
			await delay(GATHER_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
	}

	async function follow(): Promise<void> {
		position = await metadata.violations.position();
		metrics.position(position);
		const range = { topics: ['verdicts'] as const, partition, fromSeq: position + 1, signal: stopping.signal };
		for await (const records of journal.read(range)) await take(records);
	}

	/** Its own supervisor: after a fault it begins anew at the position that is committed. */
	async function keepFollowing(): Promise<void> {
		const { signal } = stopping;
		for (let delayMs = FIRST_RESTART_MS; !signal.aborted; delayMs = Math.min(delayMs * 2, LONGEST_RESTART_MS)) {
			try {
				// Ends without an error when the journal closes or we stop: nothing more to follow.
				return await follow();
			} catch (error) {
				if (signal.aborted) return;
				metrics.restart();
				log.error({ err: error, delayMs }, `reader of verdicts failed and starts again: ${messageOf(error)}`);
				await delay(delayMs, undefined, { signal }).catch(() => undefined);
			}
		}
	}

	/** One act after the other, so that two who press the same button make one change. */
	function act(changes: readonly WantedChange[]): Promise<readonly ChangedViolation[]> {
		const done = acts.then(() => apply(changes));
		acts = done.catch(() => undefined);
		return done;
	}

	async function apply(changes: readonly WantedChange[]): Promise<readonly ChangedViolation[]> {
		const all: ChangedViolation[] = [];
		for (let from = 0; from < changes.length; from += CHANGES_AT_ONCE) {
			const changed = await metadata.violations.changeAll(changes.slice(from, from + CHANGES_AT_ONCE));
			for (const one of changed) tellOf(one);
			all.push(...changed);
		}
		return all;
	}

	function tellOf({ before, after }: ChangedViolation): void {
		const { state } = after;
		if (before.state !== state && state !== 'open') tell(state, after);
		else if (before.state !== state || before.cause !== after.cause || before.assignee !== after.assignee)
			tell('updated', after);
	}

	const change = async (id: string, wanted: ViolationChange) => (await act([{ id, change: wanted }]))[0]?.after;
	const byName = (id: string, state: ViolationState, name: string) =>
		change(id, { state, by: { name, id: null, address: null } });

	return {
		async start() {
			position = await metadata.violations.position();
			running = keepFollowing();
		},
		async stop() {
			stopping.abort();
			await running;
			await acts;
		},
		position: () => position,
		onChange(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		change,
		changeAll: act,
		acknowledge: (id, by) => byName(id, 'acknowledged', by),
		resolve: (id, by) => byName(id, 'resolved', by),
	};
}
