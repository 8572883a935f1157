import { messageOf } from '#contracts/error.ts';
import { post, type Posted } from './http.ts';
import { dialedBy } from './options.ts';
import { DeliveryFault, type ChannelPorts, type Outgoing } from './kind.ts';
import { inLanguage } from '#lib/format/in-language.ts';
import { itemWords, plain } from './words.ts';

/** What lets one talk to Slack. */
export interface SlackAccess {
	readonly token: string;
	readonly api: string;
}

/** However often it is tried, Slack will not take it. */
const NEVER: ReadonlySet<string> = new Set([
	'invalid_blocks',
	'invalid_blocks_format',
	'msg_too_long',
	'invalid_arguments',
]);

interface Answered extends Pick<Posted, 'exchange'> {
	readonly json: Readonly<Record<string, unknown>>;
	/** In Slack's words; Slack says so with a 200. */
	readonly fault: string | undefined;
}

/** @throws DeliveryFault when nobody answers; what Slack says no to is `fault` */
export async function callApi(
	options: SlackAccess,
	ports: ChannelPorts,
	{ method, body, signal }: { readonly method: string; readonly body: object | string; readonly signal: AbortSignal },
): Promise<Answered> {
	const token = ports.secretOf(options.token).reveal();
	const url = `${ports.secretOf(options.api).reveal().replace(/\/+$/, '')}/${method}`;
	const { text, exchange } = await post(ports, {
		url,
		by: dialedBy(options.api),
		shownUrl: url,
		headers: {
			// A form where Slack takes no JSON.
			'content-type':
				typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json; charset=utf-8',
			authorization: `Bearer ${token}`,
		},
		hidden: ['authorization'],
		secrets: [token],
		body: typeof body === 'string' ? body : JSON.stringify(body),
		signal,
	});
	const json = parsed(text);
	if (json.ok === true) return { json, exchange, fault: undefined };
	return { json, exchange, fault: typeof json.error === 'string' ? json.error : 'an answer that is not of Slack' };
}

/** @throws DeliveryFault */
export function taken(answered: Answered): Answered {
	const { fault, exchange } = answered;
	if (fault === undefined) return answered;
	const hint = HINTS[fault];
	throw new DeliveryFault(`Slack says ${fault.slice(0, 100)}${hint === undefined ? '' : `: ${hint}`}`, {
		exchange,
		kind: NEVER.has(fault) ? 'never' : 'later',
	});
}

const HINTS: Readonly<Record<string, string>> = {
	not_in_channel: 'invite the bot into the channel',
	channel_not_found: 'is the name right, and is the bot in it?',
	invalid_auth: 'the token is not valid',
	missing_scope: 'the bot needs the scopes chat:write and, for charts, files:write',
	is_archived: 'the channel is archived',
};

function parsed(text: string): Readonly<Record<string, unknown>> {
	try {
		const json: unknown = JSON.parse(text);
		return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

/**
 * Puts the chart into the thread of its message: three calls, as Slack wants it (https://docs.slack.dev/messaging/working-with-files).
 *
 * @returns what went wrong, in words; undefined when it is there, or there is none
 */
export async function uploadChart(
	options: SlackAccess,
	ports: ChannelPorts,
	{
		message,
		place,
		signal,
	}: { readonly message: Outgoing; readonly place: { channel: string; ts: string }; readonly signal: AbortSignal },
): Promise<string | undefined> {
	const [item] = message.content.items;
	const png = item?.change === 'opened' ? await message.chart?.() : undefined;
	if (!item || !png || place.ts === '') return undefined;
	const title = plain(
		inLanguage(message.content.language ?? 'en', () => itemWords(item)),
		200,
	);
	try {
		const asked = new URLSearchParams({ filename: 'chart.png', length: String(png.length), alt_txt: title }).toString();
		const ticket = taken(await callApi(options, ports, { method: 'files.getUploadURLExternal', body: asked, signal }));
		const { upload_url: url, file_id: id } = ticket.json;
		if (typeof url !== 'string' || typeof id !== 'string') return 'Slack gave no place for it';
		await sendBytes(options, ports, { url, png, signal });
		const body = { files: [{ id, title }], channel_id: place.channel, thread_ts: place.ts };
		taken(await callApi(options, ports, { method: 'files.completeUploadExternal', body, signal }));
		return undefined;
	} catch (error) {
		return messageOf(error);
	}
}

/** The address is Slack's word, not the operator's, unless it is on the host of the API that he named. */
async function sendBytes(
	options: SlackAccess,
	ports: ChannelPorts,
	{ url, png, signal }: { readonly url: string; readonly png: Uint8Array; readonly signal: AbortSignal },
): Promise<void> {
	const isOperators = URL.parse(url)?.host === URL.parse(ports.secretOf(options.api).reveal())?.host;
	await post(ports, {
		url,
		by: isOperators ? dialedBy(options.api) : 'person',
		shownUrl: `${URL.parse(url)?.origin ?? '…'}/…`,
		headers: { 'content-type': 'image/png' },
		hidden: [],
		secrets: [url],
		body: png,
		signal,
	});
}
