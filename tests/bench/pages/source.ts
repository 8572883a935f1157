import { createLiveClient } from '#lib/live/wire/client.ts';
import { createLimitsBook, type LimitsBook } from '#lib/live/wire/limits-book.ts';
import type { Columns } from '#lib/live/wire/ring.ts';
import { createRings } from '#lib/live/wire/rings.ts';
import { createScheduler } from '#lib/live/wire/scheduler.ts';
import { openSocket } from '#lib/live/wire/socket.ts';

/** Of each stream so many points are drawn, ten times a second. */
export const POINTS = 1000;
const RATE_HZ = 10;
const COLUMNS = 8;

export interface Picture {
	draw(columns: Columns): void;
}

/**
 * The page of one library: a grid of charts that are fed by the product's own connection, rings and scheduler, so that
 * only what draws differs between the pages.
 */
export async function startPage(
	create: (host: HTMLElement, stream: string, limits: LimitsBook) => Picture,
): Promise<void> {
	const answer = await fetch('/api/v1/streams?limit=1000');
	const { items } = (await answer.json()) as { items: { id: string }[] };
	const streams = items.map(({ id }) => id);
	const hosts = layOut(streams.length);
	const rings = createRings();
	const limits = createLimitsBook();
	const scheduler = createScheduler({
		request: requestAnimationFrame.bind(window),
		cancel: cancelAnimationFrame.bind(window),
		nowMs: performance.now.bind(performance),
	});
	const drawn = Object.assign(window, { charts: 0 });
	const drawables = new Map(
		streams.map((stream, i) => {
			const picture = create(hosts[i]!, stream, limits);
			const draw = () => {
				drawn.charts++;
				picture.draw(newest(rings.columns(stream, 'i')));
			};
			return [stream, { draw }];
		}),
	);
	const live = createLiveClient({
		rings,
		open: (handlers) => openSocket(`ws://${location.host}/api/v1/live`, handlers),
		probe: () => Promise.resolve('up'),
		nowMs: Date.now,
		random: Math.random,
		after: (delayMs, callback) => {
			const timer = setTimeout(callback, delayMs);
			return () => clearTimeout(timer);
		},
	});
	live.listen({
		onSnapshot: (snapshot) => limits.addLive(snapshot.limits),
		onEvent: (event) => event.limits && limits.addLive([event.limits]),
		onPoints: (touched) => touched.forEach((stream) => scheduler.mark(drawables.get(stream)!)),
	});
	live.subscribe({ streams, need: { points: POINTS, charts: ['i'] }, rateHz: RATE_HZ });
}

function newest(all: Columns): Columns {
	const from = Math.max(0, all.length - POINTS);
	return {
		length: all.length - from,
		tMs: all.tMs.subarray(from),
		v: all.v.subarray(from),
		signals: all.signals.subarray(from),
		flags: all.flags.subarray(from),
		quality: all.quality.subarray(from),
	};
}

function layOut(count: number): HTMLElement[] {
	document.body.style.cssText =
		`margin: 0; display: grid; height: 100vh; gap: 4px; grid-template-columns: repeat(${COLUMNS}, minmax(0, 1fr));` +
		`grid-auto-rows: calc((100vh - ${4 * (count / COLUMNS - 1)}px) / ${count / COLUMNS})`;
	return Array.from({ length: count }, () => document.body.appendChild(document.createElement('div')));
}
