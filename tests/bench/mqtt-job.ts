/** What the publisher (./mqtt-publisher.ts) is to send. */
export interface PublishJob {
	readonly port: number;
	readonly topics: number;
	readonly messages: number;
	readonly messagesPerSecond: number;
	readonly qos: 0 | 1;
	/** `sparkplug`: a topic is an edge node, whose births are sent before the pace begins and hold `metricsOf` points, as each message does. */
	readonly payload: 'number' | 'json' | 'sparkplug';
	/** `noise`: rules 1 2 5 6 fire at about one point of a hundred; `quiet`: none does. */
	readonly values: 'noise' | 'quiet';
}

export function metricsOf({ payload }: Pick<PublishJob, 'payload'>): number {
	return payload === 'sparkplug' ? 20 : 1;
}

/** Points of a job: births have values too. */
export function pointsOf(job: Pick<PublishJob, 'payload' | 'messages' | 'topics'>): number {
	return (job.messages + (job.payload === 'sparkplug' ? job.topics : 0)) * metricsOf(job);
}

export interface Published {
	readonly messages: number;
	readonly ms: number;
	readonly cpuMs: number;
}
