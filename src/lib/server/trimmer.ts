import type { Logger } from 'pino';
import { messageOf } from '#contracts/error.ts';
import type { Journal } from './journal/port.ts';

const EVERY_MS = 10_000;

export interface Trimmer {
	start(): void;
	/** Nothing is dropped while this runs. */
	held<T>(work: () => Promise<T>): Promise<T>;
	stop(): Promise<void>;
}

/** Drops from the journal what every reader has done with, so that it holds minutes and not months. */
export function createTrimmer(options: {
	readonly journal: Journal;
	readonly partition: number;
	/** Up to which seq inputs are no longer needed by anyone, also after a crash. */
	readonly inputsDone: () => number;
	readonly callsDone: () => number;
	readonly verdictsDone: () => number;
	readonly log: Logger;
}): Trimmer {
	const { journal, partition, log } = options;
	let timer: NodeJS.Timeout | undefined;
	let running: Promise<void> = Promise.resolve();
	let held = 0;

	async function trim(): Promise<void> {
		try {
			// Nobody reads `events`: metadata has had them before they were journaled.
			const inputs = ['points', 'commands', 'events'] as const;
			await journal.trim({ topics: inputs, partition, beforeSeq: options.inputsDone() + 1 });
			// Only the store reads them.
			await journal.trim({ topics: ['calls', 'logs'], partition, beforeSeq: options.callsDone() + 1 });
			await journal.trim({ topics: ['verdicts'], partition, beforeSeq: options.verdictsDone() + 1 });
		} catch (error) {
			log.warn(`cannot trim the journal: ${messageOf(error)}`);
		}
	}

	return {
		start: () =>
			void (timer = setInterval(() => {
				if (held === 0) running = running.then(trim);
			}, EVERY_MS)),
		async held(work) {
			held++;
			try {
				await running;
				return await work();
			} finally {
				held--;
			}
		},
		async stop() {
			clearInterval(timer);
			await running;
		},
	};
}
