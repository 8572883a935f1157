import { dirname, resolve } from 'node:path';
import { collectorIssues, collectorSchemas } from '#collectors/run.ts';
import type { Config, Settings } from '#contracts/config.ts';
import { channelSchemas } from './alerts/channels/registry.ts';
import { type Configuration, loadConfiguration } from './config/load.ts';
import { loadSettings } from './config/settings.ts';

/**
 * Settings and configuration file, the collectors' own options checked by their schemas.
 *
 * @throws ConfigError with everything that is wrong, a line each
 */
export function readConfiguration(env: NodeJS.ProcessEnv): {
	readonly settings: Settings;
	readonly config: Config;
	readonly planFor: Configuration['planFor'];
	readonly derived: Configuration['derived'];
} {
	const settings = loadSettings(env);
	return {
		settings,
		...loadConfiguration({ settings, env, collectorIssues, collectorSchemas, channelSchemas: channelSchemas() }),
	};
}

/** Beside the configuration file, or where one would be: `walls/` and `dashboards/` are looked for there. */
export function boardsFolder({ configFile }: Pick<Settings, 'configFile'>): string {
	return resolve(dirname(configFile ?? 'sigmascope.yaml'));
}
