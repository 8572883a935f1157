import type { ExportFormat } from '#contracts/export.ts';
import type { Recording } from '#contracts/recording.ts';
import type { StreamWithPlan } from '#server/metadata/port.ts';

/** Pictures as bytes: SVG is text already, PNG takes a renderer. */
export interface Pictures {
	/**
	 * Draws SVG of ours (`spcSvg`) as PNG, in a thread of its own.
	 *
	 * @param svg never one from outside
	 * @param size.width in pixels, 16 to 4096; the height follows
	 * @throws RetriableError while too many wait, and when the renderer died over it
	 */
	renderPng(svg: string, size: { readonly width: number }): Promise<Uint8Array>;
	stop(): Promise<void>;
}

export interface ExportWish {
	readonly format: ExportFormat;
	/** Those that who asks may see. */
	readonly streams: readonly StreamWithPlan[];
	readonly session: Recording | undefined;
	/** Both ends belong to it; undefined = from the first point, to the newest. */
	readonly fromMicros: number | undefined;
	readonly toMicros: number | undefined;
	/** Everything in a zip, with what CSV and Parquet have no room for. */
	readonly isBundle: boolean;
	/** Only what is about the points, without them. */
	readonly isFacts: boolean;
	/** The moment that an export which goes on was as of; undefined = now. */
	readonly asOfMicros: number | undefined;
	/** CSV and JSON: the last point that is there already. */
	readonly after: { readonly streamId: number; readonly tMicros: number } | undefined;
	readonly picture: {
		/** By its IANA name. */
		readonly timeZone: string;
		readonly theme: 'light' | 'dark' | 'print';
		/** Pixels, of PNG. */
		readonly width: number;
	};
}

export interface ExportAnswer {
	readonly type: string;
	readonly fileName: string;
	readonly asOfMicros: number;
	/** About how many points there are, for who shows progress. */
	readonly points: number;
	/** Where it is known before. */
	readonly bytes: number | undefined;
	/** Leaving it ends every query behind it. */
	readonly body: AsyncIterable<Uint8Array>;
}

export interface Exports {
	/**
	 * @param signal to be aborted in the end, however that came: whatever is still held is let go then
	 * @throws InputError for what cannot be exported in this format; RetriableError while the store is away or enough exports run
	 */
	open(wish: ExportWish, signal: AbortSignal): Promise<ExportAnswer>;
	/** HTML to look at and to print. */
	report(wish: Omit<ExportWish, 'format' | 'isBundle' | 'isFacts' | 'after'>): Promise<string>;
	stop(): Promise<void>;
}
