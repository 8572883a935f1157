import type { ApiLimits } from '#contracts/api.ts';
import type { Chart } from '#contracts/chart.ts';
import type { PlanInput } from '#contracts/plan.ts';
import type { Clock, Zone } from '#lib/chart/clock.ts';
import type { ChartFrame } from '#lib/chart/control-chart.ts';
import type { Overlay, Stretch } from '#lib/chart/overlay.ts';
import type { LiveWindow, Range, View } from '#lib/chart/view.ts';

/** What the page of one stream shows: which stretch of time, from where, and with which limits. */
export interface StreamView {
	readonly view: View;
	readonly plan: PlanInput | undefined;
	/** What is drawn, the chart that leads first; none until the plan is known. */
	readonly charts: readonly Chart[];
	/** The past beyond the points at hand can be drawn: what is stored is what is plotted. */
	readonly reachesBack: boolean;
	/** Every version, newest first. */
	readonly limits: readonly ApiLimits[];
	readonly fault: string;
	/** Changes when a paused picture has to be drawn anew. */
	readonly revision: number;
	readonly loading: boolean;
	/** There is a picture that could stand still. */
	readonly canPause: boolean;
	/** Milliseconds that one bucket stands for; 0 when every point is drawn. */
	readonly bucketMs: number;
	/** What is shown while live. */
	readonly window: LiveWindow;
	readonly clock: Clock;
	/** How many points came since the picture stands still; `more` when they are more than are kept here. */
	newPoints(): { readonly count: number; readonly more: boolean };
	frame(chart: Chart): ChartFrame;
	/** What a chart plots in words, and its unit. */
	title(chart: Chart): { readonly words: string; readonly unit: string };
	range(): Range | undefined;
	/** true when points that come in now are part of the picture. */
	isTouched(): boolean;
	follow(window: LiveWindow): void;
	/** The stretch that is shown stands still; the newest points go on coming in behind it. */
	pause(): void;
	show(range: Range): void;
	/** @param factor above 1 shows more; while live it goes on following, unless somebody looks closer at the past */
	zoomAt(atMs: number, factor: number): void;
	/** @param share of what is shown, positive towards the present */
	panBy(share: number): void;
	/** Back to the present. */
	resume(): void;
	chooseZone(zone: Zone): void;
	/** What lies over the charts from here on, and what was taken out of them. */
	cover(overlay: Overlay, excluded: readonly Stretch[]): void;
	stop(): void;
}
