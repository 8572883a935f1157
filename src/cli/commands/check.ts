import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CollectorConfig } from '#contracts/config.ts';
import { durationMs } from '#contracts/duration.ts';
import { ConfigError, messageOf } from '#contracts/error.ts';
import { readBoards } from '#server/boards/read.ts';
import { boardsFolder, readConfiguration } from '#server/configuration.ts';
import { loadSettings } from '#server/config/settings.ts';
import { tryAll } from '../check/connect.ts';
import { linesOf } from '../check/table.ts';
import type { Command } from '../command.ts';

/** Every fault of the configuration file, walls and dashboards at once, as file:line:column. */
export const checkCommand: Command = {
	name: 'check',
	usage: `check
  --connect  also ask each source: whether it answers and lets us in, and for the first value of everything that is asked for.
             Beside a running server; nothing is stored. Ends with 1 when something has no value
  --wait     how long, default 10s
  --only     NAME of one collector`,
	does: 'validate the configuration file, walls and dashboards, and print every fault',
	async run(args) {
		const options = { connect: { type: 'boolean' }, wait: { type: 'string' }, only: { type: 'string' } } as const;
		const { values } = parseArgs({ args, options });
		const faults: string[] = [];
		const { counts, collectors, dataFolder } = countsOf(faults);
		const folder = boardsFolder(loadSettings(process.env));
		const boards = readBoards(folder, process.env);
		for (const { file, faults: found } of boards)
			for (const { line, column, message } of found) faults.push(`${file}:${line}:${column} ${message}`);
		if (faults.length > 0) throw new ConfigError(faults.join('\n'));
		console.log(`${counts}, ${boards.length} walls and dashboards, no fault`);
		if (values.connect !== true) return 0;
		return connect(collectors, { dataFolder, only: values.only, forMs: parseWait(values.wait) });
	},
};

interface Connect {
	readonly dataFolder: string;
	readonly only: string | undefined;
	readonly forMs: number;
}

async function connect(all: readonly CollectorConfig[], { dataFolder, only, forMs }: Connect): Promise<number> {
	const wanted = only === undefined ? all : all.filter(({ name }) => name === only);
	if (wanted.length === 0)
		throw new ConfigError(`the configuration has no collector${only === undefined ? '' : ` ${JSON.stringify(only)}`}`);
	const spoolFolder = join(dataFolder, 'spool');
	const tried = await tryAll(wanted, { spoolFolder, forMs });
	for (const one of tried) console.log(['', ...linesOf(one, forMs)].join('\n'));
	const failed = tried.filter(({ isComplete }) => !isComplete).length;
	console.log(
		`\n${tried.length === 1 ? '1 source' : `${tried.length} sources`}, ${failed === 0 ? 'all of them answer with values' : `${failed} not in order`}`,
	);
	return failed === 0 ? 0 : 1;
}

function parseWait(text = '10s'): number {
	const parsed = durationMs.safeParse(text);
	if (!parsed.success || parsed.data < 1)
		throw new ConfigError(`--wait ${JSON.stringify(text)}: write it like 10s or 2m`);
	return parsed.data;
}

/** @returns what the configuration file holds, in words; what is wrong with it goes to `faults` */
function countsOf(faults: string[]): { counts: string; collectors: readonly CollectorConfig[]; dataFolder: string } {
	try {
		const { settings, config } = readConfiguration(process.env);
		const file = settings.configFile ?? 'no configuration file (the demo runs)';
		const counts = `${file}: ${config.collectors.length} collectors, ${config.streams.length} stream rules`;
		return { counts, collectors: config.collectors, dataFolder: settings.dataFolder };
	} catch (error) {
		if (!(error instanceof ConfigError)) throw error;
		faults.push(messageOf(error));
		return { counts: '', collectors: [], dataFolder: '' };
	}
}
