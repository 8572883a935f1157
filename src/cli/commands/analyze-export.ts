import { readExportFolder, wholeExport, type WholeExport } from '../export/read.ts';
import { replay, type Replayed } from '../export/replay.ts';

/** What judging an export anew came to. */
export interface ExportAnswer {
	readonly streams: readonly Replayed[];
	/** Whether everything that can be judged anew came to what was found live. */
	readonly reproduced: boolean;
}

/** @throws InputError for what is no whole export */
export async function analyzeExport(
	of: { readonly folder: string } | { readonly document: unknown },
): Promise<ExportAnswer> {
	const whole = 'folder' in of ? await readExportFolder(of.folder) : wholeOf(of.document);
	const streams = whole.streams.map(replay);
	return { streams, reproduced: streams.every(({ missing, more }) => missing.length + more.length === 0) };
}

function wholeOf(document: unknown): WholeExport {
	return wholeExport(document as WholeExport);
}

export function exportTable({ streams }: ExportAnswer): string {
	return streams
		.map(({ key, judged, note, expected, signals, missing, more }) => {
			if (judged === 'not') return `${key}: not judged anew: ${note}`;
			const same = missing.length + more.length === 0;
			const words = same
				? `all ${expected} signals reproduced`
				: `${signals.length} signals, ${missing.length} missing, ${more.length} more than live`;
			return `${key}: ${words}${note === '' ? '' : ` (${note})`}`;
		})
		.join('\n');
}
