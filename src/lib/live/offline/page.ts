import * as m from '#messages';
import type { Standing } from '#lib/format/freshness.ts';
import { formatClock, formatMoment, formatSpan } from '#lib/format/time.ts';
import { severityWords } from '#lib/format/violation-words.ts';
import { standingWords } from '#lib/format/state-words.ts';
import type { LastState } from './last-state.ts';

/** The page looks again by itself: when the server is back the real one comes in its place. */
const AGAIN_SECONDS = 15;

const ESCAPES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};
/** Names of streams come from outside. */
const safe = (text: string) => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

/** What the page is dressed in: it can load nothing. */
export const OFFLINE_POLICY =
	"default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

export interface OfflineView {
	/** Undefined: nobody is signed in here, or nothing is kept. */
	readonly state: LastState | undefined;
	readonly nowMs: number;
	readonly language: string;
	readonly css: string;
}

/** @returns a whole page without a script, of the last state with its age, in the language that messages speak now */
export function offlinePage({ state, nowMs, language, css }: OfflineView): string {
	return `<!doctype html>
<html lang="${safe(language)}" data-theme="${safe(state?.theme ?? 'light')}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${AGAIN_SECONDS}">
<title>${safe(m.offline_title())} · Sigmascope</title>
<style>${css}${STYLE}</style>
</head>
<body><main>
<h1>${safe(m.offline_title())}</h1>
${state ? kept(state, nowMs) : `<p>${safe(m.offline_nothing_kept())}</p>`}
<p class="soft">${safe(m.offline_again({ seconds: AGAIN_SECONDS }))} <a class="button" href="">${safe(m.offline_try_now())}</a></p>
${state ? `${violations(state, nowMs)}${streams(state, nowMs)}` : ''}
</main></body></html>`;
}

function kept({ savedMs, streams, of }: LastState, nowMs: number): string {
	const age = formatSpan(Math.max(0, nowMs - savedMs));
	const counts = [...Map.groupBy(streams, ({ standing }) => standing)]
		.map(([standing, all]) => `${all.length} ${standingWords(standing as Standing)}`)
		.join(' · ');
	const when = nowMs - savedMs < 12 * 3_600_000 ? formatClock(savedMs) : formatMoment(savedMs, nowMs);
	return `<p class="age" role="status">${safe(m.offline_as_of({ when, age }))}</p>
<p>${safe(m.offline_counts({ streams: of.streams, counts }))}</p>`;
}

function violations({ violations: all, of }: LastState, nowMs: number): string {
	const rows = all.map(
		(one) =>
			`<tr><td><b class="code">${safe(one.code)}</b></td><th scope="row">${safe(one.key)}<br><small>${safe(one.words)}</small></th><td>${safe(severityWords(one.severity))}<br><small>${safe(formatMoment(one.firstMs, nowMs))}</small></td></tr>`,
	);
	if (rows.length === 0) return `<h2>${safe(m.offline_no_violations())}</h2>`;
	return `<h2>${safe(m.offline_violations({ count: of.violations }))}</h2><table><tbody>${rows.join('')}</tbody></table>`;
}

function streams({ streams: all }: LastState, nowMs: number): string {
	const rows = all.map(
		(one) =>
			`<tr class="${safe(one.standing)}"><th scope="row">${safe(one.key)}<br><small>${safe(standingWords(one.standing))}</small></th><td>${safe(one.value)}<br><small>${one.tMs === null ? '' : safe(formatMoment(one.tMs, nowMs))}</small></td></tr>`,
	);
	if (rows.length === 0) return '';
	return `<h2>${safe(m.offline_streams())}</h2><table><tbody>${rows.join('')}</tbody></table>`;
}

const STYLE = `
main { display: grid; gap: 0.9rem; width: min(46rem, 100%); margin: 0 auto; padding: 1.25rem 1rem 3rem; }
.age { padding: 0.6rem 0.9rem; border-radius: var(--radius); background: var(--abnormal); color: var(--on-abnormal); font-weight: 600; }
.soft, small { color: var(--ink-soft); }
h2 { margin-top: 0.75rem; font-size: 1.0625rem; }
table { width: 100%; border-collapse: collapse; filter: saturate(0.15); }
tr { border-top: 1px solid var(--line); }
th { font-weight: 550; text-align: start; overflow-wrap: anywhere; }
th, td { padding: 0.4rem 0.4rem 0.4rem 0; vertical-align: top; }
td:last-child { text-align: end; white-space: nowrap; }
.code { padding: 0 0.4em; border: 1px solid var(--line-strong); border-radius: 0.2em; }
.violating th { text-decoration: underline; text-underline-offset: 0.2em; }
`;
