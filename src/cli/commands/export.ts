import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiList, ApiStream } from '#contracts/api.ts';
import { ConfigError } from '#contracts/error.ts';
import { loadSettings } from '#server/config/settings.ts';
import type { Command } from '../command.ts';
import { download, isThere, sumOf, type Download } from '../export/download.ts';
import { lastJsonPoint, lastRow } from '../export/last-point.ts';
import { parseExportArgs, USAGE, type ExportOptions } from '../export/options.ts';
import { findHub, type Hub } from '../hub.ts';
import { createBar } from '../export/bar.ts';

/** What stands in the folder while an export is under way. */
interface Under {
	readonly query: string;
	asOf?: string;
}

/** How the points of a format go on after a break. */
const LAST_POINT: Readonly<Record<string, Download['lastPoint']>> = { csv: lastRow, json: lastJsonPoint };
const CHARTS = ['png', 'svg', 'pdf'];

/** Brings points, charts or a report into a folder, with what is known about them beside them. */
export const exportCommand: Command = {
	name: 'export',
	usage: USAGE,
	does: 'bring points, charts or a report of a session or of streams into a folder (see docs/exports.md)',
	async run(args) {
		const options = parseExportArgs(args);
		const hub = findHub(loadSettings(process.env), options.url);
		const query = await queryOf(hub, options);
		mkdirSync(options.folder, { recursive: true });
		const stopping = new AbortController();
		process.once('SIGINT', () => stopping.abort());
		process.once('SIGTERM', () => stopping.abort());
		try {
			await bring(hub, options, query, stopping.signal);
			return 0;
		} catch (error) {
			if (!stopping.signal.aborted) throw error;
			console.error(
				`\nstopped; the same command goes on${options.format in LAST_POINT ? ' where it was' : ' with what is missing'}`,
			);
			return 130;
		}
	},
};

async function bring(
	hub: Hub,
	{ folder, format }: ExportOptions,
	query: URLSearchParams,
	signal: AbortSignal,
): Promise<void> {
	const state = createState(folder, query);
	const isChart = CHARTS.includes(format);
	const name = isChart ? (format === 'pdf' ? 'report.pdf' : `charts.${format}`) : `points.${format}`;
	const bar = createBar({ screen: process.stderr, nowMs: () => performance.now() });
	const names = [name];
	await bringOne(join(folder, name), query, LAST_POINT[format]);
	if (format === 'csv' || format === 'parquet') {
		const facts = new URLSearchParams([...query, ['part', 'metadata']]);
		const asOf = state.asOf.get();
		if (asOf) facts.set('asOf', asOf);
		await bringOne(join(folder, 'metadata.json'), facts, undefined);
		names.push('metadata.json');
	}
	bar.end();
	const sums = await Promise.all(names.map((one) => sumOf(join(folder, one), one)));
	writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
	state.done();
	console.log(`${names.join(', ')} and SHA256SUMS are in ${folder}`);

	async function bringOne(file: string, asked: URLSearchParams, lastPoint: Download['lastPoint']): Promise<void> {
		if (state.goesOn && (await isThere(file))) return;
		await download({ hub, query: asked, file, lastPoint, asOf: state.asOf, onProgress: bar.show, signal });
	}
}

/** Of another question than this one nothing is gone on with. */
function createState(folder: string, query: URLSearchParams) {
	const file = join(folder, '.export.json');
	const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Under) : undefined;
	const goesOn = before?.query === query.toString();
	const under: Under = goesOn && before ? before : { query: query.toString() };
	if (!goesOn)
		for (const name of ['points.csv', 'points.json']) rmSync(join(folder, `${name}.partial`), { force: true });
	const write = () => writeFileSync(file, JSON.stringify(under));
	write();
	return {
		goesOn,
		asOf: {
			get: () => under.asOf,
			set(asOf: string) {
				under.asOf ??= asOf;
				write();
			},
		},
		done: () => rmSync(file, { force: true }),
	};
}

async function queryOf(hub: Hub, options: ExportOptions): Promise<URLSearchParams> {
	const { session, from, to, format, timeZone } = options;
	const streams = session === undefined ? (await idsOf(hub, options.streams)).join(',') : undefined;
	const given = Object.entries({ session, streams, from, to, format, timeZone });
	return new URLSearchParams(given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** @throws ConfigError for a key that no stream has */
async function idsOf(hub: Hub, keys: readonly string[]): Promise<readonly string[]> {
	const ids = new Set<string>();
	for (const key of keys) {
		const search = new URLSearchParams({ key, limit: '1000' });
		const response = await fetch(`${hub.url}/api/v1/streams?${search}`, {
			headers: { authorization: `Bearer ${hub.key}` },
		}).catch(() => undefined);
		if (!response)
			throw new ConfigError(`cannot reach Sigmascope at ${hub.url}: is it running? (npm start; --url names another)`);
		if (!response.ok)
			throw new ConfigError(
				`cannot read streams at ${hub.url}: ${response.status} ${response.statusText}; SIGMASCOPE_API_KEY takes a key that may read`,
			);
		const { items } = (await response.json()) as ApiList<ApiStream>;
		if (items.length === 0) throw new ConfigError(`cannot export ${JSON.stringify(key)}: there is no such stream`);
		for (const { id } of items) ids.add(id);
	}
	return [...ids];
}
