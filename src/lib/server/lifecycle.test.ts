import { describe, expect, it } from 'vitest';
import { until } from '#tests/support/until.ts';
import { createLifecycle, type Part } from './lifecycle.ts';

function setUp(more: Readonly<Record<string, Omit<Part, 'name'>>> = {}) {
	const steps: string[] = [];
	const warnings: string[] = [];
	const parts = ['disk', 'engine', 'doors'].map((name) => ({
		name,
		start: () => void steps.push(`+${name}`),
		stop: async () => void steps.push(`-${name}`),
		...more[name],
	}));
	const log = { warn: (_: object, message: string) => void warnings.push(message) };
	return { steps, warnings, lifecycle: createLifecycle(parts, { log: log as never, slowMs: 1 }) };
}

describe('the parts of the product', () => {
	it('start one after the other and stop in reverse', async () => {
		const { steps, lifecycle } = setUp();
		expect(await lifecycle.start()).toBe(true);
		await lifecycle.stop();
		expect(steps).toEqual(['+disk', '+engine', '+doors', '-doors', '-engine', '-disk']);
	});
	it('stop once, however often they are told', async () => {
		const { steps, lifecycle } = setUp();
		await lifecycle.start();
		await Promise.all([lifecycle.stop(), lifecycle.stop()]);
		expect(steps.filter((step) => step === '-disk')).toHaveLength(1);
	});
	it('that have begun are stopped when one cannot start, also that one', async () => {
		const { steps, lifecycle } = setUp({ engine: { start: () => Promise.reject(new Error('no memory')) } });
		await expect(lifecycle.start()).rejects.toThrow('no memory');
		expect(steps).toEqual(['+disk', '-engine', '-disk']);
	});
	it('are all stopped though one of them fails, and the error is told', async () => {
		const { steps, lifecycle } = setUp({ doors: { stop: () => Promise.reject(new Error('jammed')) } });
		await lifecycle.start();
		await expect(lifecycle.stop()).rejects.toThrow('jammed');
		expect(steps.slice(-2)).toEqual(['-engine', '-disk']);
	});
	it('that have not begun do not begin any more when it is stopped meanwhile', async () => {
		const { promise, resolve } = Promise.withResolvers<void>();
		const { steps, lifecycle } = setUp({ engine: { start: () => promise } });
		const started = lifecycle.start();
		await until(() => steps.includes('+disk'));
		await lifecycle.stop();
		resolve();
		expect(await started).toBe(false);
		expect(steps).toEqual(['+disk', '-engine', '-disk']);
	});
	it('are named while they keep the product waiting', async () => {
		const { promise, resolve } = Promise.withResolvers<void>();
		const { warnings, lifecycle } = setUp({ engine: { start: () => promise } });
		const started = lifecycle.start();
		await until(() => warnings.length > 0);
		expect(warnings[0]).toBe('the product waits for the start of engine');
		resolve();
		expect(await started).toBe(true);
	});
});
