import { ConfigError, messageOf } from '#contracts/error.ts';
import { readBoards } from '#server/boards/read.ts';
import { boardsFolder, readConfiguration } from '#server/configuration.ts';
import { loadSettings } from '#server/config/settings.ts';
import type { Command } from '../command.ts';

/** Every fault of the configuration file, walls and dashboards at once, as file:line:column. */
export const checkCommand: Command = {
	name: 'check',
	usage: 'check',
	does: 'validate the configuration file, walls and dashboards, and print every fault',
	async run() {
		const faults: string[] = [];
		const counts = countsOf(faults);
		const folder = boardsFolder(loadSettings(process.env));
		const boards = readBoards(folder, process.env);
		for (const { file, faults: found } of boards)
			for (const { line, column, message } of found) faults.push(`${file}:${line}:${column} ${message}`);
		if (faults.length > 0) throw new ConfigError(faults.join('\n'));
		console.log(`${counts}, ${boards.length} walls and dashboards, no fault`);
		return 0;
	},
};

/** @returns what the configuration file holds, in words; what is wrong with it goes to `faults` */
function countsOf(faults: string[]): string {
	try {
		const { settings, config } = readConfiguration(process.env);
		const file = settings.configFile ?? 'no configuration file (the demo runs)';
		return `${file}: ${config.collectors.length} collectors, ${config.streams.length} stream rules`;
	} catch (error) {
		if (!(error instanceof ConfigError)) throw error;
		faults.push(messageOf(error));
		return '';
	}
}
