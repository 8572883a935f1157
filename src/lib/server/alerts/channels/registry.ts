import type { ChannelKind } from './kind.ts';
import { webhook } from './webhook.ts';

/** Kinds of channels by the `type` that the configuration file names. */
export const CHANNELS: Readonly<Record<string, ChannelKind>> = {
	webhook,
};
