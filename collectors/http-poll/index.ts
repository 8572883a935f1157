import { collectorType, type Collector, type CollectorContext } from '../kit/collector.ts';
import { pollHttp } from '../kit/http-poll.ts';
import { createOnce } from '../kit/once.ts';
import { createTracks } from '../kit/track.ts';
import { httpPollSchema, type HttpPollConfig } from './config.ts';
import { createReader } from './reader.ts';

export const httpPoll = collectorType(httpPollSchema, createHttpPoll);

/** JSON.parse holds up everything else meanwhile: this much takes about ten milliseconds. */
const MAX_BYTES = 1024 * 1024;

/** Values of JSON documents that a web server answers with, as points. */
function createHttpPoll(config: HttpPollConfig, context: CollectorContext): Collector {
	return {
		start(emitter, signal) {
			const tracks = createTracks(emitter);
			const onText = createReader({ config, tracks, onFault: createOnce(emitter.fault) });
			return pollHttp({
				config,
				context,
				emitter,
				tracks,
				signal,
				accept: 'application/json',
				maxBytes: MAX_BYTES,
				onText,
			});
		},
	};
}
