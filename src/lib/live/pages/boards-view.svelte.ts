/* eslint-disable svelte/prefer-svelte-reactivity -- made anew with every change of what they are made from */
import { onDestroy, untrack } from 'svelte';
import { OVERVIEW_CHARTS } from '#contracts/charted.ts';
import { filled, type Values } from '#contracts/board-match.ts';
import type { ApiBoard, BoardPage } from '#contracts/board.ts';
import { ApiError } from '#lib/live/api.ts';
import type { App } from '#lib/live/app.svelte.ts';
import type { StreamEntry } from '#lib/live/directory.svelte.ts';
import { createWall, type Wall } from '#lib/live/pages/wall.svelte.ts';
import type { BoardsApi } from './boards-api.ts';
import { placeTiles, valuesOf, type Placed } from './boards-tiles.ts';

export type PlacedTile = Placed<StreamEntry>;

/** One screenful with its streams. */
export interface ShownPage {
	readonly page: BoardPage;
	readonly values: Values;
	readonly title: string;
	readonly tiles: readonly PlacedTile[];
}

export interface BoardView {
	/** Undefined until it has come. */
	readonly board: ApiBoard | undefined;
	/** Why it could not be had; empty while it could. */
	readonly fault: string;
	/** There is none of this name. */
	readonly isMissing: boolean;
	readonly pages: readonly ShownPage[];
	/** How all streams stand. */
	readonly wall: Wall;
}

/** Follows the file: what somebody saves is on every screen within this. */
const LOOK_EVERY_MS = 2_000;
/** What a usual interval is found from. */
const FEW_POINTS = 40;
const MANY = 2_000;
/** A crew does not see more; of very many charts half of that keeps a small computer cool. */
const RATE_HZ = 4;
const MANY_CHARTS = 24;

/** A wall or dashboard, kept as its file is. Lives as long as the component that makes it. */
export function createBoardView(
	app: App,
	api: BoardsApi,
	asked: { readonly name: () => string; readonly parameters: () => URLSearchParams },
): BoardView {
	let board = $state.raw<ApiBoard | undefined>();
	let fault = $state('');
	let isMissing = $state(false);
	let timer: ReturnType<typeof setTimeout> | undefined;
	let stopped = false;
	const wall = createWall(app);

	async function look(name: string): Promise<void> {
		clearTimeout(timer);
		try {
			const next = await api.get(name);
			if (name !== asked.name()) return;
			if (next.revision !== board?.revision) board = next;
			[fault, isMissing] = ['', false];
		} catch (error) {
			if (name !== asked.name()) return;
			isMissing = error instanceof ApiError && error.status === 404;
			// A wall whose file is gone must not go on as if it were there.
			if (isMissing) board = undefined;
			fault = error instanceof Error ? error.message : String(error);
		}
		if (!stopped) timer = setTimeout(() => void look(name), LOOK_EVERY_MS);
	}
	$effect(() => {
		const name = asked.name();
		untrack(() => {
			board = undefined;
			void look(name);
		});
	});
	onDestroy(() => {
		stopped = true;
		clearTimeout(timer);
	});

	const isRanked = $derived(
		board?.pages.some(({ tiles }) => tiles.some((tile) => 'order' in tile && tile.order === 'worst')) ?? false,
	);
	/** As text: a look every second that comes to the same order changes nothing. */
	const worst = $derived(isRanked ? wall.concerns.map(({ id }) => id).join(' ') : '');
	const pages = $derived.by(() => {
		const rank = new Map(worst.split(' ').map((id, i) => [id, i]));
		const rankOf = ({ id }: StreamEntry) => rank.get(id) ?? Infinity;
		return (board?.pages ?? []).map((page): ShownPage => {
			const values = valuesOf(page, asked.parameters());
			const title = filled(page.title, values);
			return { page, values, title, tiles: placeTiles(page, { values, streams: app.directory.streams, rankOf }) };
		});
	});

	const charts = () =>
		Math.max(0, ...pages.map(({ tiles }) => tiles.filter(({ tile }) => tile.type === 'chart').length));

	// Those of all pages at once: what comes in turn is there when its turn comes.
	const interest = (isChart: boolean) => {
		const tiles = pages.flatMap((page) => page.tiles).filter(({ tile }) => (tile.type === 'chart') === isChart);
		const streams = [...new Set(tiles.flatMap(({ watched }) => watched.map(({ id }) => id)))];
		const points = Math.max(FEW_POINTS, ...tiles.map(({ tile }) => (tile.type === 'chart' ? tile.points : 0)));
		const need = { points: streams.length > MANY ? FEW_POINTS : points, charts: OVERVIEW_CHARTS };
		return { streams, need, rateHz: charts() > MANY_CHARTS ? RATE_HZ / 2 : RATE_HZ };
	};
	for (const isChart of [true, false]) {
		const subscription = app.live.subscribe(untrack(() => interest(isChart)));
		$effect(() => subscription.change(interest(isChart)));
		onDestroy(() => subscription.stop());
	}

	return {
		get board() {
			return board;
		},
		get fault() {
			return fault;
		},
		get isMissing() {
			return isMissing;
		},
		get pages() {
			return pages;
		},
		wall,
	};
}
