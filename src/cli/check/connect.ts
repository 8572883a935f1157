import { setTimeout as delay } from 'node:timers/promises';
import { tryCollector } from '#collectors/try.ts';
import type { TrialReport } from '#contracts/trial.ts';
import type { CollectorConfig } from '#contracts/config.ts';
import { messageOf } from '#contracts/error.ts';

/** One source, as far as it let itself be tried. */
export interface Tried {
	readonly config: CollectorConfig;
	readonly report: TrialReport;
	readonly isComplete: boolean;
}

const LOOK_EVERY_MS = 50;

/** Runs each collector until every entry of it had a value, or for so long; all at once, as in the plant. */
export async function tryAll(
	configs: readonly CollectorConfig[],
	options: {
		readonly spoolFolder: string;
		readonly forMs: number;
	},
): Promise<Tried[]> {
	return Promise.all(configs.map((config) => tryOne(config, options)));
}

async function tryOne(
	config: CollectorConfig,
	{ forMs, spoolFolder }: { readonly forMs: number; readonly spoolFolder: string },
): Promise<Tried> {
	const trial = tryCollector(config, { spoolFolder });
	try {
		while (!trial.isComplete() && trial.report().ranMs < forMs) await delay(LOOK_EVERY_MS);
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
