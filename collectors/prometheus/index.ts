import { collectorType, type Collector, type CollectorContext } from '../kit/collector.ts';
import { pollHttp } from '../kit/http-poll.ts';
import { createOnce } from '../kit/once.ts';
import { createTracks } from '../kit/track.ts';
import { prometheusSchema, type PrometheusConfig } from './config.ts';
import { createTaker } from './take.ts';

export const prometheus = collectorType(prometheusSchema, createPrometheus);

const MAX_BYTES = 16 * 1024 * 1024;
const ACCEPT = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';

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
