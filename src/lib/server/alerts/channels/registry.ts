import { email } from './email.ts';
import type { ChannelKind } from './kind.ts';
import { mqtt } from './mqtt.ts';
import { slack } from './slack.ts';
import { webhook } from './webhook.ts';

/** Kinds of channels by the `type` that the configuration file names. */
export const CHANNELS: Readonly<Record<string, ChannelKind>> = {
	webhook,
	slack,
	email,
	mqtt,
};

/** What checks the options of each kind. */
export function channelSchemas(): Readonly<Record<string, ChannelKind['schema']>> {
	return Object.fromEntries(Object.entries(CHANNELS).map(([type, { schema }]) => [type, schema]));
}
