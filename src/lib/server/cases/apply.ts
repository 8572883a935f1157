import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { CHANGE_BITS } from '#contracts/alert.ts';
import { messageOf, RetriableError } from '#contracts/error.ts';
import { createVerdictGatherer } from '#contracts/verdict-digest.ts';
import type { VerdictDigest } from '#contracts/verdict-digest.ts';
import type { Verdict } from '#contracts/verdict.ts';
import type { Violation } from '#contracts/violation.ts';
import { JournalFullError } from '#server/journal/port.ts';
import type { Journal, JournalRecord } from '#server/journal/port.ts';
import type { AlertDeciding } from '#server/metadata/port-alerts.ts';
import type { Metadata } from '#server/metadata/port.ts';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;

export interface Applying {
	/** Of topic verdicts, in order. */
	readonly records: readonly JournalRecord[];
	readonly journal: Journal;
	readonly metadata: Metadata;
	/** Who is told of what opens; absent: nobody is told of anything. */
	readonly alerting?: Alerting | undefined;
	readonly log: Logger;
	readonly signal: AbortSignal;
}

export interface Alerting extends Pick<AlertDeciding, 'decide'> {
	/** Whether anybody may have to be told of anything. */
	isOn(): boolean;
}

export interface Applied extends Pick<VerdictDigest, 'hasOpened' | 'hasEnded'> {
	readonly violations: readonly Violation[];
}

const NOTHING: Applied = { violations: [], hasOpened: () => false, hasEnded: () => false };

/**
 * Applies a batch in one transaction; when something in it cannot be kept, record by record, so that only the odd one
 * is set aside (topic `refused`) and all others count. A database that is busy or full is waited for.
 */
export async function applyRecords(applying: Applying): Promise<Applied> {
	try {
		return await applyTogether(applying);
	} catch (error) {
		if (applying.signal.aborted) return NOTHING;
		const { records } = applying;
		const [record] = records;
		if (record && records.length === 1) return setAside(applying, record, error);
		const parts: Applied[] = [];
		for (const one of records) parts.push(await applyRecords({ ...applying, records: [one] }));
		return {
			violations: parts.flatMap(({ violations }) => violations),
			hasOpened: (id) => parts.some((part) => part.hasOpened(id)),
			hasEnded: (id) => parts.some((part) => part.hasEnded(id)),
		};
	}
}

async function applyTogether({ records, metadata, alerting, log, signal }: Applying): Promise<Applied> {
	const gatherer = createVerdictGatherer({ signals: false });
	for (const { bytes } of records) gatherer.add(bytes);
	const { limits, episodes, hasOpened, hasEnded } = gatherer.digest();
	const verdicts: readonly Verdict[] = [
		...limits.map((one) => ({ type: 'limits' as const, limits: one })),
		...episodes.map((episode) => ({ type: 'violation.updated' as const, episode })),
	];
	const seq = records.at(-1)?.seq ?? 0;
	const changesOf = (id: string) => changeBits(hasOpened(id), hasEnded(id));
	const deciding = alerting?.isOn() ? { decide: alerting.decide, changesOf } : undefined;
	const violations = await patiently(() => metadata.violations.apply(seq, verdicts, deciding), { log, signal });
	return { violations, hasOpened, hasEnded };
}

function changeBits(opened: boolean, ended: boolean): number {
	const bits = (opened ? CHANGE_BITS.opened : 0) | (ended ? CHANGE_BITS.ended : 0);
	return bits === 0 ? CHANGE_BITS.updated : bits;
}

async function setAside(applying: Applying, record: JournalRecord, cause: unknown): Promise<Applied> {
	const { journal, metadata, log, signal } = applying;
	log.error({ err: cause, seq: record.seq }, `cannot keep verdicts of record ${record.seq}: ${messageOf(cause)}`);
	const id = { source: 'cases', epoch: String(record.partition), seq: record.seq };
	const { partition, bytes } = record;
	await patiently(() => journal.publish({ topic: 'refused', partition, id, bytes }), { log, signal });
	await patiently(() => metadata.violations.apply(record.seq, []), { log, signal });
	return NOTHING;
}

/** Repeats what may work later, for as long as it takes. @throws what cannot be mended by waiting */
async function patiently<T>(
	attempt: () => Promise<T>,
	{ log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<T> {
	for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)) {
		try {
			return await attempt();
		} catch (error) {
			if (!isTemporary(error) || signal.aborted) throw error;
			log.warn({ delayMs }, `verdicts wait: ${messageOf(error)}`);
			await delay(delayMs, undefined, { signal });
		}
	}
}

function isTemporary(error: unknown): boolean {
	return error instanceof RetriableError || error instanceof JournalFullError;
}
