import type { Registry } from 'prom-client';
import { InputError, RetriableError } from '#contracts/error.ts';
import { MICROS_PER_MS, type NowMicros } from '#contracts/time.ts';
import { spcPicture } from '#lib/drawing/spc-svg.ts';
import { stacked } from '#lib/drawing/stacked.ts';
import { svgOf } from '#lib/drawing/svg.ts';
import type { EngineView, Replot } from '#server/engine/port.ts';
import type { Metadata } from '#server/metadata/port.ts';
import type { Store } from '#server/store/port.ts';
import { bundleOf, type BundledFile } from './bundle.ts';
import { chartOf } from './charts.ts';
import { csvOf } from './csv.ts';
import { factsOf } from './facts.ts';
import { createGate } from './gate.ts';
import { createExportMetrics, type CountedExport } from './metrics.ts';
import { parquetOf } from './parquet.ts';
import type { ExportAnswer, Exports, ExportWish, Pictures } from './port.ts';
import { reportHtml, reportPdf } from './report/report.ts';
import { stretchesOf, type Range, type Stretch } from './stretches.ts';

export interface ExportsOptions {
	readonly store: Store;
	readonly metadata: Metadata;
	readonly engine: Pick<EngineView, 'limits' | 'windows'>;
	readonly pictures: Pictures;
	readonly replot: Replot;
	/** Where files wait that cannot be made piece by piece; it is the exports' own. */
	readonly folder: string;
	/** Resolves when what had been acknowledged before is stored, or when that takes too long. */
	readonly settled: () => Promise<void>;
	readonly versions: Readonly<Record<string, string>>;
	readonly now: NowMicros;
	readonly random: () => string;
	readonly registry: Registry;
}

/** More at once would only wait for one another. */
const MOST_AT_ONCE = 4;
const BUSY_RETRY_MS = 5000;
/** One query of the store makes the whole file. */
const MOST_PARQUET_POINTS = 50_000_000;
/** Charts of one picture; a report has a page for each. */
const MOST_CHARTS = 12;
const TYPES = {
	csv: 'text/csv; charset=utf-8; header=present',
	json: 'application/json',
	parquet: 'application/vnd.apache.parquet',
	png: 'image/png',
	svg: 'image/svg+xml',
	pdf: 'application/pdf',
} as const;

/** What an export is of, once it is known what there is. */
interface Known {
	readonly wish: ExportWish;
	readonly range: Range;
	readonly asOfMicros: number;
	readonly stretches: readonly Stretch[];
	readonly points: number;
}

