import type { Chart } from '#contracts/chart.ts';
import type { Rings } from '#lib/live/wire/rings.ts';

/** What a running page holds, for whoever looks into it: the console, a test, a support case. Reads only. */
export interface Inspection {
	/** The points that the charts of this stream are drawn from, oldest first; `t` in integer microseconds as in the API. */
	points(stream: string, chart?: Chart): { readonly t: readonly number[]; readonly v: readonly number[] };
}

declare global {
	interface Window {
		sigmascope: Inspection;
	}
}

export function exposePoints(window: Window, rings: Rings): void {
	window.sigmascope = {
		points(stream, chart = 'i') {
			const { tMs, v } = rings.columns(stream, chart);
			return { t: Array.from(tMs, (ms) => Math.round(ms * 1000)), v: [...v] };
		},
	};
}
