import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { NO_SPOOL, type CollectorStatus } from '#collectors/messages.ts';
import { registerCollectorMetrics } from './collectors-metrics.ts';

const status = (name: string, more: Partial<CollectorStatus> = {}): CollectorStatus => ({
	name,
	type: 'mqtt',
	state: 'running',
	connected: true,
	points: 10,
	gaps: 0,
	documents: 0,
	faults: 0,
	restarts: 0,
	newest: null,
	spool: { ...NO_SPOOL, depth: 7, bytes: 700, capBytes: 1000, oldestMs: 2500, dropped: 3, refused: 1 },
	lastError: null,
	...more,
});

describe('the metrics of the collectors', () => {
	let collectors: CollectorStatus[] = [];
	const registry = new Registry();
	registerCollectorMetrics(registry, () => [{ collectors }]);
	const samples = async (word: string) =>
		(await registry.metrics()).split('\n').filter((line) => line.startsWith(`sigmascope_collector_${word}`));

	it('have the queue of each collector', async () => {
		collectors = [status('line-3'), status('press', { connected: false })];
		expect(await samples('spool')).toEqual(
			['depth', 'bytes', 'cap_bytes', 'oldest_seconds', 'dropped_total', 'refused_total'].flatMap((name, i) =>
				['line-3', 'press'].map(
					(collector) => `sigmascope_collector_spool_${name}{collector="${collector}"} ${[7, 700, 1000, 2.5, 3, 1][i]}`,
				),
			),
		);
		expect(await samples('connected')).toEqual([
			'sigmascope_collector_connected{collector="line-3"} 1',
			'sigmascope_collector_connected{collector="press"} 0',
		]);
	});
	it('count what the collector has counted, however often they are read', async () => {
		collectors = [status('line-3', { points: 25 })];
		await samples('points');
		expect(await samples('points')).toEqual(['sigmascope_collector_points_total{collector="line-3"} 25']);
	});
	it('forget a collector that is gone', async () => {
		collectors = [];
		expect(await samples('')).toEqual([]);
	});
});
