import type { Clock } from '#collectors/kit/clock.ts';
import type { TrialReport } from '#collectors/kit/trial.ts';
import { tryCollector } from '#collectors/try.ts';
import type { CollectorConfig } from '#contracts/config.ts';
import { messageOf } from '#contracts/error.ts';

/** One source, as far as it let itself be tried. */
export interface Tried {
	readonly config: CollectorConfig;
	readonly report: TrialReport;
	readonly isComplete: boolean;
}

const LOOK_EVERY_MS = 50;
const NEVER = new AbortController().signal;

/** Runs each collector until every entry of it had a value, or for so long; all at once, as in the plant. */
export async function tryAll(
	configs: readonly CollectorConfig[],
	options: {
		readonly clock: Clock;
		readonly random: () => number;
		readonly spoolFolder: string;
		readonly forMs: number;
	},
): Promise<Tried[]> {
	return Promise.all(configs.map((config) => tryOne(config, options)));
}

async function tryOne(config: CollectorConfig, { forMs, ...options }: Parameters<typeof tryAll>[1]): Promise<Tried> {
	const { clock } = options;
	const trial = tryCollector(config, options);
	const untilMicros = clock.nowMicros() + forMs * 1000;
	try {
		while (!trial.isComplete() && clock.nowMicros() < untilMicros) await clock.sleep(LOOK_EVERY_MS, NEVER);
		return { config, report: trial.report(), isComplete: isWhole(trial.report()) };
	} catch (error) {
		return { config, report: { ...trial.report(), error: messageOf(error) }, isComplete: false };
	} finally {
		await trial.stop();
	}
}

/** A value of each entry, and of each stream that it has opened. */
function isWhole({ entries, streams, error }: TrialReport): boolean {
	const all = [...entries.flatMap((entry) => entry.streams), ...streams];
	return (
		error === null &&
		all.length > 0 &&
		all.every(({ points }) => points > 0) &&
		entries.every((entry) => entry.streams.length > 0)
	);
}
