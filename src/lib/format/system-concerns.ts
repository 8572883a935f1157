import type { ApiCollector, ApiSystem } from '#contracts/system.ts';
import { formatBytes } from './bytes.ts';
import { formatWhole } from './number.ts';
import { formatSpan } from './time.ts';
import * as m from '#messages';

/** Something about the server that a person should know of: what is wrong, what it does, what to do. */
export interface Concern {
	readonly level: 'alarm' | 'caution';
	readonly title: string;
	readonly effect: string;
	/** By the server or a source, in its own words. */
	readonly said?: string;
	readonly mend: string;
}

/** Below the first points are refused; from the second on it is time to act. */
const DISK_RESERVE_BYTES = 2 * 1024 ** 3;
const DISK_LOW_BYTES = 5e9;
const FILLING = 0.5;
const SLOW_COMMIT_MS = 100;
/** How late each reader may be before it shows; less is the breath of a busy machine. */
const LATE_SECONDS: Readonly<Record<string, number>> = { engine: 10, cases: 10, store: 60 };

/** @returns the worst first; none = everything runs */
export function concernsOf(system: ApiSystem): readonly Concern[] {
	const all = [
		...ofJournal(system),
		...ofDisk(system),
		...ofParts(system),
		...ofLags(system),
		...system.collectors.flatMap(ofCollector),
		...ofBackup(system),
	];
	return [...all.filter(({ level }) => level === 'alarm'), ...all.filter(({ level }) => level === 'caution')];
}

type Words = Omit<Concern, 'level'>;
const alarm = (words: Words): Concern => ({ level: 'alarm', ...words });
const caution = (words: Words): Concern => ({ level: 'caution', ...words });

function ofJournal({ journal, meanMs }: ApiSystem): Concern[] {
	const found: Concern[] = [];
	if (journal.refusing !== null)
		found.push(
			alarm({
				title: m.system_not_taken(),
				effect: m.system_not_taken_effect(),
				said: journal.refusing,
				mend: m.system_not_taken_mend(),
			}),
		);
	else if (journal.bytes > FILLING * journal.capBytes)
		found.push(
			caution({
				title: m.system_filling(),
				effect: m.system_filling_effect({ bytes: formatBytes(journal.bytes), cap: formatBytes(journal.capBytes) }),
				mend: m.system_filling_mend(),
			}),
		);
	const commitMs = meanMs.commit ?? 0;
	if (commitMs > SLOW_COMMIT_MS)
		found.push(
			caution({
				title: m.system_disk_slow(),
				effect: m.system_disk_slow_effect({ span: formatSpan(commitMs) }),
				mend: m.system_disk_slow_mend(),
			}),
		);
	return found;
}

function ofDisk({ disk, journal }: ApiSystem): Concern[] {
	if (disk === null || disk.freeBytes >= DISK_LOW_BYTES) return [];
	const [free, mend] = [formatBytes(disk.freeBytes), m.system_disk_mend()];
	if (disk.freeBytes >= DISK_RESERVE_BYTES) {
		const effect = m.system_disk_low_effect({ free, reserve: formatBytes(DISK_RESERVE_BYTES) });
		return [caution({ title: m.system_disk_low(), effect, mend })];
	}
	// Said once: where it refuses already, that comes first and says why.
	if (journal.refusing !== null) return [];
	return [alarm({ title: m.system_disk_full(), effect: m.system_disk_full_effect({ free }), mend })];
}

const PARTS: Readonly<Record<string, readonly [name: () => string, effect: () => string]>> = {
	store: [m.system_part_store, m.system_part_store_effect],
	collectors: [m.system_part_collectors, m.system_part_collectors_effect],
	engine: [m.system_part_engine, m.system_part_engine_effect],
};
const IS_WELL = new Set(['up', 'ended']);
/** These have a concern of their own, or are said by what they lead to. */
const SAID_ELSEWHERE = new Set(['full', 'filling', 'behind']);

function ofParts({ parts, restarts }: ApiSystem): Concern[] {
	return Object.entries(parts)
		.filter(([name, state]) => !name.startsWith('collector ') && !IS_WELL.has(state) && !SAID_ELSEWHERE.has(state))
		.map(([name, state]) => ofPart(name, state, restarts[name] ?? 0));
}

