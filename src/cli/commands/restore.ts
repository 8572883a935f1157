import { copyFileSync, constants, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { ConfigError, messageOf } from '#contracts/error.ts';
import { loadSettings } from '#server/config/settings.ts';
import { createWallClock } from '#server/clock.ts';
import { restoreBackup } from '#server/restore.ts';
import { readVersion } from '#server/version.ts';
import type { Command } from '../command.ts';

export const restoreCommand: Command = {
	name: 'restore',
	usage: [
		'restore DIR [--config FILE]',
		'  into the data folder (SIGMASCOPE_DATA), which has to be empty or not there; the server must not run on it',
		"  --config  where to write the backup's sigmascope.yaml; nothing that is there is written over",
	].join('\n'),
	does: 'fill an empty data folder from a backup',
	async run(args) {
		const { values, positionals } = parseArgs({
			args,
			allowPositionals: true,
			options: { config: { type: 'string' } },
		});
		const [from] = positionals;
		if (from === undefined) throw new ConfigError('cannot restore: which backup? sigmascope restore DIR');
		// The file that SIGMASCOPE_CONFIG names may be the very one that is to come out of the backup.
		const settings = loadSettings({ ...process.env, SIGMASCOPE_CONFIG: undefined });
		const to = resolve(settings.dataFolder);
		if (values.config !== undefined && existsSync(values.config))
			throw new ConfigError(`cannot write the configuration to ${values.config}: there is a file already`);
		const manifest = await restoreBackup({
			from,
			to,
			clickhouseUrl: settings.clickhouseUrl,
			version: readVersion(),
			log: pino({ level: 'silent' }),
			now: createWallClock(),
			onStep: (step) => process.stderr.write(`${step} ...\n`),
		});
		console.log(`restored ${to}: everything as of ${manifest.takenAt}`);
		console.log(configurationLine(join(from, 'sigmascope.yaml'), values.config));
		console.log('The start link has a new token; API keys are those of the backup.');
		return 0;
	},
};

function configurationLine(kept: string, wanted: string | undefined): string {
	if (!existsSync(kept)) return 'It has no configuration file: it ran without one.';
	if (wanted === undefined) return `Its configuration: ${kept} (--config FILE writes it for you)`;
	try {
		copyFileSync(kept, wanted, constants.COPYFILE_EXCL);
		return `Its configuration: ${wanted}`;
	} catch (error) {
		throw new ConfigError(`data is restored, but the configuration cannot be written: ${messageOf(error)}`);
	}
}
