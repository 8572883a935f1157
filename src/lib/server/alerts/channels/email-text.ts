import type { AlertItem } from '#contracts/alert.ts';
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
	const { content, isTest = false } = message;
	const [first] = content.items;
	const isOne = first !== undefined && content.count === 1 && !isTest;
	const subject = isOne ? `${capital(content.severity)}: ${itemWords(first)}` : summary(content, isTest);
	const lines = isOne ? linesOf(first, message.links[0]) : listOf(message);
	const footer = [
		`Route ${content.route}, message ${message.key}.`,
		...(message.noLinks === null ? [] : [`No links: ${message.noLinks}.`]),
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
	return [
		`${capital(changeWords(item))}. Since ${violation.firstAt}${violation.endedAt === null ? '' : `, ended ${violation.endedAt}`}.`,
		`Site ${plain(stream.site)}, asset ${plain(stream.asset)}, chart ${violation.chart}.`,
		...(value === undefined ? [] : [`First value ${value}.`]),
		...(violation.cause === null ? [] : [`Cause: ${plain(violation.cause)}`]),
		...(reaction.length > 0 ? ['', 'What to do:', ...reaction.map((step) => `- ${plain(step, 300)}`)] : []),
		...(links?.acknowledge ? ['', `Acknowledge: ${links.acknowledge}`] : []),
		...(links?.dashboard ? [`Open: ${links.dashboard}`] : []),
	];
}

function listOf({ content, links }: Outgoing): string[] {
	const lines = content.items.slice(0, MOST_LISTED).flatMap((item, i) => {
		const to = links[i]?.dashboard;
		return [`- ${itemWords(item)} (${changeWords(item)})`, ...(to ? [`  ${to}`] : [])];
	});
	const left = content.count - Math.min(content.items.length, MOST_LISTED);
	return left > 0 ? [...lines, `… and ${left} more`] : lines;
}

function htmlOf(lines: readonly string[], chartId: string | undefined, alt: string): string {
	const body = lines.map((line) => escape(line).replace(/https?:\/\/[^\s<]+/g, (url) => `<a href="${url}">${url}</a>`));
	const chart =
		chartId === undefined
			? ''
			: `<img src="cid:${chartId}" alt="Control chart: ${escape(plain(alt, 200))}" width="800" style="display:block;max-width:100%;height:auto;margin-bottom:12px">`;
	return `${chart}<div style="font-family:sans-serif;white-space:pre-wrap">${body.join('\n')}</div>`;
}

function escape(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
