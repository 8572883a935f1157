import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { ProxyTargetConfig } from '#contracts/config.ts';
import { createSecret, type Secret } from '#contracts/secret.ts';

export interface ProxyTarget {
	readonly name: string;
	readonly url: URL;
	/** Of the URL, without a slash at its end. */
	readonly basePath: string;
	readonly provider: string;
	/** In place of what the client brings. */
	readonly key: Secret | undefined;
	readonly keyHeader: string;
	readonly agent: HttpAgent | HttpsAgent;
	readonly deployment: string | undefined;
	readonly region: string | undefined;
	readonly environment: string | undefined;
}

/** Below what providers keep a connection for, or a request would meet one that is being closed. */
const IDLE_CONNECTION_MS = 4000;

/** Only these: an address in a request would make this a proxy to anywhere. */
export function createTargets(config: Readonly<Record<string, ProxyTargetConfig>>): ReadonlyMap<string, ProxyTarget> {
	return new Map(Object.entries(config).map(([name, target]) => [name, targetOf(name, target)]));
}

function targetOf(name: string, config: ProxyTargetConfig): ProxyTarget {
	const url = new URL(config.url);
	const provider = config.provider ?? name;
	const keep = { keepAlive: true, timeout: IDLE_CONNECTION_MS };
	return {
		name,
		url,
		basePath: url.pathname.replace(/\/+$/, ''),
		provider,
		key: config.key === undefined ? undefined : createSecret(config.key, (path) => readFileSync(path, 'utf8')),
		keyHeader: (config.keyHeader ?? KEY_HEADERS[provider] ?? 'authorization').toLowerCase(),
		agent: url.protocol === 'https:' ? new HttpsAgent(keep) : new HttpAgent(keep),
		deployment: config.deployment,
		region: config.region,
		environment: config.environment,
	};
}

const KEY_HEADERS: Readonly<Record<string, string>> = {
	anthropic: 'x-api-key',
	gemini: 'x-goog-api-key',
	google: 'x-goog-api-key',
	azure: 'api-key',
};
