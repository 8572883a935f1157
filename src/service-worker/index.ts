/// <reference lib="webworker" />
import { overwriteGetLocale } from '#messages/generated/runtime.js';
import { preferredLanguage, type Language } from '#contracts/language.ts';
import { OFFLINE_POLICY, offlinePage } from '#lib/live/offline/page.ts';
import { createLastStateStore } from '#lib/live/offline/store.ts';
import { isOurs, visit } from '#lib/live/offline/visit.ts';
import appCss from '../app.css?raw';
import themesCss from '../themes.css?raw';

/**
 * Answers visits when nobody else does, with what was known last and how old it is. It keeps no page and no script, so it
 * can hold back no newer version.
 */
const worker = self as unknown as ServiceWorkerGlobalScope;
const store = createLastStateStore(worker.caches);

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', (event) => event.waitUntil(begin()));
worker.addEventListener('fetch', (event) => {
	const { request } = event;
	if (request.mode !== 'navigate' || request.method !== 'GET') return;
	if (!isOurs(new URL(request.url).pathname)) return;
	event.respondWith(visit(() => answerTo(event), lastKnown, rejectAfter));
});

async function begin(): Promise<void> {
	// The request leaves while this worker wakes up.
	await worker.registration.navigationPreload?.enable();
	await worker.clients.claim();
}

async function answerTo(event: FetchEvent): Promise<Response> {
	const early = (await event.preloadResponse) as Response | undefined;
	return early ?? fetch(event.request);
}

async function lastKnown(): Promise<Response> {
	const nowMs = Date.now();
	const state = await store.read(nowMs).catch(() => undefined);
	const language: Language = state?.language ?? preferredLanguage(worker.navigator.languages.join(','));
	overwriteGetLocale(() => language);
	return new Response(offlinePage({ state, nowMs, language, css: appCss + themesCss }), {
		status: 503,
		statusText: 'Service Unavailable',
		headers: {
			'content-type': 'text/html; charset=utf-8',
			'content-security-policy': OFFLINE_POLICY,
			'cache-control': 'no-store',
		},
	});
}

function rejectAfter(delayMs: number): Promise<never> {
	return new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), delayMs));
}
