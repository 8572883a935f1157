import type { Chart } from '#contracts/chart.ts';
import type { Inspection } from './stream-inspection.svelte.ts';
import type { StreamNotes } from './stream-notes.svelte.ts';
import type { StreamView } from './stream-view-port.ts';

/** What a chart hands to the page around it. */
export interface ChartTools {
	onSelect(range: { readonly minMs: number; readonly maxMs: number }): void;
	onChoose(chart: Chart, tMs: number): void;
	/**
	 * @param readMs the moment that the crosshair reads
	 * @returns false for a key that means nothing here
	 */
	onKey(key: string, chart: Chart, readMs: number | undefined): boolean;
}

/** What who looks at the page may do. */
export interface Mays {
	readonly act: boolean;
	readonly plan: boolean;
}

export function createChartTools(parts: {
	readonly view: StreamView;
	readonly inspection: Inspection;
	readonly notes: StreamNotes;
	readonly may: () => Mays;
	readonly showTable: () => void;
	readonly showKeys: () => void;
}): ChartTools {
	const { view, inspection, notes } = parts;

	/** About the selection, else about the point that is read. @returns whether there is one */
	function ask(what: 'comment' | 'exclude', chart: Chart, readMs: number | undefined): boolean {
		if (inspection.selection === undefined && inspection.chosen === undefined) {
			if (readMs === undefined || view.bucketMs > 0) return false;
			inspection.choose(chart, readMs);
		}
		inspection.ask(what);
		return true;
	}

	function zoom(): boolean {
		const { selection } = inspection;
		if (selection) view.show(selection);
		return selection !== undefined && inspection.close();
	}

	function withRead(readMs: number | undefined, act: (tMs: number) => void): boolean {
		if (readMs !== undefined) act(readMs);
		return readMs !== undefined;
	}

	function selectAll(): boolean {
		const range = view.range();
		if (range) inspection.select(range);
		return range !== undefined;
	}

	return {
		onSelect: inspection.select,
		onChoose: inspection.choose,
		onKey(key, chart, readMs) {
			const may = parts.may();
			switch (key.length === 1 ? key.toLowerCase() : key) {
				case 'Enter':
					return withRead(readMs, (tMs) => inspection.choose(chart, tMs));
				case '[':
					return withRead(readMs, (tMs) => inspection.setEnd('from', tMs));
				case ']':
					return withRead(readMs, (tMs) => inspection.setEnd('to', tMs));
				case 'a':
					return selectAll();
				case 'c':
					return may.act && ask('comment', chart, readMs);
				case 'x':
					return may.plan && ask('exclude', chart, readMs);
				case 'p':
					return may.act && view.bucketMs === 0 && withRead(readMs, (tMs) => void notes.pin(tMs));
				case 'z':
					return zoom();
				case 't':
					parts.showTable();
					return true;
				case '?':
					parts.showKeys();
					return true;
				case 'Escape':
					return inspection.close();
				default:
					return false;
			}
		},
	};
}
