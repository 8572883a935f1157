import { collectorType, type Collector, type CollectorContext } from '../kit/collector.ts';
import { pollHttp } from '../kit/http-poll.ts';
import { createOnce } from '../kit/once.ts';
import { createTracks } from '../kit/track.ts';
import { discoverValues } from './discover.ts';
import { httpPollSchema, type HttpPollConfig } from './config.ts';
import { createReader, MAX_DOCUMENT_BYTES } from './reader.ts';

export const httpPoll = collectorType(httpPollSchema, createHttpPoll, {
	entries: ({ values }) =>
		values.flatMap(({ path, stream, event }, i) =>
			event
				? []
				: {
						place: `values[${i}]`,
						name: path,
						marks: [`${path}: `, `${path} is `, `${path} finds `],
						stream: stream.includes('{') ? undefined : stream,
					},
		),
	discover: {
		option: 'values',
		narrows: 'text that paths hold, as `temperature`',
		draft: { values: [{ path: '$', stream: 'draft' }] },
		run: discoverValues,
	},
});

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
				maxBytes: MAX_DOCUMENT_BYTES,
				onText,
			});
		},
	};
}
