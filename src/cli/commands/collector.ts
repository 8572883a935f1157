import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { ConfigError } from '#contracts/error.ts';
import { startCollectors } from '#server/collectors-process.ts';
import { readConfiguration } from '#server/configuration.ts';
import type { Command } from '../command.ts';
import { findHub } from '../hub.ts';

/** One collector of the configuration file in a process of its own, for example on the machine beside the device. */
export const collectorCommand: Command = {
	name: 'collector',
	usage: 'collector NAME\n  --url  of the Sigmascope that takes its points, default http://127.0.0.1:3000',
	does: 'run one collector of the configuration file here',
	async run(args) {
		const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { url: { type: 'string' } } });
		const { settings, config } = readConfiguration(process.env);
		const wanted = config.collectors.find((collector) => collector.name === positionals[0]);
		if (wanted === undefined) throw new ConfigError(unknownName(positionals[0], config.collectors));
		const hub = findHub(settings, values.url);
		const child = await startCollectors({
			setup: { hubUrl: hub.url, key: hub.key, spoolFolder: join(hub.dataFolder, 'spool'), collectors: [wanted] },
			log: pino(),
			onStatus: () => {},
		});
		for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void child.stop());
		await child.exited;
		return 0;
	},
};

function unknownName(name: string | undefined, collectors: readonly { readonly name: string }[]): string {
	const known = collectors.map((collector) => collector.name).join(', ') || 'none';
	return `cannot run collector ${JSON.stringify(name ?? '')}: the configuration has ${known}`;
}
