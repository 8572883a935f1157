import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageOf } from '#contracts/error.ts';
import { createTracks } from '../kit/track.ts';
import { record } from '../kit/testing/collect-all.ts';
import { httpPollSchema } from './config.ts';
import { createReader } from './reader.ts';

const NOW = 1_714_564_800_000_000;
const config = httpPollSchema.parse({
	url: 'http://127.0.0.1/values',
	maxStreams: 50,
	values: [
		{ path: '$.a', stream: 'm/a', scale: 2 },
		{ path: '$.list[*]', value: '$.v', name: '$.name', time: '$.t', stream: 'm/{name}', labels: { at: '{index}' } },
		{ path: '$.lot', stream: 'm/lot', event: 'lot' },
		{ path: '$.burst', stream: 'm/burst', burst: { rate: 1000, features: ['rms'] } },
	],
});

const odd = fc.oneof(
	fc.jsonValue({ maxDepth: 1 }),
	fc.double(),
	fc.constantFrom(null, true, '1.5', 'NaN', '', '1e999', 1e308, -0, '2024-05-01T12:00:00Z', 1_714_564_800),
);
const sensor = fc.oneof(odd, fc.record({ v: odd, name: odd, t: odd }, { requiredKeys: [] }));
const answer = fc
	.record(
		{
			a: odd,
			list: fc.oneof(odd, fc.array(sensor, { maxLength: 2 })),
			lot: odd,
			burst: fc.oneof(odd, fc.array(odd, { maxLength: 3 })),
		},
		{ requiredKeys: [] },
	) // prettier-ignore
	.map((document) => JSON.stringify(document));

describe('an answer', () => {
	it('of whatever kind is points, gaps, and faults that name their path, never a number that is none', async () => {
		const faults: string[] = [];
		let refused = 0;
		const recording = await record({
			async start(emitter) {
				const tracks = createTracks(emitter);
				const read = createReader({ config, tracks, onFault: (message) => faults.push(message) });
				let atMicros = NOW;
				fc.assert(
					fc.property(fc.oneof({ weight: 9, arbitrary: answer }, fc.string()), (text) => {
						try {
							read(text, (atMicros += 1_000_000));
						} catch (error) {
							refused++;
							expect(messageOf(error)).toMatch(/^the answer is no JSON: "/);
						}
					}),
					{ numRuns: 10_000 },
				);
				await tracks.flush(atMicros);
			},
		});
		const points = recording.points();
		expect(points.filter(({ v, tMicros }) => !Number.isFinite(v) || !Number.isInteger(tMicros))).toEqual([]);
		expect(faults.filter((fault) => !/^\$\.(a|list|lot|burst)|^more than maxStreams/.test(fault))).toEqual([]);
		for (const many of [points.length, recording.gaps().length, faults.length, refused])
			expect(many).toBeGreaterThan(100);
		expect(new Set(recording.streams).size).toBeLessThanOrEqual(50);
	});
});
