import { getContext, setContext } from 'svelte';
import { freshnessOf, standingOf, usualInterval, type Freshness, type Standing } from '#lib/format/freshness.ts';
import { readPalette, type Palette } from '#lib/chart/palette.ts';
import { createApi, type Api } from './api.ts';
import { createLiveClient, type Connection, type LiveClient } from '#lib/live/wire/client.ts';
import { createDirectory, type Directory, type StreamEntry } from './directory.svelte.ts';
import { createLimitsBook, type KnownLimits, type LimitsBook } from '#lib/live/wire/limits-book.ts';
import { createRings, type Rings } from '#lib/live/wire/rings.ts';
import { createScheduler, type Scheduler } from '#lib/live/wire/scheduler.ts';
import { openSocket } from '#lib/live/wire/socket.ts';
import { createLanguage, type Language } from './language.svelte.ts';
import { createSettings, type Settings } from './settings.svelte.ts';
import { createTheme, type Theme } from './theme.svelte.ts';

/** What all pages of a tab share; made once by the layout and handed down. */
export interface App {
	readonly api: Api;
	readonly live: LiveClient;
	readonly rings: Rings;
	readonly limits: LimitsBook;
	/** What a violation was found by; asked for when this page has not heard of it, and undefined until it has. */
	limitsOf(stream: string, limitsId: string): KnownLimits | undefined;
	readonly directory: Directory;
	readonly scheduler: Scheduler;
	readonly theme: Theme;
	readonly language: Language;
	readonly settings: Settings;
	/** Colours for canvases, read once per theme and size of type. */
	palette(): Palette;
	readonly connection: Connection;
	/** This machine's clock, to the second: ages and clocks on the page count from it. */
	readonly nowMs: number;
	/** How a stream stands now: the one place where a page learns whether a value is of the present. */
	standingOf(stream: StreamEntry): Standed;
	stop(): void;
}

export interface Standed {
	readonly standing: Standing;
	readonly freshness: Freshness;
	/** Since the newest point's measured time; undefined without a point. */
	readonly ageMs: number | undefined;
}

const KEY = Symbol('app');

export function setApp(app: App): App {
	return setContext(KEY, app);
}

export function getApp(): App {
	return getContext<App>(KEY);
}

function after(delayMs: number, callback: () => void): () => void {
	const timer = setTimeout(callback, delayMs);
	return () => clearTimeout(timer);
}

/** Wires the parts to the browser: the one place of the page that knows window, sockets and clocks. */
export function createApp(): App {
	let connection = $state.raw<Connection>({ state: 'connecting' });
	let nowMs = $state(Date.now());
	const rings = createRings();
	const limits = createLimitsBook();
	const api = createApi({
		fetch: (input, init) => fetch(input, init),
		onUnauthorized: () => (connection = { state: 'unauthorized' }),
	});
	const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/live`;
	const live = createLiveClient({
		rings,
		open: (handlers) => openSocket(url, handlers),
		probe: api.probe,
		nowMs: Date.now,
		random: Math.random,
		after,
	});
	live.listen({ onConnection: (next) => (connection = next) });
	const directory = createDirectory({ api, live, rings, limits, nowMs: Date.now, after });
	const scheduler = createScheduler({
		request: requestAnimationFrame.bind(window),
		cancel: cancelAnimationFrame.bind(window),
		nowMs: performance.now.bind(performance),
	});
	// eslint-disable-next-line svelte/prefer-svelte-reactivity -- who was asked is never drawn
	const asked = new Set<string>();
	let heard = $state(0);

	async function ask(stream: string, key: string): Promise<void> {
		try {
			limits.addHistory(stream, await api.limits(stream));
			heard++;
		} catch {
			// Whoever looks again asks again: without them a picture has fewer lines, and no wrong one.
			asked.delete(key);
		}
	}

	const clock = setInterval(() => (nowMs = Date.now()), 1000);
	const leaving = new AbortController();
	addEventListener('online', live.retryNow, { signal: leaving.signal });
	document.addEventListener('visibilitychange', () => !document.hidden && live.retryNow(), leaving);

	/** By the measured time on the server's clock; a device whose clock is ahead, by when its point came. */
	function ageOf({ last }: StreamEntry): number | undefined {
		if (!last) return undefined;
		return Math.max(0, nowMs - live.clockOffsetMs() - last.tMs, nowMs - (last.arrivedMs ?? nowMs));
	}

	const theme = createTheme();
	const language = createLanguage();
	const settings = createSettings({ theme, language, load: api.settings, save: api.keepSettings });
	let palette: Palette | undefined;
	let palettedFor = '';

	return {
		api,
		live,
		rings,
		limits,
		directory,
		scheduler,
		theme,
		language,
		settings,
		limitsOf(stream, limitsId) {
			void heard;
			const found = limits.find(stream, limitsId);
			const key = `${limitsId} ${stream}`;
			if (!found && !asked.has(key)) {
				asked.add(key);
				void ask(stream, key);
			}
			return found;
		},
		palette() {
			const now = `${theme.name} ${innerWidth} ${document.fonts.status}`;
			if (!palette || now !== palettedFor) palette = readPalette(document.body);
			palettedFor = now;
			return palette;
		},
		get connection() {
			return connection;
		},
		get nowMs() {
			return nowMs;
		},
		standingOf(stream) {
			const ageMs = ageOf(stream);
			const freshness = freshnessOf({
				state: stream.state,
				ageMs,
				intervalMs: () => stream.expectMs ?? usualInterval(rings.columns(stream.id, stream.lead).tMs),
				isLost: connection.state === 'lost',
			});
			return { freshness, ageMs, standing: standingOf(stream.state, freshness, stream.sigma) };
		},
		stop() {
			leaving.abort();
			clearInterval(clock);
			directory.stop();
			live.stop();
			scheduler.stop();
		},
	};
}
