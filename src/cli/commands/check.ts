import { collectorFaults } from '#collectors/run.ts';
import { loadConfiguration } from '#server/config/load.ts';
import { loadSettings } from '#server/config/settings.ts';
import type { Command } from '../command.ts';

/** Every fault of the configuration file at once, as file:line:column. */
export const checkCommand: Command = {
	name: 'check',
	usage: 'check',
	does: 'validate the configuration file and print every fault',
	async run() {
		const settings = loadSettings(process.env);
		const { config } = loadConfiguration({ settings, env: process.env, collectorFaults });
		const file = settings.configFile ?? 'no configuration file (the demo runs)';
		console.log(`${file}: ${config.collectors.length} collectors, ${config.streams.length} stream rules, no fault`);
		return 0;
	},
};
