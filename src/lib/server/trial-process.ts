import { discoverSource, tryCollector } from '#collectors/try.ts';
import type { CollectorConfig } from '#contracts/config.ts';
import { messageOf } from '#contracts/error.ts';
import type { Discovered, TrialReport } from '#contracts/trial.ts';
import { guardProcess } from './dial/guard-process.ts';

/** Told once, over IPC, by the parent; the process ends with the channel. */
export interface ToTrial {
	readonly config: CollectorConfig;
	readonly spoolFolder: string;
	readonly allow: readonly string[];
	/** Absent: it is tried, and told about twice a second. */
	readonly discover?: { readonly argument: string | undefined; readonly forMs: number };
}

export type FromTrial =
	{ readonly report: TrialReport } | { readonly found: readonly Discovered[] } | { readonly fault: string };

const TELL_EVERY_MS = 400;

/** A process for one source that somebody wants to try: what it connects to is checked, and nothing of ours is in it. */
process.once('message', (message: ToTrial) => {
	guardProcess(message.allow);
	if (message.discover) void discover(message, message.discover);
	else run(message);
});
process.on('disconnect', () => process.exit());

function run({ config, spoolFolder }: ToTrial): void {
	try {
		const trial = tryCollector(config, { spoolFolder });
		setInterval(() => tell({ report: trial.report() }), TELL_EVERY_MS);
	} catch (error) {
		tell({ fault: messageOf(error) });
	}
}

async function discover({ config, spoolFolder }: ToTrial, how: NonNullable<ToTrial['discover']>): Promise<void> {
	const { signal } = new AbortController();
	await discoverSource(config, { spoolFolder, signal, ...how }).then(
		(found) => tell({ found }),
		(error: unknown) => tell({ fault: messageOf(error) }),
	);
}

function tell(message: FromTrial): void {
	if (process.connected) process.send?.(message);
}
