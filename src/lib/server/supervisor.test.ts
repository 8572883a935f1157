import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { supervise, type Running } from './supervisor.ts';

const log = pino({ level: 'silent' });

function child() {
	const exit = Promise.withResolvers<string>();
	const running: Running = { exited: exit.promise, stop: async () => exit.resolve('told to') };
	return { running, die: () => exit.resolve('killed') };
}

describe('a supervisor', () => {
	it('starts a child again when it dies', async () => {
		const children = [child(), child()];
		let started = 0;
		const supervisor = supervise({
			part: { name: 'store', start: async () => children[started++]?.running ?? child().running },
			log,
			nowMs: () => 0,
		});
		await supervisor.up;
		children[0]?.die();
		await vi.waitFor(() => expect(started).toBe(2));
		await vi.waitFor(() => expect(supervisor.state()).toBe('running'));
		expect(supervisor.restarts()).toBe(1);
		await supervisor.stop();
	});
	it('tries again when a start fails', async () => {
		let tries = 0;
		const supervisor = supervise({
			part: {
				name: 'store',
				start: async () => {
					if (++tries < 3) throw new Error('not yet');
					return child().running;
				},
			},
			log,
			nowMs: () => 0,
		});
		await supervisor.up;
		expect(tries).toBe(3);
		await supervisor.stop();
	});
	it('stops its child and starts no other', async () => {
		let started = 0;
		const supervisor = supervise({
			part: { name: 'x', start: async () => (started++, child().running) },
			log,
			nowMs: () => 0,
		});
		await supervisor.up;
		await supervisor.stop();
		expect([supervisor.state(), started]).toEqual(['stopped', 1]);
	});
	it('stops while it waits for the next try', async () => {
		const supervisor = supervise({
			part: { name: 'x', start: () => Promise.reject(new Error('never')) },
			log,
			nowMs: () => 0,
		});
		await vi.waitFor(() => expect(supervisor.state()).toBe('down'));
		await supervisor.stop();
		expect(supervisor.state()).toBe('stopped');
	});
});
