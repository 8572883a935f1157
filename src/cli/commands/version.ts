import { readVersion } from '#server/version.ts';
import type { Command } from '../command.ts';

export const versionCommand: Command = {
	name: 'version',
	usage: 'version',
	does: 'print the version',
	async run() {
		console.log(readVersion());
		return 0;
	},
};
