import { untrack } from 'svelte';
import type { App } from '#lib/live/app.svelte.ts';
import type { LastPoint, StreamEntry } from '#lib/live/directory.svelte.ts';

/**
 * The newest value as it is written: once a second. Faster nobody reads it, and on a wall of many tiles every change of
 * a text is a layout.
 */
export function writtenValue(app: App, stream: StreamEntry): LastPoint | null {
	void app.nowMs;
	return untrack(() => stream.last);
}
