import { parseArgs } from 'node:util';
import { ConfigError } from '#contracts/error.ts';
import { EXPORT_FORMATS, type ExportFormat } from '#contracts/export.ts';
import { parseTime } from '#contracts/time.ts';

export const USAGE = [
	'export FOLDER --session ID | --streams KEY,KEY [--format csv]',
	'  FOLDER        where the files go; run again with the same folder it goes on where it was (csv, json)',
	'  --session     id of a session',
	'  --streams     keys of streams, * stands for anything: "press-1/*"',
	'  --from, --to  RFC 3339 or microseconds; default from the first point to now',
	`  --format      ${EXPORT_FORMATS.join(', ')}; default csv. metadata.json and SHA256SUMS stand beside it`,
	'  --time-zone   of the axes of charts, such as Europe/Berlin; default UTC',
	'  --url         of the Sigmascope; default the one on this machine',
].join('\n');

export interface ExportOptions {
	readonly folder: string;
	readonly session: string | undefined;
	/** Keys, with * for anything. */
	readonly streams: readonly string[];
	readonly from: string | undefined;
	readonly to: string | undefined;
	readonly format: ExportFormat;
	readonly timeZone: string | undefined;
	readonly url: string | undefined;
}

/** @throws ConfigError naming the flag */
export function parseExportArgs(args: string[]): ExportOptions {
	const text = { type: 'string' } as const;
	const { positionals, values } = parseArgs({
		args,
		allowPositionals: true,
		options: { session: text, streams: text, from: text, to: text, format: text, 'time-zone': text, url: text },
	});
	const [folder, ...more] = positionals;
	if (folder === undefined || more.length > 0) throw new ConfigError('cannot export: name one folder for the files');
	if ((values.session === undefined) === (values.streams === undefined))
		throw new ConfigError('cannot export: say what, by --session or by --streams');
	const format = EXPORT_FORMATS.find((one) => one === (values.format ?? 'csv'));
	if (!format)
		throw new ConfigError(
			`cannot export as ${JSON.stringify(values.format)}: --format is one of ${EXPORT_FORMATS.join(', ')}`,
		);
	for (const name of ['from', 'to'] as const)
		if (values[name] !== undefined && parseTime(values[name]) === undefined)
			throw new ConfigError(`cannot read --${name} ${JSON.stringify(values[name])}: write 2026-01-31T12:00:00Z`);
	const { session, from, to, url } = values;
	const streams = (values.streams ?? '').split(',').filter(Boolean);
	return { folder, session, streams, from, to, format, timeZone: values['time-zone'], url };
}
