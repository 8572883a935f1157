import { onDestroy } from 'svelte';
import type { ScreenOrder, ScreenReport } from '#contracts/screen.ts';
import { readSetting, writeSetting } from '#lib/live/kept.ts';
import type { BoardsApi } from './boards-api.ts';

/** What the page around it knows of the screen. */
export type ScreenFacts = Omit<
	ScreenReport,
	'screen' | 'done' | 'upSeconds' | 'faults' | 'heapMb' | 'width' | 'height'
>;

const REPORT_EVERY_MS = 2_000;
const KEY = 'sigmascope.screen';
const ID_BYTES = 12;

/** Only some browsers tell. */
interface WithMemory {
	readonly memory?: { readonly usedJSHeapSize: number };
}

/**
 * Says every few seconds how this screen is, and does what it is told. Lives as long as the component that makes it.
 *
 * An order is confirmed before it is carried out: one to load the page anew would else be found again after it.
 */
export function createScreen(
	api: BoardsApi,
	options: { readonly facts: () => ScreenFacts; readonly carryOut: (order: ScreenOrder) => void },
): void {
	const screen = screenId();
	const startMs = performance.now();
	let faults = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let stopped = false;

	const report = (done: string | null) =>
		api.report({
			screen,
			...options.facts(),
			width: window.screen.width,
			height: window.screen.height,
			upSeconds: Math.round((performance.now() - startMs) / 1000),
			faults,
			heapMb: heapMb(),
			done,
		});

	async function say(): Promise<void> {
		try {
			const { order } = await report(null);
			if (order !== null) {
				await report(order.id);
				if (!stopped) options.carryOut(order);
			}
		} catch {
			// The banner says that nobody answers, or the page that a code is needed: here it is only tried again.
		}
		if (!stopped) timer = setTimeout(() => void say(), REPORT_EVERY_MS);
	}

	const leaving = new AbortController();
	for (const event of ['error', 'unhandledrejection'])
		addEventListener(event, () => void faults++, { signal: leaving.signal });
	void say();
	onDestroy(() => {
		stopped = true;
		leaving.abort();
		clearTimeout(timer);
	});
}

function heapMb(): number | null {
	const { memory } = performance as WithMemory;
	return memory === undefined ? null : Math.round(memory.usedJSHeapSize / 1e5) / 10;
}

/** Kept in the browser; where it keeps nothing it is another screen after each load. */
function screenId(): string {
	const kept = readSetting(KEY);
	if (kept !== null && /^[\w-]{8,64}$/.test(kept)) return kept;
	const made = [...crypto.getRandomValues(new Uint8Array(ID_BYTES))]
		.map((byte) => byte.toString(16).padStart(2, '0'))
		.join('');
	writeSetting(KEY, made);
	return made;
}
