import { unwatchFile, watchFile } from 'node:fs';
import type { Logger } from 'pino';
import { messageOf } from '#contracts/error.ts';

const LOOK_EVERY_MS = 500;

/**
 * Reads the configuration file again when it has changed. One with a fault changes nothing: the faults are logged and
 * what was goes on.
 *
 * Looks at size and time instead of waiting for events: editors replace files, and network folders send none.
 */
export function createReload<Configuration>(options: {
	readonly file: string;
	/** @throws ConfigError with every fault */
	readonly read: () => Configuration;
	readonly apply: (configuration: Configuration) => Promise<void>;
	readonly log: Logger;
}): { start(): void; stop(): Promise<void> } {
	const { file, read, apply, log } = options;
	let running: Promise<void> = Promise.resolve();

	async function reload(): Promise<void> {
		let next: Configuration;
		try {
			next = read();
		} catch (error) {
			return log.error(`${file} has changed, but the one before stays in force: ${messageOf(error)}`);
		}
		try {
			await apply(next);
			log.info(`${file} has changed and is in force`);
		} catch (error) {
			// Not undone: what was applied is what the file says, and a restart applies the rest.
			log.error(`${file} has changed and is only partly in force: ${messageOf(error)}`);
		}
	}

	return {
		start: () => void watchFile(file, { interval: LOOK_EVERY_MS }, () => void (running = running.then(reload))),
		async stop() {
			unwatchFile(file);
			await running;
		},
	};
}
