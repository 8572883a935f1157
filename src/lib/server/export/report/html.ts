import { spcSvg } from '#lib/drawing/spc-svg.ts';
import { escapeXml } from '#lib/drawing/svg.ts';
import type { Fact, Pareto, ReportContent, StreamPage, Table } from './content.ts';

const STYLE = `
:root { color-scheme: light; --ink: #1b2026; --soft: #525b65; --line: #c5cad0; }
body { font: 15px/1.45 'IBM Plex Sans', system-ui, sans-serif; color: var(--ink); max-width: 64rem; margin: 2rem auto; padding: 0 1rem; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.9rem; margin: 0 0 1rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: .6rem 1rem; margin: 0; } dt { color: var(--soft); font-size: .8rem; } dd { margin: 0; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; } th { color: var(--soft); font-weight: 600; }
.note { color: var(--soft); font-size: .85rem; } .notes { white-space: pre-wrap; }
.bar { display: grid; grid-template-columns: minmax(8rem, 2fr) 3fr; gap: .75rem; align-items: center; margin: .2rem 0; } .bar i { display: inline-block; height: .7rem; background: #8a8a8a; margin-right: .5rem; }
svg { max-width: 100%; height: auto; } section { break-before: page; } footer { margin-top: 2rem; color: var(--soft); font-size: .8rem; }
@media print { body { margin: 0; max-width: none; font-size: 10pt; } }
`;

/** One document that needs nothing from elsewhere: to look at, to print, to send on. */
export function htmlOf(content: ReportContent): string {
	const { title, facts, notes, overview, paretos, providers, events, streams, foot } = content;
	return [
		'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
		`<title>${escapeXml(title)}</title><style>${STYLE}</style></head><body>`,
		`<h1>${escapeXml(title)}</h1>`,
		list(facts),
		notes === '' ? '' : `<p class="notes">${escapeXml(notes)}</p>`,
		table(overview),
		...paretos.map(bars),
		providers ? table(providers) : '',
		events ? table(events) : '',
		...streams.map(streamSection),
		`<footer>${escapeXml(foot)}</footer></body></html>\n`,
	].join('');
}

function list(facts: readonly Fact[]): string {
	return `<dl>${facts.map(([name, value]) => `<div><dt>${escapeXml(name)}</dt><dd>${escapeXml(value)}</dd></div>`).join('')}</dl>`;
}

function table({ title, head, rows, note }: Table): string {
	const cells = (row: readonly string[], tag: 'th' | 'td') =>
		`<tr>${row.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join('')}</tr>`;
	const body = rows.map((row) => cells(row, 'td')).join('');
	const below = note === '' ? '' : `<p class="note">${escapeXml(note)}</p>`;
	return `<h2>${escapeXml(title)}</h2><div class="scroll"><table><thead>${cells(head, 'th')}</thead><tbody>${body}</tbody></table></div>${below}`;
}

function bars({ title, bars: all }: Pareto): string {
	const most = Math.max(...all.map(({ count }) => count));
	const line = ({ name, count, share }: Pareto['bars'][number]) =>
		`<div class="bar"><span>${escapeXml(name)}</span><span><i style="width:${Math.round((70 * count) / most)}%"></i>${count} (${Math.round(share * 100)} %)</span></div>`;
	return `<h2>${escapeXml(title)}</h2>${all.map(line).join('')}`;
}

function streamSection({ drawing, facts, capability, violations }: StreamPage, i: number): string {
	return [
		`<section aria-label="${escapeXml(drawing.title)}">`,
		spcSvg(drawing, 'print', `chart-${i}`),
		list(facts),
		capability ? table(capability) : '',
		violations ? table(violations) : '',
		'</section>',
	].join('');
}
