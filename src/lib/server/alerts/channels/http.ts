import { messageOf } from '#contracts/error.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import { DialRefused, type Dialed } from '../../dial/port.ts';
import { parseRetryAfter } from '../retry.ts';
import { DeliveryFault, type ChannelPorts, type Exchange } from './kind.ts';

const TIMEOUT_MS = 15_000;
const MOST_ANSWER_BYTES = 64 * 1024;
const SHOWN_ANSWER = 2000;

export interface Posting {
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	/** Bytes are not shown. */
	readonly body: string | Uint8Array;
	/** Default `operator`: the address stands in the configuration file. */
	readonly by?: 'operator' | 'person';
	/** How the address is shown. */
	readonly shownUrl: string;
	/** Headers whose values are not shown. */
	readonly hidden: readonly string[];
	/** Texts that must show nowhere, should the answer repeat them. */
	readonly secrets: readonly string[];
	readonly signal: AbortSignal;
}

export interface Posted {
	readonly answer: Dialed;
	readonly text: string;
	readonly exchange: Exchange;
}

/**
 * POSTs and takes any answer with a 2xx. A redirect is none: who moves says so with a new address.
 *
 * @throws DeliveryFault
 */
export async function post({ dialer, now }: ChannelPorts, posting: Posting): Promise<Posted> {
	const { url, headers, body, signal, secrets, by = 'operator' } = posting;
	const request = requestText(posting);
	let answer: Dialed;
	try {
		const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MOST_ANSWER_BYTES };
		answer = await dialer.dial({ url, by, method: 'POST', headers, body, signal, ...limits });
	} catch (error) {
		const message = without(messageOf(error), secrets);
		const exchange = { request, answer: message, status: null };
		throw new DeliveryFault(message, { exchange, kind: error instanceof DialRefused ? 'never' : 'later' });
	}
	const text = without(new TextDecoder().decode(answer.bytes), secrets);
	const exchange = { request, answer: answerText(answer, text), status: answer.status };
	if (answer.status >= 200 && answer.status < 300) return { answer, text, exchange };
	const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], now() / MICROS_PER_MS);
	const kind = answer.status === 410 ? 'gone' : 'later';
	throw new DeliveryFault(`answered ${answer.status}${hintOf(answer.status)}`, { exchange, kind, retryAfterMs });
}

function hintOf(status: number): string {
	if (status >= 300 && status < 400) return ': it points elsewhere; write the new address into the configuration';
	if (status === 410) return ': it is gone for good';
	return '';
}

function requestText({ shownUrl, headers, hidden, body }: Posting): string {
	const lines = Object.entries(headers).map(
		([name, value]) => `${name}: ${hidden.includes(name) ? '[redacted]' : value}`,
	);
	const shown = typeof body === 'string' ? body : `(${body.length} bytes)`;
	return [`POST ${shownUrl}`, ...lines, '', shown].join('\n');
}

function answerText({ status, headers }: Dialed, text: string): string {
	const lines = ['content-type', 'retry-after', 'location'].flatMap((name) => {
		const value = headers[name];
		return value === undefined ? [] : [`${name}: ${value}`];
	});
	return [String(status), ...lines, '', text.slice(0, SHOWN_ANSWER)].join('\n');
}

function without(text: string, secrets: readonly string[]): string {
	return secrets.reduce((clean, secret) => (secret === '' ? clean : clean.replaceAll(secret, '[redacted]')), text);
}
