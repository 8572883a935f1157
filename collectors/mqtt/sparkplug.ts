import { QUALITY, type Quality } from '#contracts/point.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import type { MqttConfig } from './config.ts';
import { createEdgeNodes, parseSparkplugTopic, type EdgeNodes, type Heard } from './sparkplug-nodes.ts';
import { decodePayload, encodeRebirth } from './sparkplug-payload.ts';

/** What one message came to, and what to send the edge node. */
export interface SparkplugHeard extends Pick<Heard, 'lost' | 'observations' | 'told' | 'faults'> {
	readonly rebirth: { readonly topic: string; readonly payload: Uint8Array } | undefined;
}

/** The edge nodes of all entries; each entry knows its own. */
export interface Sparkplug {
	take(
		entry: number,
		message: { readonly topic: string; readonly payload: Uint8Array },
		atMicros: number,
	): SparkplugHeard;
}

/** An edge node may announce more than is a number, or ever sent. */
const METRICS_PER_STREAM = 4;
const [STALE, UNCERTAIN_END, GOOD_END] = [500, 128, 256];
const NOTHING: SparkplugHeard = { lost: [], observations: [], told: [], faults: [], rebirth: undefined };

export function createSparkplug({ maxStreams, subscribe }: Pick<MqttConfig, 'maxStreams' | 'subscribe'>): Sparkplug {
	const byEntry = new Map<number, EdgeNodes>();

	function nodesOf(entry: number): EdgeNodes {
		const known = byEntry.get(entry);
		if (known) return known;
		const tags = new Set(Object.keys(subscribe[entry]?.events ?? {}));
		const nodes = createEdgeNodes(maxStreams * METRICS_PER_STREAM, tags);
		byEntry.set(entry, nodes);
		return nodes;
	}

	return {
		take(entry, { topic, payload }, atMicros) {
			const place = parseSparkplugTopic(topic);
			if (!place) return NOTHING;
			const decoded = decodePayload(payload);
			if (typeof decoded === 'string') return { ...NOTHING, faults: [decoded] };
			const { isRebirthNeeded, ...heard } = nodesOf(entry).take(place, decoded, atMicros);
			const to = `spBv1.0/${place.group}/NCMD/${place.node}`;
			const nowMs = Math.floor(atMicros / MICROS_PER_MS);
			return { ...heard, rebirth: isRebirthNeeded ? { topic: to, payload: encodeRebirth(nowMs) } : undefined };
		},
	};
}

/** OPC's numbers; 500 is Sparkplug's for what is stale. Without one the value is good. */
export function sparkplugQuality(quality: number | undefined): Quality {
	if (quality === undefined || (quality >= QUALITY.good && quality < GOOD_END)) return QUALITY.good;
	if (quality === STALE) return QUALITY.bad;
	return quality >= QUALITY.uncertain && quality < UNCERTAIN_END ? QUALITY.uncertain : QUALITY.bad;
}
