import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { actOf } from '#collectors/run.ts';
import { discoverSource } from '#collectors/try.ts';
import type { CollectorConfig } from '#contracts/config.ts';
import { ConfigError } from '#contracts/error.ts';
import { startCollectors } from '#server/collectors-process.ts';
import { readConfiguration } from '#server/configuration.ts';
import { discoveredLines } from '../check/discovered.ts';
import type { Command } from '../command.ts';
import { findHub } from '../hub.ts';

const ACTS = ['trust', 'probe'] as const;
const LISTEN_MS = 10_000;

/** One collector of the configuration file in a process of its own, for example on the machine beside the device. */
export const collectorCommand: Command = {
	name: 'collector',
	usage: `collector NAME
  --url     of the Sigmascope that takes its points, default http://127.0.0.1:3000
  --trust   opcua: show the certificate of the server and ask whether to trust it
  --browse  opcua, mqtt, modbus, http-poll, prometheus: what is there to read, as entries to paste. What narrows it may follow:
            a path 'Objects/Machine/**', a topic 'plant/#' (listens for 10 s), registers 'holding 0-199', text of a path, a metric
  --probe   modbus: each value in every order of its bytes, and which one makes sense`,
	does: 'run one collector of the configuration file here',
	async run(args) {
		const flag = { type: 'boolean' } as const;
		const options = { trust: flag, browse: flag, probe: flag, url: { type: 'string' } } as const;
		const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
		const { settings, config } = readConfiguration(process.env);
		const wanted = config.collectors.find((collector) => collector.name === positionals[0]);
		if (wanted === undefined) throw new ConfigError(unknownName(positionals[0], config.collectors));
		const act = ACTS.find((name) => values[name]);
		if (values.browse === true) return browse(wanted, join(settings.dataFolder, 'spool'), positionals[1]);
		if (act) return doOnce(act, { wanted, dataFolder: settings.dataFolder, argument: positionals[1] });
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

/** Prints what the source has, and how it is asked for. */
async function browse(config: CollectorConfig, spoolFolder: string, argument: string | undefined): Promise<number> {
	const over = new AbortController();
	const context = { spoolFolder, argument, forMs: LISTEN_MS, signal: over.signal };
	const found = await discoverSource(config, context);
	for (const line of discoveredLines(found)) console.log(line);
	return 0;
}

/** In this process, as a person waits for it; with the folder that the running collector has. */
async function doOnce(
	act: string,
	{ wanted, dataFolder, argument }: { wanted: CollectorConfig; dataFolder: string; argument: string | undefined },
): Promise<number> {
	await actOf(
		wanted,
		act,
	)({
		folder: join(dataFolder, 'spool', wanted.name),
		argument,
		print: (line) => console.log(line),
		ask,
	});
	return 0;
}

/** An input that ends without an answer is an empty one. */
async function ask(question: string): Promise<string> {
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
	const answer = await Promise.race([terminal.question(question), ended]);
	terminal.close();
	return answer;
}

function unknownName(name: string | undefined, collectors: readonly { readonly name: string }[]): string {
	const known = collectors.map((collector) => collector.name).join(', ') || 'none';
	return `cannot run collector ${JSON.stringify(name ?? '')}: the configuration has ${known}`;
}
