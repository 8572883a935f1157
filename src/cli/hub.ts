import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '#contracts/config.ts';
import { ConfigError } from '#contracts/error.ts';
import type { Principal } from '#contracts/principal.ts';

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

/**
 * @param wish what is to be written there
 * @throws ConfigError when nothing that we know answers there, or the key may not write to the site
 */
export async function checkHub(hub: Hub, wish: { readonly site?: string | undefined } = {}): Promise<void> {
	const answer = await fetch(`${hub.url}/healthz`).catch(() => undefined);
	if (!answer?.ok)
		throw new ConfigError(`cannot reach Sigmascope at ${hub.url}: is it running? (npm start; --url names another)`);
	const me = await fetch(`${hub.url}/api/v1/me`, { headers: { authorization: `Bearer ${hub.key}` } });
	if (me.status === 401)
		throw new ConfigError(
			`cannot write to ${hub.url}: it does not know the key; set SIGMASCOPE_API_KEY to one of its own`,
		);
	// A key that may only write may not ask who it is.
	if (!me.ok) return;
	const { scopes, sites, writeSite } = (await me.json()) as Principal;
	if (!scopes.includes('write'))
		throw new ConfigError(
			`cannot write to ${hub.url}: the key has no scope "write"; set SIGMASCOPE_API_KEY to one that has`,
		);
	if (wish.site !== undefined && sites !== 'all' && wish.site !== writeSite)
		throw new ConfigError(`cannot write to site ${JSON.stringify(wish.site)}: the key writes to "${writeSite}" only`);
}
