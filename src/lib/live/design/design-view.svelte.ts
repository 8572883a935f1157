import { createClock } from '#lib/chart/clock.ts';
import { liveRange, pan, zoom, type Range, type View } from '#lib/chart/view.ts';
import { numberFormat } from '#lib/format/number.ts';
import type { StreamView } from '#lib/live/pages/stream-view-port.ts';
import type { Sample } from './design-data.ts';

const WINDOW = { points: 2000 };

/** A picture that stands for itself: it can be moved and zoomed as on the page of a stream, and nothing comes in. */
export function createDesignView(sample: Sample): StreamView {
	const clock = createClock('utc');
	const whole = liveRange(sample.series.columns, WINDOW);
	let range = $state.raw<Range | undefined>(whole);
	let revision = $state(0);
	const view: View = { mode: 'live', window: WINDOW };

	function show(next: Range): void {
		range = next;
		revision++;
	}
	function resume(): void {
		range = whole;
		revision++;
	}

	return {
		view,
		plan: undefined,
		charts: [sample.chart],
		reachesBack: true,
		limits: [],
		fault: '',
		get revision() {
			return revision;
		},
		loading: false,
		canPause: false,
		bucketMs: sample.series.buckets?.widthMs ?? 0,
		window: WINDOW,
		clock,
		newPoints: () => ({ count: 0, more: false }),
		frame: () => ({
			series: sample.series,
			segments: sample.segments,
			range,
			format: numberFormat(sample.segments.at(-1)?.sigma ?? 0.1),
			unit: sample.unit,
			clock,
			expectMs: 1000,
			overlay: sample.overlay,
		}),
		title: () => ({ words: sample.name, unit: sample.unit }),
		range: () => range,
		isTouched: () => false,
		follow: resume,
		pause: () => undefined,
		show,
		zoomAt: (atMs, factor) => range && show(zoom(range, atMs, factor)),
		panBy: (share) => range && show(pan(range, share)),
		resume,
		chooseZone: () => undefined,
		cover: () => undefined,
		stop: () => undefined,
	};
}
