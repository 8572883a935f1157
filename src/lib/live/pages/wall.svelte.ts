/* eslint-disable svelte/prefer-svelte-reactivity -- looked up when the revision says so, never drawn from */
import { onDestroy, untrack } from 'svelte';
import type { Standing } from '#lib/format/freshness.ts';
import type { App } from '#lib/live/app.svelte.ts';
import { nextConcerns, worstOf, type Concern, type Found } from './concerns.ts';
import type { StreamEntry } from '#lib/live/directory.svelte.ts';
import { countedAs, countStandings, type Counted } from './overview.ts';

const SOON_MS = 150;

/** How all streams stand: looked at every second, and soon when a state or a violation changed. */
export interface Wall {
	readonly counts: Readonly<Record<Counted, number>>;
	/** What is wrong now, the worst first. While nobody answers: as it was. */
	readonly concerns: readonly Concern<StreamEntry>[];
	/** Grows whenever a stream has come to be counted as something else. */
	readonly revision: number;
	/** As it was looked at last. */
	countedAs(stream: StreamEntry): Counted | undefined;
}

/** @returns lives as long as the component that makes it */
export function createWall(app: App): Wall {
	let counts = $state.raw(countStandings([]));
	let concerns = $state.raw<readonly Concern<StreamEntry>[]>([]);
	let revision = $state(0);
	let known: ReadonlyMap<string, Counted> = new Map();

	function look(): void {
		const found = app.directory.streams.map((stream) => foundAs(app, stream));
		counts = countStandings(found.map(({ standing }) => standing));
		if (app.connection.state !== 'lost') concerns = nextConcerns(concerns, found, app.nowMs);
		const next = new Map(found.map(({ id, standing }) => [id, countedAs(standing)]));
		if ([...next].some(([id, counted]) => known.get(id) !== counted)) revision++;
		known = next;
	}

	$effect(() => {
		void [app.nowMs, app.connection.state, app.directory.streams];
		untrack(look);
	});
	// A burst of events, as of a thousand streams at once, is one look.
	let soon: ReturnType<typeof setTimeout> | undefined;
	$effect(() => {
		void app.directory.revision;
		soon ??= setTimeout(() => {
			soon = undefined;
			look();
		}, SOON_MS);
	});
	onDestroy(() => clearTimeout(soon));

	return {
		get counts() {
			return counts;
		},
		get concerns() {
			return concerns;
		},
		get revision() {
			return revision;
		},
		countedAs: (stream) => known.get(stream.id),
	};
}

function foundAs(app: App, stream: StreamEntry): Found<StreamEntry> {
	const { standing, ageMs } = app.standingOf(stream);
	return {
		id: stream.id,
		stream,
		standing,
		severity: standing === 'violating' ? worstOf(stream.active.map(({ severity }) => severity)) : undefined,
		sinceMs: sinceOf(app, stream, standing),
		ageMs,
		isExpected: stream.expectMs !== undefined,
	};
}

/** @returns this machine's clock when it began to stand so; where nothing is wrong nobody asks */
function sinceOf(app: App, stream: StreamEntry, standing: Standing): number {
	if (standing === 'in-control' || standing === 'learning') return app.nowMs;
	const [oldest] = stream.active;
	// What is not judged has no point on the chart: it lasts since the newest one that has.
	const plottedMs = app.rings.columns(stream.id, stream.lead).tMs.at(-1);
	const beganMs = standing === 'violating' && oldest ? Date.parse(oldest.firstAt) : (plottedMs ?? stream.last?.tMs);
	return beganMs === undefined ? app.nowMs : beganMs + app.live.clockOffsetMs();
}
