import type { ApiCollector, ApiSystem } from '#contracts/system.ts';
import { formatBytes } from './bytes.ts';
import { formatCount } from './number.ts';
import { formatSpan } from './time.ts';

/** Something about the server that a person should know of: what is wrong, what it does, what to do. */
export interface Concern {
	readonly level: 'alarm' | 'caution';
	readonly title: string;
	readonly effect: string;
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

const alarm = (title: string, effect: string, mend: string): Concern => ({ level: 'alarm', title, effect, mend });
const caution = (title: string, effect: string, mend: string): Concern => ({ level: 'caution', title, effect, mend });

function ofJournal({ journal, meanMs }: ApiSystem): Concern[] {
	const found: Concern[] = [];
	if (journal.refusing !== null)
		found.push(
			alarm(
				'Points are not being taken',
				`${journal.refusing}. Collectors and careful senders keep their points and wait; nothing new is judged.`,
				'Make room on the disk, or see below why something is behind.',
			),
		);
	else if (journal.bytes > FILLING * journal.capBytes)
		found.push(
			caution(
				'The journal is filling',
				`${formatBytes(journal.bytes)} of ${formatBytes(journal.capBytes)} wait to be stored. When it is full, points are refused.`,
				'See below what is behind; usually the store.',
			),
		);
	if ((meanMs.commit ?? 0) > SLOW_COMMIT_MS)
		found.push(
			caution(
				'The disk is slow',
				`A write takes ${formatSpan(meanMs.commit ?? 0)} to be safe, and every acknowledgement waits for one.`,
				'Run sigmascope doctor; look for other programs that write to this disk.',
			),
		);
	return found;
}

function ofDisk({ disk, journal }: ApiSystem): Concern[] {
	if (disk === null || disk.freeBytes >= DISK_LOW_BYTES) return [];
	const left = `${formatBytes(disk.freeBytes)} free`;
	const mend = 'Make room, or keep points for a shorter time (retention in the configuration).';
	if (disk.freeBytes >= DISK_RESERVE_BYTES)
		return [
			caution('The disk is nearly full', `${left}; at ${formatBytes(DISK_RESERVE_BYTES)} points are refused.`, mend),
		];
	// Said once: where it refuses already, that comes first and says why.
	return journal.refusing === null ? [alarm('The disk is full', `${left}; points are about to be refused.`, mend)] : [];
}

const EFFECTS: Readonly<Record<string, string>> = {
	store:
		'History is missing on charts that are opened now. Judging, violations and live charts go on, and what is missing is stored later.',
	collectors: 'Nothing is read from devices and sources for the moment.',
	engine: 'Points are taken and kept, but not judged.',
};
const IS_WELL = new Set(['up', 'ended']);
/** These have a concern of their own, or are said by what they lead to. */
const SAID_ELSEWHERE = new Set(['full', 'filling', 'behind']);

function ofParts({ parts, restarts }: ApiSystem): Concern[] {
	return Object.entries(parts)
		.filter(([name, state]) => !name.startsWith('collector ') && !IS_WELL.has(state) && !SAID_ELSEWHERE.has(state))
		.map(([name, state]) => {
			const effect = EFFECTS[name] ?? EFFECTS['collectors'] ?? '';
			const times = restarts[name] ?? 0;
			if (state === 'starting' && times === 0) return caution(`${capital(name)} is starting`, effect, 'Wait a moment.');
			const mend = `It is started again by itself${times > 0 ? ` (${formatCount(times, 'time')} so far)` : ''}. If it does not stay up, the messages below and the log say why.`;
			return alarm(`${capital(name)} is ${state}`, effect, mend);
		});
}

const LAG_EFFECTS: Readonly<Record<string, readonly [title: string, effect: string]>> = {
	engine: ['Judging is late', 'Violations are found that much later.'],
	cases: ['Violations are recorded late', 'They appear in lists and alerts that much later.'],
	store: ['Storing is late', 'Charts that are opened now lack the newest history. Live charts go on.'],
};

function ofLags({ lagSeconds, parts }: ApiSystem): Concern[] {
	return Object.entries(lagSeconds)
		.filter(([reader, seconds]) => seconds > (LATE_SECONDS[reader] ?? Infinity))
		.filter(([reader]) => IS_WELL.has(parts[reader] ?? 'up') || parts[reader] === 'behind')
		.map(([reader, seconds]) => {
			const [title, effect] = LAG_EFFECTS[reader] ?? [`${capital(reader)} is late`, ''];
			return caution(
				`${title}, by ${formatSpan(seconds * 1000)}`,
				effect,
				'It catches up by itself when more arrives than usual. If it grows for minutes, the machine is too small or its disk too slow: sigmascope doctor.',
			);
		});
}

function ofCollector(collector: ApiCollector): Concern[] {
	const { name, state, connected, dropped, refused, lastError } = collector;
	const said = lastError === null ? '' : ` ${lastError.message}`;
	const found: Concern[] = [];
	if (state === 'misconfigured')
		found.push(
			alarm(
				`Collector ${name} cannot run`,
				`It reads nothing.${said}`,
				'Correct the configuration file; it is read again at once.',
			),
		);
	else if (state === 'waiting')
		found.push(
			caution(
				`Collector ${name} does not reach its source`,
				`Its streams get no points.${said}`,
				'It tries again by itself: check the device and the way to it.',
			),
		);
	else if (state === 'queue full')
		found.push(
			alarm(
				`The queue of collector ${name} is nearly full`,
				'Soon its source has to wait, or points are given up.',
				'See why the server does not take its points; give it a larger spool.',
			),
		);
	else if (hasReadNothingSince(collector))
		found.push(
			caution(
				`Collector ${name} has read nothing since its last fault`,
				`Its streams get no points.${said}`,
				'It tries again by itself: check the device and the way to it.',
			),
		);
	else if (!connected && state !== 'ended')
		found.push(
			caution(
				`Collector ${name} does not reach this server`,
				`It keeps its points on its disk.${said}`,
				'It tries again by itself.',
			),
		);
	if (dropped > 0)
		found.push(
			caution(
				`Collector ${name} gave up ${dropped} points`,
				'Its queue was full; charts show a gap there.',
				'Give it a larger spool (spool.maxMegabytes).',
			),
		);
	if (refused > 0)
		found.push(
			caution(
				`${refused} batches of collector ${name} were refused`,
				`They are kept beside its queue.${said}`,
				'Its folder refused/ says what was wrong and how to send them again.',
			),
		);
	return found;
}

/** It runs, but what it reads from does not answer. */
export function hasReadNothingSince({ state, lastError, lastReadAt }: ApiCollector): boolean {
	if (state !== 'up' || lastError?.source !== 'collector') return false;
	return lastReadAt === null || Date.parse(lastReadAt) < Date.parse(lastError.at);
}

function ofBackup({ backup }: ApiSystem): Concern[] {
	if (backup?.state !== 'failed') return [];
	return [caution('The last backup failed', backup.error ?? '', 'Mend that and run sigmascope backup again.')];
}

const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
