import { collectorType, type Collector, type CollectorContext } from '../kit/collector.ts';
import { pollHttp } from '../kit/http-poll.ts';
import { createOnce } from '../kit/once.ts';
import { createTracks } from '../kit/track.ts';
import { discoverMetrics } from './discover.ts';
import { prometheusSchema, type PrometheusConfig } from './config.ts';
import { ACCEPT, createTaker, MAX_BYTES } from './take.ts';

export const prometheus = collectorType(prometheusSchema, createPrometheus, {
	entries: ({ metrics }) =>
		metrics.map(({ metric }, i) => ({ place: `metrics[${i}]`, name: metric, marks: [`${metric}: `] })),
	discover: {
		option: 'metrics',
		narrows: 'a name of a metric, with `*` for any part of it',
		draft: { metrics: [{ metric: '*' }] },
		run: discoverMetrics,
	},
});

/** Metrics of a target, scraped at fixed times, as points. */
function createPrometheus(config: PrometheusConfig, context: CollectorContext): Collector {
	return {
		start(emitter, signal) {
			const tracks = createTracks(emitter);
			const onText = createTaker({ config, tracks, onFault: createOnce(emitter.fault) });
			return pollHttp({ config, context, emitter, tracks, signal, accept: ACCEPT, maxBytes: MAX_BYTES, onText });
		},
	};
}
