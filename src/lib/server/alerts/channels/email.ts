import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf } from '#contracts/error.ts';
import { emailText } from './email-text.ts';
import { channelKind, DeliveryFault, type Outgoing } from './kind.ts';
import { secretOption } from './options.ts';

const address = z.string().regex(/^[^\s@<>]+@[^\s@<>]+$/, 'must be an e-mail address');
const schema = z.strictObject({
	type: z.literal('email'),
	server: z
		.string()
		.refine((text) => /^smtps?:$/.test(URL.parse(text)?.protocol ?? '') && URL.parse(text)?.password === '', {
			error: 'must be smtp://host:port or smtps://host:port; name and password go into auth',
		}),
	auth: z.strictObject({ username: z.string().min(1), password: secretOption }).optional(),
	/** Whether the connection has to be encrypted. A password goes over no other. */
	starttls: z.enum(['required', 'if-offered']).optional(),
	tls: z.strictObject({ ca: z.string().min(1) }).optional(),
	from: address,
	to: z.union([address.transform((one) => [one]), z.array(address).min(1).max(100)], {
		error: 'must be an e-mail address, or a list of them',
	}),
});
type Options = z.output<typeof schema>;

const WITHIN_MS = 20_000;
/** By which the text names the picture that comes with it. */
const CHART_ID = 'chart@sigmascope';

/** By a mail server of one's own; what belongs to one violation is one conversation. */
export const email = channelKind({
	schema,
	addressOf: ({ server, to }) => `${server} ${to.join(' ')}`,
	atOnce: 1,
	create: (options, ports) => ({
		title: `e-mail ${options.to.join(', ')}`,
		async send(message, signal) {
			const mail = mailOf(options, ports.host, message, await message.chart?.());
			const request = `${options.server}\nFrom: ${options.from}\nTo: ${options.to.join(', ')}\nSubject: ${mail.subject}\n\n${mail.text}`;
			const { createTransport } = await import('nodemailer');
			const transport = createTransport(transportOf(options, (text) => ports.secretOf(text).reveal()));
			const cut = () => transport.close();
			signal.addEventListener('abort', cut, { once: true });
			try {
				const { response } = await transport.sendMail(mail);
				const isFirst = mail.inReplyTo === undefined;
				return {
					exchange: { request, answer: String(response), status: null },
					thread: isFirst ? mail.messageId : null,
				};
			} catch (error) {
				throw faultOf(error, request);
			} finally {
				signal.removeEventListener('abort', cut);
				transport.close();
			}
		},
		close: async () => undefined,
	}),
});

function transportOf(options: Options, reveal: (text: string) => string) {
	const { hostname, port, protocol } = new URL(options.server);
	const secure = protocol === 'smtps:';
	const { auth, tls } = options;
	return {
		host: hostname.replace(/^\[(.*)\]$/, '$1'),
		port: Number(port) || (secure ? 465 : 587),
		secure,
		requireTLS: !secure && (options.starttls ?? (auth ? 'required' : 'if-offered')) === 'required',
		connectionTimeout: WITHIN_MS,
		greetingTimeout: WITHIN_MS,
		socketTimeout: WITHIN_MS,
		disableFileAccess: true,
		disableUrlAccess: true,
		...(auth && { auth: { user: auth.username, pass: reveal(auth.password) } }),
		...(tls && { tls: { ca: readFileSync(tls.ca, 'utf8') } }),
	};
}

function mailOf({ from, to }: Options, host: string, message: Outgoing, chart: Uint8Array | undefined) {
	const { subject, text, html } = emailText(message, chart && CHART_ID);
	const before = message.content.violationIds.map((id) => message.threads.get(id)).find((one) => one !== undefined);
	return {
		from: { name: 'Sigmascope', address: from },
		to: [...to],
		subject: before === undefined ? subject : `Re: ${subject}`,
		text,
		html,
		...(chart && {
			attachments: [{ filename: 'chart.png', contentType: 'image/png', cid: CHART_ID, content: Buffer.from(chart) }],
		}),
		// The same with every attempt: a mail server that has it already may drop the second one.
		messageId: `<${message.key}@${host}>`,
		headers: { 'auto-submitted': 'auto-generated', 'x-sigmascope-message': message.key },
		...(before !== undefined && { inReplyTo: before, references: before }),
	};
}

/** The server's own words, without what we sent. */
function faultOf(error: unknown, request: string): DeliveryFault {
	const { responseCode = 0, code = '' } = error as { responseCode?: number; code?: string };
	const message = messageOf(error).slice(0, 300);
	const isRefused = code === 'EENVELOPE' && responseCode >= 500;
	return new DeliveryFault(message, {
		exchange: { request, answer: message, status: responseCode || null },
		kind: isRefused ? 'never' : 'later',
	});
}
