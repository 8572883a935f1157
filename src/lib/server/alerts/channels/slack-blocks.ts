import type { AlertItem } from '#contracts/alert.ts';
import { causeWords } from '#lib/format/analysis-words.ts';
import { inLanguage } from '#lib/format/in-language.ts';
import { severityWords, violationStateWords } from '#lib/format/violation-words.ts';
import * as m from '#messages';
import { MICROS_PER_SECOND, parseTime } from '#contracts/time.ts';
import type { ItemLinks, Outgoing } from './kind.ts';
import { capital, changeWords, countWords, itemWords, plain, summary, valueWords } from './words.ts';

/** What Block Kit allows: https://docs.slack.dev/reference/block-kit/blocks */
const MOST_HEADER = 150;
const MOST_SECTION = 3000;
const MOST_FIELD = 2000;
const MOST_LISTED = 15;

type Text = { readonly type: 'mrkdwn' | 'plain_text'; readonly text: string };
export interface SlackBlock {
	readonly type: 'header' | 'section' | 'context' | 'divider';
	readonly text?: Text;
	readonly fields?: readonly Text[];
	readonly elements?: readonly Text[];
}

export interface SlackMessage {
	/** For notifications and for who cannot see blocks. */
	readonly text: string;
	readonly blocks: readonly SlackBlock[];
}

/** As a reader of the channel sees it: one violation in full, several as a list. */
export function slackMessage(message: Outgoing): SlackMessage {
	return inLanguage(message.content.language ?? 'en', () => messageOf(message));
}

function messageOf(message: Outgoing): SlackMessage {
	const { content, isTest = false } = message;
	const [first] = content.items;
	const text = escape(summary(content, isTest));
	const body = first && content.count === 1 ? single(first, message.links[0]) : digest(message);
	const head = isTest ? m.alerts_test() : severityWords(content.severity);
	const title = first && content.count === 1 ? plain(first.stream.key) : countWords(content);
	return { text, blocks: [header(`${head}: ${title}`), ...body, footer(message)] };
}

function single(item: AlertItem, links: ItemLinks | undefined): SlackBlock[] {
	const { violation, stream, reaction } = item;
	const value = valueWords(item);
	const lines = [
		`*${escape(plain(itemWords(item).slice(plain(stream.key).length + 2)))}*`,
		...(value ? [escape(value)] : []),
	];
	const fields = [
		field(m.alerts_field_state(), stateWords(item)),
		field(m.alerts_field_since(), dateOf(violation.firstAt)),
		field(
			m.alerts_field_where(),
			[stream.site, stream.asset]
				.filter(Boolean)
				.map((one) => escape(plain(one, 80)))
				.join(' / '),
		),
		...(violation.endedAt === null ? [] : [field(m.alerts_field_ended(), dateOf(violation.endedAt))]),
		...(violation.cause === null
			? []
			: [field(m.alerts_field_cause(), escape(plain(causeWords(violation.cause), 80)))]),
	];
	const todo = reaction.slice(0, 10).map((step) => `• ${escape(plain(step, 200))}`);
	const acts = linksOf(links);
	return [
		section(lines.join('\n')),
		{ type: 'section', fields },
		...(todo.length > 0 && violation.state !== 'resolved' ? [section(todo.join('\n'))] : []),
		...(acts === '' ? [] : [section(acts)]),
	];
}

function digest({ content, links }: Outgoing): SlackBlock[] {
	const lines = content.items.slice(0, MOST_LISTED).map((item, i) => {
		const name = escape(itemWords(item));
		const to = links[i]?.dashboard;
		return `• ${to ? `<${to}|${name.replaceAll('|', '¦')}>` : name} (${changeWords(item)})`;
	});
	const left = content.count - lines.length;
	if (left > 0) lines.push(m.alerts_mail_more({ count: left }));
	return sectionsOf(lines);
}

/** As few sections as hold the lines. */
function sectionsOf(lines: readonly string[]): SlackBlock[] {
	const texts: string[] = [];
	for (const line of lines) {
		const last = texts.at(-1);
		if (last !== undefined && last.length + line.length < MOST_SECTION) texts[texts.length - 1] = `${last}\n${line}`;
		else texts.push(line);
	}
	return texts.map(section);
}

function stateWords({ violation }: AlertItem): string {
	const progress = violation.active ? m.alerts_updated() : m.alerts_has_ended();
	return violation.state === 'open' ? capital(progress) : `${violationStateWords(violation.state)}, ${progress}`;
}

function linksOf(links: ItemLinks | undefined): string {
	return [
		...(links?.acknowledge ? [`<${links.acknowledge}|*${m.alerts_acknowledge_it()}*>`] : []),
		...(links?.dashboard ? [`<${links.dashboard}|${m.alerts_open_chart()}>`] : []),
	].join('    ');
}

function footer({ key, content, noLinks }: Outgoing): SlackBlock {
	const parts = [
		escape(m.alerts_footer_route({ route: plain(content.route, 60) })),
		key,
		...(noLinks === null ? [] : [m.alerts_footer_no_links()]),
	];
	return { type: 'context', elements: [{ type: 'mrkdwn', text: parts.join(' · ') }] };
}

function header(text: string): SlackBlock {
	return { type: 'header', text: { type: 'plain_text', text: plain(text, MOST_HEADER) } };
}

function section(text: string): SlackBlock {
	return { type: 'section', text: { type: 'mrkdwn', text: text.slice(0, MOST_SECTION) } };
}

function field(name: string, value: string): Text {
	return { type: 'mrkdwn', text: `*${name}*\n${value}`.slice(0, MOST_FIELD) };
}

/** In the reader's own time zone. */
function dateOf(time: string): string {
	const seconds = Math.floor((parseTime(time) ?? 0) / MICROS_PER_SECOND);
	return `<!date^${seconds}^{date_short_pretty} {time_secs}|${time}>`;
}

/** Names come from outside: nothing in them is a link, a mention or markup. */
function escape(text: string): string {
	return text
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replace(/[*_~`]/g, (mark) => `${mark}\u200b`);
}
