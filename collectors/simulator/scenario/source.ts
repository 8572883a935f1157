import type { Sample, Source } from '../source.ts';
import type { Scenario, ScenarioStream } from './scenario.ts';

/** A scenario that began at time 0, as a part of the simulator. Its calls and events are not a collector's to send: their streams are. */
export function scenarioSource({ streams }: Scenario): Source {
	const samples = streams.flatMap(samplesOf).toSorted((a, b) => a.atMicros - b.atMicros);
	return {
		streams: streams.map(({ key, unit, kind, labels }) => ({
			...{ key, unit, kind },
			labels: { ...labels, source: 'simulator' },
		})),
		*between(fromMicros, toMicros) {
			for (const sample of samples) {
				if (sample.atMicros > toMicros) return;
				if (sample.atMicros > fromMicros) yield sample;
			}
		},
	};
}

function samplesOf({ tMicros, v, gaps }: ScenarioStream, stream: number): Sample[] {
	const points = tMicros.map((atMicros, i) => ({ stream, atMicros, v: v[i]! }));
	return [...points, ...gaps.map((gap) => ({ stream, atMicros: gap.toMicros - 1, gapFrom: gap.fromMicros }))];
}
