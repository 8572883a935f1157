import type { Logger } from 'pino';

/** What begins and ends with the product. */
export interface Part {
	readonly name: string;
	start?(): unknown;
	stop?(): unknown;
}

export interface Lifecycle {
	/**
	 * One part after the other. What could not start must not leave children or locks behind: what has begun is stopped then.
	 *
	 * @returns false when it was stopped meanwhile
	 * @throws what a part could not start for
	 */
	start(): Promise<boolean>;
	/** What has begun, the last one first, whatever becomes of the others. @throws the first error */
	stop(): Promise<void>;
	isStopping(): boolean;
}

/** A part that takes longer is named: a disk or a device that does not answer would else look like a product that hangs. */
const SLOW_MS = 10_000;

export function createLifecycle(
	parts: readonly Part[],
	{ log, slowMs = SLOW_MS }: { readonly log: Pick<Logger, 'warn'>; readonly slowMs?: number },
): Lifecycle {
	const begun: Part[] = [];
	let stopping: Promise<void> | undefined;

	async function named(what: 'start' | 'stop', part: Part): Promise<void> {
		const timer = setInterval(
			() => log.warn({ part: part.name }, `the product waits for the ${what} of ${part.name}`),
			slowMs,
		);
		try {
			await part[what]?.();
		} finally {
			clearInterval(timer);
		}
	}

	async function startAll(): Promise<boolean> {
		for (const part of parts) {
			if (stopping) return false;
			begun.push(part);
			await named('start', part);
		}
		return stopping === undefined;
	}

	async function stopAll(): Promise<void> {
		const errors: unknown[] = [];
		for (const part of begun.toReversed()) await named('stop', part).catch((error: unknown) => errors.push(error));
		if (errors.length > 0) throw errors[0];
	}

	const stop = () => (stopping ??= stopAll());
	return {
		async start() {
			try {
				return await startAll();
			} catch (error) {
				await stop().catch(() => {});
				throw error;
			}
		},
		stop,
		isStopping: () => stopping !== undefined,
	};
}
