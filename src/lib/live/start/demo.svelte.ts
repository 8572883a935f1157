import type { ApiDemo } from '#contracts/demo.ts';
import { ApiError, problemOf } from '#lib/live/api.ts';
import type { Directory } from '#lib/live/directory.svelte.ts';
import * as m from '#messages';

/** The simulated plant, as a page begins and ends it. */
export interface Demo {
	/** Undefined until it is known, and for whom it is not known. */
	readonly now: ApiDemo | undefined;
	readonly isBusy: boolean;
	/** What went wrong with the last act. */
	readonly fault: unknown;
	/** @returns whether its first values are there */
	begin(): Promise<boolean>;
	/** @returns whether it and its streams are gone */
	end(): Promise<boolean>;
}

const SITE = 'demo';
const LOOK_EVERY_MS = 300;
/** A small computer needs some seconds for a first process. */
const PATIENCE_MS = 30_000;

export function createDemo(parts: {
	readonly fetch: typeof fetch;
	readonly directory: Pick<Directory, 'streams' | 'refresh'>;
	readonly wait: (ms: number) => Promise<void>;
}): Demo {
	const { directory } = parts;
	let now = $state.raw<ApiDemo | undefined>();
	let isBusy = $state(false);
	let fault = $state.raw<unknown>();

	async function call(method: 'GET' | 'POST' | 'DELETE'): Promise<ApiDemo> {
		const response = await parts.fetch('/api/v1/demo', { method }).catch(() => {
			throw new ApiError(0, m.ui_no_answer());
		});
		if (!response.ok) throw await problemOf(response);
		return (await response.json()) as ApiDemo;
	}

	async function attempt(method: 'POST' | 'DELETE', isDone: () => boolean): Promise<boolean> {
		isBusy = true;
		fault = undefined;
		try {
			now = await call(method);
			for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_EVERY_MS) {
				await directory.refresh();
				if (isDone()) return true;
				await parts.wait(LOOK_EVERY_MS);
			}
			throw new ApiError(0, m.start_demo_not_yet());
		} catch (error) {
			fault = error;
			return false;
		} finally {
			isBusy = false;
		}
	}

	const ours = () => directory.streams.filter(({ site }) => site === SITE);
	// Whoever may not know is shown nothing of it.
	void call('GET').then(
		(answer) => (now = answer),
		() => undefined,
	);

	return {
		get now() {
			return now;
		},
		get isBusy() {
			return isBusy;
		},
		get fault() {
			return fault;
		},
		begin: () => attempt('POST', () => ours().some(({ last }) => last !== null)),
		end: () => attempt('DELETE', () => ours().length === 0),
	};
}
