import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Journal, Topic } from './journal/port.ts';
import { createTrimmer } from './trimmer.ts';

/** Every topic, and up to where it is dropped; one that is new does not compile until it stands here. */
const DONE: Readonly<Record<Topic, number | undefined>> = {
	points: 11,
	commands: 11,
	events: 11,
	calls: 21,
	logs: 21,
	verdicts: 31,
	// What could not be taken is kept for whoever wants to mend it.
	refused: undefined,
};

describe('the journal', () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it('drops of every topic what all its readers have done with', async () => {
		const trimmed: Partial<Record<Topic, number>> = {};
		const journal: Pick<Journal, 'trim'> = {
			trim({ topics, beforeSeq }) {
				for (const topic of topics) trimmed[topic] = beforeSeq;
				return Promise.resolve();
			},
		};
		const trimmer = createTrimmer({
			journal: journal as Journal,
			partition: 0,
			inputsDone: () => 10,
			callsDone: () => 20,
			verdictsDone: () => 30,
			log: pino({ level: 'silent' }),
		});
		trimmer.start();
		await vi.advanceTimersByTimeAsync(10_000);
		await trimmer.stop();
		for (const [topic, seq] of Object.entries(DONE)) expect([topic, trimmed[topic as Topic]]).toEqual([topic, seq]);
	});
});
