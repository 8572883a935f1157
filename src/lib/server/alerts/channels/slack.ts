import { z } from 'zod';
import { post } from './http.ts';
import { channelKind, type ChannelPorts, type Delivered, type Exchange, type Outgoing } from './kind.ts';
import { addressOption, dialedBy, secretOption } from './options.ts';
import { slackMessage } from './slack-blocks.ts';
import { callApi, taken, uploadChart } from './slack-api.ts';

const withToken = z.strictObject({
	type: z.literal('slack'),
	/** Of a bot with the scopes chat:write and, for charts, files:write: `xoxb-…`. */
	token: secretOption,
	/** `#name` or its id; the bot has to be in it. */
	channel: z.string().min(1).max(100),
	/** Where Slack's API is; for a gateway in between. */
	api: addressOption.default('https://slack.com/api'),
});
const withUrl = z.strictObject({ type: z.literal('slack'), url: addressOption });
const schema = z.union([withToken, withUrl], {
	error: ({ input }) =>
		typeof input === 'object' && input !== null && ('token' in input || 'url' in input)
			? undefined
			: 'slack needs token and channel (threads and updates), or the url of an incoming webhook',
});
type Options = z.output<typeof schema>;

/** Where a violation's message is. `alone`: nothing else is in it, so it can be brought up to date in place. */
interface Thread {
	readonly channel: string;
	readonly ts: string;
	readonly alone: boolean;
}

/** With a token: one message per episode, brought up to date in place, what concerns several in a thread. Else new messages. */
export const slack = channelKind({
	schema,
	addressOf: (options) => ('url' in options ? options.url : `${options.api} ${options.channel} ${options.token}`),
	atOnce: 1,
	create: (options: Options, ports) => ({
		title: 'url' in options ? 'slack (incoming webhook)' : `slack ${options.channel}`,
		send: (message, signal) =>
			'url' in options ? sendPlain(options, ports, message, signal) : talk(options, ports, message, signal),
		close: async () => undefined,
	}),
});

async function sendPlain(
	options: z.output<typeof withUrl>,
	ports: ChannelPorts,
	message: Outgoing,
	signal: AbortSignal,
): Promise<Delivered> {
	const url = ports.secretOf(options.url).reveal();
	const { exchange } = await post(ports, {
		url,
		by: dialedBy(options.url),
		// All of such an address is what lets one in.
		shownUrl: URL.parse(url)?.origin.concat('/…') ?? '…',
		headers: { 'content-type': 'application/json' },
		hidden: [],
		secrets: [url, URL.parse(url)?.pathname ?? ''],
		body: JSON.stringify(slackMessage(message)),
		signal,
	});
	return { exchange, thread: null };
}

async function talk(
	options: z.output<typeof withToken>,
	ports: ChannelPorts,
	message: Outgoing,
	signal: AbortSignal,
): Promise<Delivered> {
	const said = slackMessage(message);
	const event = { event_type: 'sigmascope_alert', event_payload: { id: message.key } };
	const call = (method: string, fields: object) =>
		callApi(options, ports, { method, body: { ...said, metadata: event, ...fields }, signal });
	const thread = commonThread(message);
	if (thread?.alone && message.content.count === 1) {
		const { channel, ts } = thread;
		const updated = await call('chat.update', { channel, ts });
		if (!CANNOT_UPDATE.has(updated.fault ?? '')) return { exchange: taken(updated).exchange, thread: null };
	}
	const into = thread ? { channel: thread.channel, thread_ts: thread.ts } : { channel: options.channel };
	const posted = taken(await call('chat.postMessage', { ...into, unfurl_links: false, unfurl_media: false }));
	const { channel, ts } = posted.json as { channel?: string; ts?: string };
	const made: Thread = { channel: channel ?? options.channel, ts: ts ?? '', alone: message.content.count === 1 };
	const exchange = await withChart(posted.exchange, () =>
		uploadChart(options, ports, { message, place: made, signal }),
	);
	return { exchange, thread: thread || !ts ? null : JSON.stringify(made) };
}

/** Somebody removed the message, or it is too old to change: what is new is said anew. */
const CANNOT_UPDATE: ReadonlySet<string> = new Set(['message_not_found', 'edit_window_closed', 'cant_update_message']);
/** Where all of them are, if that is one place. */
function commonThread({ content, threads }: Outgoing): Thread | undefined {
	const places = new Set(content.violationIds.map((id) => threads.get(id)));
	const [only] = places;
	return places.size === 1 && only !== undefined ? (JSON.parse(only) as Thread) : undefined;
}

/** The alert has arrived, with or without its picture: a fault of this is told, and nothing is sent twice for it. */
async function withChart(exchange: Exchange, upload: () => Promise<string | undefined>): Promise<Exchange> {
	const fault = await upload();
	return fault === undefined ? exchange : { ...exchange, answer: `${exchange.answer}\nThe chart is missing: ${fault}` };
}
