import { readFileSync } from 'node:fs';
import type { Command } from '../command.ts';

export const versionCommand: Command = {
	name: 'version',
	usage: 'version',
	does: 'print the version',
	async run() {
		const manifest = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
		console.log((JSON.parse(manifest) as { version: string }).version);
		return 0;
	},
};
