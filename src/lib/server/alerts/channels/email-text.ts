import type { AlertItem } from '#contracts/alert.ts';
import { causeWords } from '#lib/format/analysis-words.ts';
import { inLanguage } from '#lib/format/in-language.ts';
import { severityWords } from '#lib/format/violation-words.ts';
import * as m from '#messages';
import type { ItemLinks, Outgoing } from './kind.ts';
import { capital, changeWords, itemWords, plain, summary, valueWords } from './words.ts';

const MOST_LISTED = 25;

export interface EmailText {
	readonly subject: string;
	readonly text: string;
	readonly html: string;
}

/**
 * A mail that says the same with and without markup. The subject stays the same while a violation goes on.
 *
 * @param chartId of the picture that comes with it
 */
export function emailText(message: Outgoing, chartId?: string): EmailText {
	return inLanguage(message.content.language ?? 'en', () => textOf(message, chartId));
}

function textOf(message: Outgoing, chartId: string | undefined): EmailText {
	const { content, isTest = false } = message;
	const [first] = content.items;
	const isOne = first !== undefined && content.count === 1 && !isTest;
	const subject = isOne
		? m.alerts_subject({ severity: severityWords(content.severity), item: itemWords(first) })
		: summary(content, isTest);
	const lines = isOne ? linesOf(first, message.links[0]) : listOf(message);
	const footer = [
		m.alerts_mail_route({ route: content.route, key: message.key }),
		...(message.noLinks === null ? [] : [m.alerts_mail_no_links()]),
	];
	const all = [summary(content, isTest), '', ...lines, '', ...footer];
	return {
		subject: plain(subject, 200),
		text: `${all.join('\n')}\n`,
		html: htmlOf(all, chartId, first ? itemWords(first) : ''),
	};
}

function linesOf(item: AlertItem, links: ItemLinks | undefined): string[] {
	const { violation, stream, reaction } = item;
	const value = valueWords(item);
	const change = capital(changeWords(item));
	return [
		violation.endedAt === null
			? m.alerts_mail_since({ change, from: violation.firstAt })
			: m.alerts_mail_span({ change, from: violation.firstAt, to: violation.endedAt }),
		m.alerts_mail_where({ site: plain(stream.site), asset: plain(stream.asset), chart: violation.chart }),
		...(value === undefined ? [] : [m.alerts_mail_value({ value })]),
		...(violation.cause === null ? [] : [m.alerts_mail_cause({ cause: plain(causeWords(violation.cause)) })]),
		...(reaction.length > 0 ? ['', m.alerts_mail_to_do(), ...reaction.map((step) => `- ${plain(step, 300)}`)] : []),
		...(links?.acknowledge ? ['', m.alerts_mail_acknowledge({ link: links.acknowledge })] : []),
		...(links?.dashboard ? [m.alerts_mail_open({ link: links.dashboard })] : []),
	];
}

function listOf({ content, links }: Outgoing): string[] {
	const lines = content.items.slice(0, MOST_LISTED).flatMap((item, i) => {
		const to = links[i]?.dashboard;
		return [`- ${itemWords(item)} (${changeWords(item)})`, ...(to ? [`  ${to}`] : [])];
	});
	const left = content.count - Math.min(content.items.length, MOST_LISTED);
	return left > 0 ? [...lines, m.alerts_mail_more({ count: left })] : lines;
}

function htmlOf(lines: readonly string[], chartId: string | undefined, alt: string): string {
	const body = lines.map((line) => escape(line).replace(/https?:\/\/[^\s<]+/g, (url) => `<a href="${url}">${url}</a>`));
	const chart =
		chartId === undefined
			? ''
			: `<img src="cid:${chartId}" alt="${escape(m.alerts_chart_alt({ item: plain(alt, 200) }))}" width="800" style="display:block;max-width:100%;height:auto;margin-bottom:12px">`;
	return `${chart}<div style="font-family:sans-serif;white-space:pre-wrap">${body.join('\n')}</div>`;
}

function escape(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
