import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import type { CollectorStatus } from '#collectors/messages.ts';
import { collectorFaults } from '#collectors/run.ts';
import { collectorSchema, type CollectorConfig } from '#contracts/config.ts';
import { ConfigError, InputError } from '#contracts/error.ts';
import { startCollectors } from '#server/collectors-process.ts';
import { loadSettings } from '#server/config/settings.ts';
import type { Command } from '../command.ts';
import { checkHub, findHub, type Hub } from '../hub.ts';

/**
 * Brings a CSV file in as history: the replay collector at full speed. It keeps its place and its queue in the data
 * folder, so an interrupted import goes on where it was, and one that is run again sends nothing twice.
 */
export const importCommand: Command = {
	name: 'import',
	usage: [
		'import FILE.csv [--stream KEY] [--time COLUMN] [--value COLUMN]',
		'  --stream    key of the stream; default import/<file name>',
		'  --time      column with the time, default timestamp',
		'  --value     column with the number, default value',
		'  --unit      unit of the values',
		'  --site      site that it belongs to; default the one of the key',
		'  --timezone  of times that name none, default UTC',
		'  --url       of the Sigmascope that takes it, default http://127.0.0.1:3000',
	].join('\n'),
	does: 'bring a CSV file in with its own times, judged as history',
	async run(args) {
		const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
		const file = positionals[0];
		if (file === undefined) throw new ConfigError('cannot import: which file? sigmascope import FILE.csv');
		const { url, site, stream = `import/${basename(file, extname(file))}`, ...columns } = values;
		const config = collectorOf({ file: resolve(file), stream, site, ...columns });
		const hub = findHub(loadSettings(process.env), url);
		await checkHub(hub, { site });
		return await run(config, hub);
	},
};

const OPTIONS = {
	stream: { type: 'string' },
	time: { type: 'string' },
	value: { type: 'string' },
	unit: { type: 'string' },
	site: { type: 'string' },
	timezone: { type: 'string' },
	url: { type: 'string' },
} as const;

function collectorOf(
	options: { readonly file: string; readonly stream: string } & Record<string, string | undefined>,
): CollectorConfig {
	if (!existsSync(options.file)) throw new ConfigError(`cannot import ${options.file}: there is no such file`);
	const identity = createHash('sha256').update(JSON.stringify(options)).digest('hex').slice(0, 12);
	const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
	const parsed = collectorSchema.safeParse({
		name: `import-${identity}`,
		type: 'replay',
		speed: 'max',
		as: 'original',
		...given,
	});
	const faults = parsed.success
		? collectorFaults(parsed.data)
		: parsed.error.issues.map(({ path, message }) => ({ path: `--${path.join('.')}`, message }));
	if (!parsed.success || faults.length > 0) throw new InputError(`cannot import ${options.file}`, faults);
	return parsed.data;
}

/** Runs until the file is at its end and the hub has acknowledged all of it. */
async function run(config: CollectorConfig, hub: Hub): Promise<number> {
	const finished = Promise.withResolvers<CollectorStatus>();
	let last: CollectorStatus | undefined;
	const child = await startCollectors({
		setup: { hubUrl: hub.url, key: hub.key, spoolFolder: join(hub.dataFolder, 'spool'), collectors: [config] },
		log: pino({ level: 'silent' }),
		onStatus({ collectors: [status] }) {
			if (status === undefined) return;
			last = status;
			showProgress(status);
			if (hasFailed(status) || (status.state === 'ended' && status.spool.depth === 0)) finished.resolve(status);
		},
	});
	const interrupted = new Promise<string>((resolve) => process.once('SIGINT', () => resolve('interrupted')));
	const outcome = await Promise.race([finished.promise, child.exited, interrupted]);
	await child.stop();
	process.stderr.write('\n');
	if (typeof outcome === 'string')
		throw new ConfigError(
			`the import is not finished (${outcome}); run the same command again and it goes on where it was`,
		);
	if (hasFailed(outcome)) throw new ConfigError(outcome.lastError?.message ?? 'the file cannot be read');
	console.log(summary(last ?? outcome));
	return outcome.faults > 0 ? 3 : 0;
}

/** A replay waits for a file that is not there yet; whoever imports one has to hear that it cannot be read. */
function hasFailed({ state, lastError }: CollectorStatus): boolean {
	return state === 'misconfigured' || (state === 'waiting' && lastError !== null);
}

function showProgress({ points, gaps, spool, faults, connected, lastError }: CollectorStatus): void {
	const parts = [
		`${points - Math.min(points, spool.depth)} points taken`,
		`${spool.depth} on the way`,
		`${gaps} gaps`,
		`${faults} bad rows`,
	];
	if (!connected && lastError?.source === 'hub') parts.push(lastError.message);
	process.stderr.write(`\r${parts.join(', ')}   `);
}

function summary({ points, gaps, faults, lastError }: CollectorStatus): string {
	const lines = [`${points} points and ${gaps} gaps imported`];
	if (points + gaps + faults === 0) lines.push('nothing new: the file has no rows, or it has been imported before');
	if (faults > 0) lines.push(`${faults} rows could not be read; the last: ${lastError?.message ?? 'unknown'}`);
	return lines.join('\n');
}
