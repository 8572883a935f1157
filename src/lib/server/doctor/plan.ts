import { spellBytes } from './finding.ts';
import { FIGURES } from './plan-figures.ts';

export interface Load {
	readonly pointsPerSecond: number;
	readonly streams: number;
	readonly pointsKeptSeconds: number;
	readonly rollupsKeptSeconds: number;
}

export interface Sizing {
	readonly cores: number;
	/** Of one core, on average. */
	readonly corePercent: number;
	readonly memoryBytes: number;
	readonly diskBytes: number;
	readonly disk: Readonly<Record<'points' | 'rollups' | 'journal' | 'reserve' | 'merging', number>>;
	/** Where the wish is beyond what one machine has been seen to do. */
	readonly notes: readonly string[];
}

/** Merges, queries, bursts and the rest of the machine have the other half. */
const BUSY_SHARE = 0.5;
/** The journal has to hold what comes while the store is away for an hour. */
const STORE_AWAY_SECONDS = 3600;
/** What the journal leaves free, and what a merge of the largest parts may need besides. */
const RESERVE_BYTES = 2 * 1024 ** 3;
const MERGE_SHARE = 0.2;
const SECONDS_PER_MINUTE = 60;
/** The loop that reads and judges is one thread: more cores do not make it faster. */
const HUB_MICROS = FIGURES.main.value;

/** What a machine needs for this load, from measured figures and with room beside it. */
export function planFor(load: Load): Sizing {
	const { pointsPerSecond, streams } = load;
	const corePercent = (pointsPerSecond * (HUB_MICROS + FIGURES.threads.value + FIGURES.store.value)) / 10_000;
	const points = pointsPerSecond * load.pointsKeptSeconds * FIGURES.point.value;
	// A stream has no more minutes than points.
	const minutesPerSecond = Math.min(streams / SECONDS_PER_MINUTE, pointsPerSecond);
	const rollups = minutesPerSecond * load.rollupsKeptSeconds * FIGURES.minute.value;
	const journal = pointsPerSecond * STORE_AWAY_SECONDS * FIGURES.journal.value;
	const merging = (points + rollups) * MERGE_SHARE;
	const disk = { points, rollups, journal, reserve: RESERVE_BYTES, merging };
	return {
		cores: Math.max(2, Math.ceil(corePercent / 100 / BUSY_SHARE)),
		corePercent,
		memoryBytes: FIGURES.memory.value + FIGURES.storeMemory.value + streams * FIGURES.streamMemory.value,
		diskBytes: Object.values(disk).reduce((sum, bytes) => sum + bytes, 0),
		disk,
		notes: notesOn(load),
	};
}

function notesOn({ pointsPerSecond, streams }: Load): readonly string[] {
	const notes: string[] = [];
	const most = 1e6 / HUB_MICROS;
	if (pointsPerSecond > most * BUSY_SHARE)
		notes.push(
			`one hub reads and judges at most about ${Math.round(most / 1000) * 1000} points/s on a core as the one measured, and half of it leaves room for bursts: several sites, each with a server of its own, or fewer points`,
		);
	if (streams > 10_000) notes.push('an API key makes at most 10,000 streams: raise limits.streamsPerKey');
	return notes;
}

/** Lines for a person, the figures with their sources behind. */
export function describePlan(load: Load, sizing: Sizing): string {
	const { disk } = sizing;
	const days = (seconds: number) => `${Math.round(seconds / 8640) / 10} days`;
	return [
		`For ${load.pointsPerSecond} points/s of ${load.streams} streams, points kept ${days(load.pointsKeptSeconds)}, rollups ${days(load.rollupsKeptSeconds)}:`,
		`  cores   ${sizing.cores} (${sizing.corePercent.toFixed(sizing.corePercent < 10 ? 1 : 0)} % of one core on average; the rest is for bursts, merges and queries)`,
		`  memory  ${spellBytes(sizing.memoryBytes)}`,
		`  disk    ${spellBytes(sizing.diskBytes)}: points ${spellBytes(disk.points)}, rollups ${spellBytes(disk.rollups)}, journal ${spellBytes(disk.journal)} (the store away for an hour), merges ${spellBytes(disk.merging)}, kept free ${spellBytes(disk.reserve)}`,
		'          a backup on the same disk takes the points and rollups once more',
		'  note    for senders that put a hundred points or more into a request; one point each costs several times as much',
		...sizing.notes.map((note) => `  note    ${note}`),
		'',
		'Computed from:',
		...Object.values(FIGURES).map(
			({ value, unit, what, source }) =>
				`  ${value < 1e5 ? value : spellBytes(value)} ${value < 1e5 ? unit : ''}  ${what}\n      ${source}`,
		),
	].join('\n');
}