function ofPart(name: string, state: string, times: number): Concern {
	const [title, effectOf] = PARTS[name] ?? [() => capital(name), m.system_part_collectors_effect];
	const [part, effect] = [title(), effectOf()];
	const starting = m.system_part_starting({ part });
	if (state === 'starting' && times === 0) return caution({ title: starting, effect, mend: m.system_wait() });
	return alarm({
		title: state === 'starting' ? starting : state === 'down' ? m.system_part_down({ part }) : `${part}: ${state}`,
		effect,
		mend: times > 0 ? m.system_part_mend_again({ count: times }) : m.system_part_mend(),
	});
}

const LATE: Readonly<Record<string, readonly [title: (late: { span: string }) => string, effect: () => string]>> = {
	engine: [m.system_late_engine, m.system_late_engine_effect],
	cases: [m.system_late_cases, m.system_late_cases_effect],
	store: [m.system_late_store, m.system_late_store_effect],
};

function ofLags({ lagSeconds, parts }: ApiSystem): Concern[] {
	return Object.entries(lagSeconds)
		.filter(([reader, seconds]) => seconds > (LATE_SECONDS[reader] ?? Infinity))
		.filter(([reader]) => IS_WELL.has(parts[reader] ?? 'up') || parts[reader] === 'behind')
		.flatMap(([reader, seconds]) => {
			const words = LATE[reader];
			if (words === undefined) return [];
			const title = words[0]({ span: formatSpan(seconds * 1000) });
			return [caution({ title, effect: words[1](), mend: m.system_late_mend() })];
		});
}

function ofCollector(collector: ApiCollector): Concern[] {
	const { name, dropped, refused, lastError } = collector;
	const said = lastError?.message ?? '';
	const found: Concern[] = [...wayOf(collector)];
	if (dropped > 0)
		found.push(
			caution({
				title: m.system_dropped({ name, count: formatWhole(dropped) }),
				effect: m.system_dropped_effect(),
				mend: m.system_dropped_mend(),
			}),
		);
	if (refused > 0)
		found.push(
			caution({
				title: m.system_refused({ name, count: formatWhole(refused) }),
				effect: m.system_refused_effect(),
				said,
				mend: m.system_refused_mend(),
			}),
		);
	return found;
}

/** What stands between its source and this server. */
function wayOf(collector: ApiCollector): Concern[] {
	const { name, state, connected, lastError } = collector;
	const said = lastError?.message ?? '';
	if (state === 'misconfigured')
		return [
			alarm({
				title: m.system_cannot_run({ name }),
				effect: m.system_cannot_run_effect(),
				said,
				mend: m.system_cannot_run_mend(),
			}),
		];
	const away = { effect: m.system_no_points(), said, mend: m.system_tries_source() };
	if (state === 'waiting') return [caution({ title: m.system_source_away({ name }), ...away })];
	if (state === 'queue full')
		return [
			alarm({
				title: m.system_queue_full({ name }),
				effect: m.system_queue_full_effect(),
				mend: m.system_queue_full_mend(),
			}),
		];
	if (hasReadNothingSince(collector)) return [caution({ title: m.system_read_nothing({ name }), ...away })];
	if (connected || state === 'ended') return [];
	return [
		caution({ title: m.system_hub_away({ name }), effect: m.system_hub_away_effect(), said, mend: m.system_tries() }),
	];
}

/** It runs, but what it reads from does not answer. */
export function hasReadNothingSince({ state, lastError, lastReadAt }: ApiCollector): boolean {
	if (state !== 'up' || lastError?.source !== 'collector') return false;
	return lastReadAt === null || Date.parse(lastReadAt) < Date.parse(lastError.at);
}

function ofBackup({ backup }: ApiSystem): Concern[] {
	if (backup?.state !== 'failed') return [];
	return [
		caution({ title: m.system_backup_failed(), effect: '', said: backup.error ?? '', mend: m.system_backup_mend() }),
	];
}

const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
