import { describe, expect, it } from 'vitest';
import type { Stream } from '#contracts/stream.ts';
import { isHostMetric, readSystem } from './system.ts';

const stream = (id: number, key: string, more: Partial<Stream> = {}): Stream => ({
	...{ id, key, site: 'a', labels: {}, asset: 'x', kind: 'machine', unit: '' },
	...more,
});

describe('what a computer says of itself', () => {
	const f = (key: string, labels: Record<string, string>, want: boolean) =>
		expect(isHostMetric(stream(1, key, { labels }))).toBe(want);
	it('is told by the names of exporters and of OpenTelemetry', () => {
		f('node_load1', {}, true);
		f('system.cpu.utilization', {}, true);
		f('edge-7/cpu', { host: 'edge-7' }, true);
	});
	it('is not what a machine measures', () => {
		f('press-1/pressure', {}, false);
		f('brake-2/disk/temperature', {}, false);
		f('press-1/force', { host: 'edge-7' }, false);
	});
});

describe('the state of the product at the time', () => {
	const own = [
		'hub/busy',
		'health/store',
		'health/collector/line-1',
		'health/collector/other',
		'collector/other/waiting',
	];
	const series = { tMicros: new Float64Array([1]), v: new Float64Array([1]) };
	const ports = {
		store: {
			sideBySide: async ({ streamIds }: { streamIds: readonly number[] }) =>
				new Map(streamIds.map((id) => [id, series])),
		},
		streamsOf: async (site: string) =>
			site === 'sigmascope'
				? own.map((key, i) => stream(i + 1, key, { site }))
				: [stream(50, 'press-1/force'), stream(51, 'node_load1')],
		collectorsOf: () => ['line-1'],
	};
	const read = async (of: Stream) =>
		(await readSystem(ports, { stream: of, window: { fromMicros: 0, toMicros: 3_600_000_000 } })).map(
			({ stream: { key } }) => key,
		);
	it('names the collectors of its own site and no others', async () =>
		expect(await read(stream(50, 'press-1/force'))).toEqual([
			'hub/busy',
			'health/store',
			'health/collector/line-1',
			'node_load1',
		]));
	it('explains no stream of the product by itself', async () =>
		expect(await read(stream(1, 'hub/busy', { site: 'sigmascope' }))).toEqual([]));
});
