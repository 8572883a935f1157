import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '#contracts/config.ts';
import { ConfigError } from '#contracts/error.ts';

/** A running Sigmascope and a key for it, as the CLI finds them. */
export interface Hub {
	readonly url: string;
	readonly key: string;
	readonly dataFolder: string;
}

/**
 * @param url of the hub; default the one of these settings on this machine. The key is SIGMASCOPE_API_KEY, or on the
 * same machine the start token that only the owner of the data folder can read
 * @throws ConfigError when there is no key
 */
export function findHub(
	settings: Pick<Settings, 'port' | 'dataFolder' | 'bootstrapKey'>,
	url = `http://127.0.0.1:${settings.port}`,
): Hub {
	const { dataFolder, bootstrapKey } = settings;
	const tokenFile = join(dataFolder, 'start-token');
	const key = bootstrapKey ?? (existsSync(tokenFile) ? readFileSync(tokenFile, 'utf8').trim() : undefined);
	if (key === undefined)
		throw new ConfigError(
			`cannot find a key for ${url}: set SIGMASCOPE_API_KEY, or SIGMASCOPE_DATA to the data folder of a Sigmascope on this machine`,
		);
	return { url: url.replace(/\/$/, ''), key, dataFolder };
}

/** @throws ConfigError when nothing that we know answers there */
export async function checkHub(hub: Hub): Promise<void> {
	const answer = await fetch(`${hub.url}/healthz`).catch(() => undefined);
	if (!answer?.ok)
		throw new ConfigError(`cannot reach Sigmascope at ${hub.url}: is it running? (npm start; --url names another)`);
}
