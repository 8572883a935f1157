import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '#contracts/error.ts';

/** A running Sigmascope and a key for it, as the CLI finds them. */
export interface Hub {
	readonly url: string;
	readonly key: string;
	readonly dataFolder: string;
}

/**
 * @param options `url` of the hub, default this machine's `PORT`. The key is SIGMASCOPE_API_KEY, or on the same machine
 * the start token that only the owner of the data folder can read
 * @throws ConfigError when there is no key
 */
export function findHub(options: { readonly url?: string | undefined; readonly env: NodeJS.ProcessEnv }): Hub {
	const { env } = options;
	const dataFolder = env.SIGMASCOPE_DATA ?? 'data';
	const url = options.url ?? `http://127.0.0.1:${env.PORT ?? '3000'}`;
	const tokenFile = join(dataFolder, 'start-token');
	const key = env.SIGMASCOPE_API_KEY ?? (existsSync(tokenFile) ? readFileSync(tokenFile, 'utf8').trim() : undefined);
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
