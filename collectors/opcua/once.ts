import { join } from 'node:path';
import { ConfigError } from '#contracts/error.ts';
import type { CollectorContext } from '../kit/collector.ts';
import type { ClientOptions } from './client.ts';
import type { OpcuaConfig } from './config.ts';
import { remedy } from './remedy.ts';
import { createTrustFolder, trustFolderOf } from './trust.ts';

/** For what is done once, for a person who waits: with the certificate of the running collector. */
export function optionsOf(
	config: OpcuaConfig,
	{ name, folder }: Pick<CollectorContext, 'name' | 'folder'>,
): ClientOptions {
	return {
		config,
		name,
		folder: join(folder, 'opcua'),
		trust: createTrustFolder(trustFolderOf(config.security, folder)),
	};
}

/** A person wants the cause, not where in our code it was noticed. */
export function fail({ url }: OpcuaConfig): (error: unknown) => never {
	return (error) => {
		throw new ConfigError(`${url}: ${remedy(error)}`);
	};
}
