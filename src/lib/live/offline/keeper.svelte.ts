import { untrack } from 'svelte';
import { numberFormat } from '#lib/format/number.ts';
import { violationCode, violationWords } from '#lib/format/violation-words.ts';
import type { App } from '#lib/live/app.svelte.ts';
import type { Me } from '#lib/live/me.svelte.ts';
import { cutToKeep, type LastState, type LastStream, type LastViolation } from './last-state.ts';
import type { LastStateStore } from './store.ts';

const EVERY_MS = 30_000;

/**
 * Keeps what is seen now for when nobody answers: of who is signed in, and only as long as that one is. Another person's is
 * forgotten at once. Lives as long as the component that makes it.
 */
export function createKeeper(app: App, me: Me, store: LastStateStore): void {
	async function keep(): Promise<void> {
		const who = me.who;
		if (!who || (who.kind !== 'person' && who.kind !== 'owner') || app.connection.state !== 'live') return;
		if (app.directory.fault !== '') return;
		const open = await app.api.violations({ state: 'unresolved', limit: 100 }).catch(() => undefined);
		// Somebody signed out meanwhile: what comes now comes too late.
		if (!open || me.who !== who || app.connection.state !== 'live') return;
		await store.write(stateOf(app, who.id, open.items.map(violationOf))).catch(() => undefined);
	}

	$effect(() => {
		if (app.connection.state === 'unauthorized') void store.forget().catch(() => undefined);
	});
	$effect(() => {
		const id = me.who?.id;
		if (id === undefined) return;
		void store
			.read(Date.now())
			.then((kept) => (kept && kept.who !== id ? store.forget() : undefined))
			.catch(() => undefined);
	});
	$effect(() => {
		if (app.connection.state !== 'live' || !me.who || app.directory.fault !== '') return;
		const early = setTimeout(() => untrack(() => void keep()), 1500);
		const timer = setInterval(() => void keep(), EVERY_MS);
		const onHide = () => document.hidden && void keep();
		document.addEventListener('visibilitychange', onHide);
		return () => {
			clearTimeout(early);
			clearInterval(timer);
			document.removeEventListener('visibilitychange', onHide);
		};
	});
}

function stateOf(app: App, who: string, violations: readonly LastViolation[]): LastState {
	const streams = app.directory.streams.map((stream): LastStream => {
		const { key, site, last, lastUnit, sigma } = stream;
		const value = last ? `${numberFormat(sigma)(last.v)} ${lastUnit}`.trim() : '';
		return { key, site, standing: app.standingOf(stream).standing, value, tMs: last?.tMs ?? null };
	});
	const seen = { language: app.language.name, theme: app.theme.name };
	return { version: 1, who, savedMs: Date.now(), ...seen, ...cutToKeep(streams, violations) };
}

type Found = Awaited<ReturnType<App['api']['violations']>>['items'][number];

function violationOf(violation: Found): LastViolation {
	const { stream, severity, state, firstAt } = violation;
	const words = { code: violationCode(violation), words: violationWords(violation) };
	return { key: stream.key, site: stream.site, ...words, severity, state, firstMs: Date.parse(firstAt) };
}
