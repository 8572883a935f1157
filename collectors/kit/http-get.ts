import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { z } from 'zod';
import { RetriableError, messageOf } from '#contracts/error.ts';
import { quote } from '#contracts/stream.ts';
import { secretOption } from './secret.ts';

/** Options of a collector that asks a web server. */
export const httpOptions = {
	url: z
		.string()
		.superRefine((text, context) => {
			const message = addressFault(text);
			if (message !== undefined) context.addIssue({ code: 'custom', message });
		})
		.describe('Address that is asked, http:// or https://; keys belong into `headers`, not here.'),
	headers: z
		.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), secretOption)
		.default({})
		.describe('Headers of the request; their values are secrets, as text or as `file:/run/secrets/x`.'),
	auth: z
		.union([
			z.strictObject({ username: z.string().min(1), password: secretOption }),
			z.strictObject({ bearer: secretOption }),
		])
		.optional()
		.describe('`username` and `password`, or a token as `bearer`.'),
	tls: z
		.strictObject({
			ca: z.string().min(1).optional(),
			cert: z.string().min(1).optional(),
			key: z.string().min(1).optional(),
		})
		.refine(({ cert, key }) => (cert === undefined) === (key === undefined), 'cert and key belong together')
		.optional()
		.describe(
			'https: `ca`, a file with the certificates to trust in place of those of the system; `cert` and `key`, our own. PEM.',
		),
};
export type HttpOptions = z.output<z.ZodObject<typeof httpOptions>>;

/** An answer that is none, in words for a person. */
export class HttpError extends RetriableError {
	override readonly name = 'HttpError';
}

export interface HttpGet extends HttpOptions {
	readonly accept: string;
	/** For the whole answer. */
	readonly timeoutMs: number;
	readonly maxBytes: number;
	readonly signal: AbortSignal;
}

/**
 * The text of an answer of 200. Redirections are not followed: a key would go where nobody has said it may.
 *
 * @throws HttpError with the cause and what to do; RetriableError when a file of a secret cannot be read
 */
export async function httpGet(options: HttpGet): Promise<string> {
	const limit = AbortSignal.timeout(options.timeoutMs);
	const signal = AbortSignal.any([options.signal, limit]);
	try {
		const response = await send(options, signal);
		if (response.statusCode !== 200) throw new HttpError(refusal(response));
		return await textOf(response, options.maxBytes);
	} catch (error) {
		if (limit.aborted && !options.signal.aborted) throw new HttpError(`no answer within ${options.timeoutMs} ms`);
		throw error instanceof RetriableError ? error : new HttpError(remedy(error));
	}
}

function send({ url, headers, auth, tls, accept }: HttpGet, signal: AbortSignal): Promise<IncomingMessage> {
	const request = url.startsWith('https:') ? httpsRequest : httpRequest;
	const given = Object.entries(headers).map(([name, secret]) => [name, secret.reveal()] as const);
	const all = { accept, 'user-agent': 'sigmascope', ...Object.fromEntries(given), ...authorization(auth) };
	const files = tls && { ca: read(tls.ca), cert: read(tls.cert), key: read(tls.key) };
	return new Promise((resolve, reject) => {
		request(url, { headers: all, signal, ...files }, resolve)
			.on('error', reject)
			.end();
	});
}

function authorization(auth: HttpOptions['auth']): Readonly<Record<string, string>> {
	if (!auth) return {};
	if ('bearer' in auth) return { authorization: `Bearer ${auth.bearer.reveal()}` };
	const both = `${auth.username}:${auth.password.reveal()}`;
	return { authorization: `Basic ${Buffer.from(both).toString('base64')}` };
}

async function textOf(response: IncomingMessage, maxBytes: number): Promise<string> {
	const parts: Buffer[] = [];
	let bytes = 0;
	for await (const part of response as AsyncIterable<Buffer>) {
		bytes += part.length;
		if (bytes > maxBytes) throw new HttpError(`the answer is longer than ${maxBytes} bytes`);
		parts.push(part);
	}
	return Buffer.concat(parts).toString();
}

function refusal(response: IncomingMessage): string {
	const { statusCode = 0, headers } = response;
	response.destroy();
	if (statusCode === 401 || statusCode === 403) return `it answers ${statusCode}; check "auth" and "headers"`;
	if (statusCode === 404) return 'it answers 404: there is no such path';
	if (statusCode >= 300 && statusCode < 400)
		return `it answers ${statusCode} and points to ${quote(headers.location ?? '')}; write the final address`;
	return `it answers ${statusCode}`;
}

function remedy(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	switch (code) {
		case 'ECONNREFUSED':
			return 'nothing listens there; is it running?';
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return 'this name is not known; check "url"';
		case 'ECONNRESET':
		case 'EPIPE':
			return 'it closed the connection';
		case 'SELF_SIGNED_CERT_IN_CHAIN':
		case 'DEPTH_ZERO_SELF_SIGNED_CERT':
		case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
		case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
			return `its certificate is signed by nobody who is trusted here (${code}); name the file of its CA in "tls.ca"`;
		default:
			return messageOf(error) || code;
	}
}

/** Read at each request: certificates are renewed. */
function read(file: string | undefined): Buffer | undefined {
	if (file === undefined) return undefined;
	try {
		return readFileSync(file);
	} catch (cause) {
		throw new RetriableError(`cannot read ${quote(file)}: ${messageOf(cause)}`, { cause });
	}
}

function addressFault(text: string): string | undefined {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '')
		return 'write an address: http://host/path or https://host/path';
	if (url.username !== '' || url.password !== '')
		return 'put user name and password under "auth", not into the address';
	return undefined;
}
