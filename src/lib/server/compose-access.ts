import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Settings } from '#contracts/config.ts';
import type { NowMicros } from '#contracts/time.ts';
import { createAuth } from './auth/auth.ts';
import type { DataFolder } from './data-folder.ts';
import { createIdentity } from './identity/identity.ts';
import type { Metadata } from './metadata/port.ts';

/** Who somebody is, and whose request it is. `collectorsKey` is of the collectors that this process starts, and of no other. */
export function composeAccess(of: {
	readonly settings: Settings;
	readonly metadata: Metadata;
	readonly folder: DataFolder;
	readonly defaultSite: string;
	readonly publicUrl: string | undefined;
	/** Tells this product from another one on the same machine. */
	readonly instance: string;
	readonly log: Logger;
	readonly now: NowMicros;
}) {
	const { settings, metadata, folder, defaultSite, publicUrl, instance, log, now } = of;
	const collectorsKey = randomBytes(32).toString('base64url');
	const identity = createIdentity({
		...{ metadata, now, defaultSite },
		random: randomBytes,
		onSetUp: folder.renewStartToken,
	});
	const auth = createAuth({
		...{ identity, collectorsKey, defaultSite, publicUrl, instance, now, log },
		startToken: folder.startToken,
		bootstrapKey: settings.bootstrapKey,
		trustedProxies: settings.trustedProxies,
	});
	return { collectorsKey, identity, auth };
}
