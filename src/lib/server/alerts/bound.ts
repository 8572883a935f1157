import { createHash } from 'node:crypto';
import type { AlertsConfig, ChannelConfig } from '#contracts/alert-config.ts';
import { createBreaker, type Breaker } from './breaker.ts';
import type { Channel, ChannelPorts } from './channels/kind.ts';
import { CHANNELS } from './channels/registry.ts';

/** A channel of a route, and how its other side has behaved. */
export interface BoundChannel {
	readonly id: string;
	readonly route: string;
	readonly type: string;
	readonly channel: Channel;
	readonly atOnce: number;
	readonly breaker: Breaker;
	/** Its options as text: the same ones need no new connection. */
	readonly options: string;
}

const HASH_CHARACTERS = 10;

/** Channels of a configuration; those that have not changed stay as they are. Closes those that are no more. */
export async function bindChannels(
	{ routes }: AlertsConfig,
	before: ReadonlyMap<string, BoundChannel>,
	ports: ChannelPorts,
): Promise<ReadonlyMap<string, BoundChannel>> {
	const bound = new Map<string, BoundChannel>();
	for (const [route, { channels }] of Object.entries(routes))
		for (const config of channels) {
			const made = bind(route, config, before, ports);
			if (made) bound.set(made.id, made);
		}
	for (const { id, channel } of before.values())
		if (bound.get(id)?.channel !== channel) await channel.close().catch(() => undefined);
	return bound;
}

function bind(
	route: string,
	config: ChannelConfig,
	before: ReadonlyMap<string, BoundChannel>,
	ports: ChannelPorts,
): BoundChannel | undefined {
	const kind = CHANNELS[config.type];
	if (!kind) return undefined;
	const options = kind.schema.parse(config);
	const hash = createHash('sha256')
		.update(`${config.type}\0${kind.addressOf(options)}`)
		.digest('hex');
	const id = `${route}.${config.type}.${hash.slice(0, HASH_CHARACTERS)}`;
	const text = JSON.stringify(options);
	const known = before.get(id);
	if (known?.options === text) return known;
	const { atOnce } = kind;
	return {
		id,
		route,
		type: config.type,
		channel: kind.create(options, ports),
		atOnce,
		breaker: known?.breaker ?? createBreaker(),
		options: text,
	};
}
