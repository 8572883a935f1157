import { readFileSync } from 'node:fs';
import { type Config, configSchema, type Settings } from '#contracts/config.ts';
import { ConfigError, messageOf } from '#contracts/error.ts';
import { type ParsedConfig, type ParseOptions, parseConfig } from './parse.ts';
import { createPlanFor } from './plan-for.ts';

export interface Configuration {
	readonly config: Config;
	readonly planFor: ParsedConfig['planFor'];
	readonly derived: ParsedConfig['derived'];
}

/**
 * The configuration file that the settings name; without one, the defaults.
 *
 * @throws ConfigError with every fault, one a line
 */
export function loadConfiguration(
	options: { readonly settings: Pick<Settings, 'configFile'> } & Omit<ParseOptions, 'file'>,
): Configuration {
	const file = options.settings.configFile;
	if (file === undefined) return { config: configSchema.parse({}), planFor: createPlanFor([]), derived: [] };
	const { config, faults, planFor, derived } = parseConfig(readText(file), { ...options, file });
	if (config === undefined) throw new ConfigError(faults.join('\n'));
	return { config, planFor, derived };
}

function readText(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		throw new ConfigError(`cannot read configuration "${file}": ${messageOf(error)}`);
	}
}
