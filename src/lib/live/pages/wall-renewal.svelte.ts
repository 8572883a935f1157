import { onDestroy, untrack } from 'svelte';

/** What is known of newer pages on the server. */
export interface Renewal {
	/** The server has newer ones than this. */
	readonly isNewer: boolean;
	/** This page does not understand the server any more: whatever it shows is the past. */
	readonly isCutOff: boolean;
	/** Nothing calls. */
	readonly isQuiet: boolean;
	readonly isReachable: boolean;
}

/** A proxy that goes on serving an old page must not make a wall flicker. */
export const LEAST_BETWEEN_MS = 600_000;
const CHECK_EVERY_MS = 60_000;
const KEY = 'sigmascope.renewed';

/** @param lastMs when this screen loaded itself anew last; undefined: not that it knows */
export function mayRenew(now: Renewal, lastMs: number | undefined, nowMs: number): boolean {
	if (!now.isReachable || (lastMs !== undefined && nowMs - lastMs < LEAST_BETWEEN_MS && nowMs >= lastMs)) return false;
	return now.isCutOff || (now.isNewer && now.isQuiet);
}

/**
 * Loads the page anew when the server has a newer one: at a quiet moment, and only while the server answers, since an
 * error page of the browser stays for good. Lives as long as the component that makes it.
 */
export function createRenewal(now: () => Renewal, checkVersion: () => Promise<unknown>): void {
	async function renew(): Promise<void> {
		if (!mayRenew(untrack(now), lastRenewal(), Date.now())) return;
		const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => undefined);
		if (!answer?.ok || !keep(Date.now())) return;
		location.reload();
	}

	$effect(() => {
		void [now().isNewer, now().isCutOff, now().isQuiet, now().isReachable];
		untrack(() => void renew());
	});
	// Not to be reached, or asked too soon: tried again with the next look.
	const timer = setInterval(() => void checkVersion().then(renew, renew), CHECK_EVERY_MS);
	onDestroy(() => clearInterval(timer));
}

function lastRenewal(): number | undefined {
	try {
		return Number(sessionStorage.getItem(KEY) ?? NaN) || undefined;
	} catch {
		return undefined;
	}
}

/** @returns false where nothing can be kept: a screen that cannot remember could do nothing else any more */
function keep(nowMs: number): boolean {
	try {
		sessionStorage.setItem(KEY, String(nowMs));
		return true;
	} catch {
		return false;
	}
}