/** @throws nothing; `open` does */
export function createExports(options: ExportsOptions): Exports {
	const { store, metadata, engine, replot, now } = options;
	const gate = createGate();
	const counted = createExportMetrics(options.registry);
	const sources = { store, metadata, engine, gate, replot };
	const stopping = new AbortController();
	let running = 0;

	async function open(wish: ExportWish, signal: AbortSignal): Promise<ExportAnswer> {
		if (running >= MOST_AT_ONCE)
			throw new RetriableError(`${running} exports run already; try again when one is done`, {
				retryAfterMs: BUSY_RETRY_MS,
			});
		running++;
		const counting = counted(wish.format);
		let isOver = false;
		/** The place is free again when the last byte is out, or when who reads has left. */
		const release = () => {
			if (!isOver) running--;
			isOver = true;
		};
		const gone = AbortSignal.any([signal, stopping.signal]);
		const left = () => {
			counting.end('left');
			release();
		};
		gone.addEventListener('abort', left, { once: true });
		try {
			const known = await know(wish);
			const { bytes, body } = await bodyOf(known, gone);
			const facts = { asOfMicros: known.asOfMicros, points: known.points, bytes };
			const type = wish.isBundle ? 'application/zip' : wish.isFacts ? TYPES.json : TYPES[wish.format];
			return { ...facts, type, fileName: fileNameOf(known), body: until(body, { release, counting }) };
		} catch (error) {
			counting.end(error instanceof InputError ? 'refused' : 'failed');
			release();
			throw error;
		}
	}

	async function know(wish: ExportWish): Promise<Known> {
		const asOfMicros = wish.asOfMicros ?? now();
		if (wish.asOfMicros === undefined) await options.settled();
		const range = { fromMicros: wish.fromMicros ?? 0, toMicros: wish.toMicros ?? asOfMicros };
		if (range.fromMicros > range.toMicros)
			throw new InputError('cannot export', [{ path: 'query.from', message: 'is after to' }]);
		const stretches = await stretchesOf(store, wish.streams, range);
		return { wish, range, asOfMicros, stretches, points: stretches.reduce((sum, one) => sum + one.points, 0) };
	}

	async function bodyOf(known: Known, signal: AbortSignal): Promise<Pick<ExportAnswer, 'bytes' | 'body'>> {
		const { wish } = known;
		if (wish.isBundle) return { bytes: undefined, body: bundle(known, signal) };
		if (wish.isFacts) return { bytes: undefined, body: facts({ ...known, wish: unbroken(wish) }, false, signal) };
		switch (wish.format) {
			case 'csv':
				return { bytes: undefined, body: csv(known, signal) };
			case 'json':
				return { bytes: undefined, body: facts(known, true, signal) };
			case 'parquet':
				return parquet(known, signal);
			case 'svg':
				return whole(Buffer.from(await svg(known, signal)));
			case 'png':
				return whole(await options.pictures.renderPng(await svg(known, signal), { width: wish.picture.width }));
			case 'pdf':
				return whole(await reportPdf(sources, reported(known), signal));
		}
	}

	function csv({ wish, ...known }: Known, signal: AbortSignal) {
		return csvOf({ store, gate, ...known, after: wish.after }, signal);
	}

	function parquet({ points, ...known }: Known, signal: AbortSignal) {
		if (points > MOST_PARQUET_POINTS)
			throw new InputError('cannot export', [
				{
					path: 'query.format',
					message: `parquet takes ${MOST_PARQUET_POINTS} points in one file and there are ${points}: ask for shorter ranges (from, to), or for csv`,
				},
			]);
		return parquetOf({ store, gate, ...known, folder: options.folder, name: options.random() }, signal);
	}

	function facts({ wish, ...known }: Known, withPoints: boolean, signal: AbortSignal) {
		const { session } = wish;
		const told = session ? { id: session.id, name: session.name, notes: session.notes } : null;
		return factsOf(
			sources,
			{ ...known, versions: options.versions, session: told, withPoints, after: wish.after },
			signal,
		);
	}

	async function svg({ wish, range, stretches }: Known, signal: AbortSignal): Promise<string> {
		if (stretches.length > MOST_CHARTS)
			throw new InputError('cannot export', [
				{
					path: 'query.streams',
					message: `a picture has ${MOST_CHARTS} streams at most; format=pdf has a page for each`,
				},
			]);
		const { timeZone, theme } = wish.picture;
		const pictures = [];
		for (const stretch of stretches)
			pictures.push(spcPicture(await chartOf(sources, stretch, { range, timeZone }, signal), theme));
		return svgOf(stacked(pictures));
	}

	/** What one format has no room for stands beside it. */
	function bundle(known: Known, signal: AbortSignal): AsyncIterable<Uint8Array> {
		const { wish, points, stretches } = known;
		const files: BundledFile[] = [
			{
				name: 'metadata.json',
				body: (gone) => facts({ ...known, wish: unbroken(wish) }, wish.format === 'json', gone),
			},
		];
		if (wish.format === 'csv')
			files.push({ name: 'points.csv', body: (gone) => csv({ ...known, wish: unbroken(wish) }, gone) });
		if (wish.format === 'parquet')
			files.push({
				name: 'points.parquet',
				body: async function* (gone) {
					yield* (await parquet({ ...known, points }, gone)).body;
				},
			});
		if (stretches.length <= MOST_CHARTS)
			files.push({
				name: 'charts.svg',
				body: async function* (gone) {
					yield Buffer.from(await svg(known, gone));
				},
			});
		return bundleOf(files, known.asOfMicros / MICROS_PER_MS, signal);
	}

	function reported({
		wish,
		range,
		asOfMicros,
		stretches,
	}: Pick<Known, 'wish' | 'range' | 'asOfMicros' | 'stretches'>) {
		const { session, picture } = wish;
		return { session, range, asOfMicros, stretches, timeZone: picture.timeZone, versions: options.versions };
	}

	return {
		open,
		async report(wish) {
			const known = await know({ ...wish, format: 'pdf', isBundle: false, isFacts: false, after: undefined });
			return reportHtml(sources, reported(known), stopping.signal);
		},
		async stop() {
			stopping.abort(new RetriableError('the server is stopping'));
		},
	};
}

async function* until(
	body: AsyncIterable<Uint8Array>,
	{ release, counting }: { readonly release: () => void; readonly counting: CountedExport },
): AsyncGenerator<Uint8Array> {
	try {
		for await (const chunk of body) {
			counting.piece(chunk.length);
			yield chunk;
		}
		counting.end('done');
	} catch (error) {
		counting.end('failed');
		throw error;
	} finally {
		counting.end('left');
		release();
	}
}

const unbroken = (wish: ExportWish): ExportWish => ({ ...wish, after: undefined });

function whole(bytes: Uint8Array) {
	return { bytes: bytes.length, body: once(bytes) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}

/** Of letters that every system takes for a name. */
function fileNameOf({ wish, stretches, range }: Known): string {
	const only = stretches.length === 1 ? stretches[0]?.of.stream.key : `${stretches.length} streams`;
	const what = (wish.session?.name ?? only ?? 'export')
		.replace(/[^\p{L}\p{N}]+/gu, '-')
		.replace(/^-|-$/g, '')
		.slice(0, 80);
	const day = new Date(range.toMicros / MICROS_PER_MS).toISOString().slice(0, 10);
	const ending = wish.isBundle ? 'zip' : wish.isFacts ? 'metadata.json' : wish.format;
	return `${what || 'export'}-${day}.${ending}`;
}
