import { getContext, setContext } from 'svelte';
import type { Wall } from '#lib/live/pages/wall.svelte.ts';
import type { StreamEntry } from '#lib/live/directory.svelte.ts';

/** What all tiles of a board share. */
export interface BoardContext {
	/** How all streams stand. */
	readonly wall: Wall;
	/** `wall`: fills a screen that nobody touches; `scroll`: on a desk, and everything leads somewhere. */
	readonly place: 'wall' | 'scroll';
	/** Something is wrong with it that nobody has acknowledged, and this screen has not been silenced. */
	isCalling(stream: StreamEntry): boolean;
	/** Undefined for who may not. */
	readonly acknowledge: ((stream: StreamEntry) => void) | undefined;
}

const KEY = Symbol('board');

export function setBoard(context: BoardContext): BoardContext {
	return setContext(KEY, context);
}

export function getBoard(): BoardContext {
	return getContext<BoardContext>(KEY);
}
