import { z } from 'zod';
import { durationMs } from '#contracts/duration.ts';
import { burstSchema } from '../kit/burst.ts';
import { eventOption } from '../kit/tag-event.ts';
import { secretOption } from '../kit/secret.ts';
import { parseGlob } from './glob.ts';
import { parseNodeName } from './node-name.ts';
import { streamFault } from './stream-name.ts';

const SHORTEST_MS = 5;

const interval = durationMs.refine((ms) => ms >= SHORTEST_MS, `the shortest is ${SHORTEST_MS}ms`);

export const itemSchema = z
	.strictObject({
		node: z
			.string()
			.refine(
				(text) => parseNodeName(text) !== undefined,
				'write a node like nsu=urn:cell7;s=Spindle.Load, ns=2;i=1001 or i=2258',
			)
			.optional()
			.describe(
				'The node: `nsu=` and the URI of its namespace, or `ns=` and its index, which may change at a restart.',
			),
		browse: z
			.string()
			.refine(
				(text) => parseGlob(text) !== undefined,
				'write browse names with / between them: Objects/Machine/**/Load',
			)
			.optional()
			.describe('Or all variables whose path of browse names matches: `*` in a name, `**` for any number of names.'),
		stream: z
			.string()
			.min(1)
			.optional()
			.describe(
				'Key of the stream; `{name}`, `{parent}` and `{path}` (from below Objects on) are browse names. With `browse` it is `{path}` unless given.',
			),
		unit: z.string().max(40).optional().describe("Unit of the values; the server's EngineeringUnits without it."),
		labels: z
			.record(z.string(), z.string())
			.default({})
			.describe('Labels of the stream; their values may hold the same braces.'),
		every: interval.prefault('1s').describe('How often a value is taken.'),
		trigger: z
			.enum(['sample', 'change'])
			.default('sample')
			.describe(
				'`sample`: one value per interval, the last one where nothing has changed. `change`: the changes alone, which makes sigma and runs those of the changes; the stream has the label `reported: on change`.',
			),
		method: z
			.enum(['subscribe', 'poll'])
			.default('subscribe')
			.describe(
				'`subscribe`: the server samples and tells changes. `poll`: it is asked each time, for servers that do not.',
			),
		deadband: z
			.number()
			.positive()
			.optional()
			.describe(
				'trigger: change: smaller changes, in the unit of the raw value, are not told. It thins the data further.',
			),
		scale: z.number().default(1).describe('What a raw value is multiplied by.'),
		offset: z.number().default(0).describe('And what is added then.'),
		status: z
			.string()
			.min(1)
			.optional()
			.describe('Key of a stream that keeps the raw StatusCode of each value, as the number that it is.'),
		event: eventOption.optional(),
		burst: burstSchema
			.optional()
			.describe(
				'The value is an array of samples, a burst of a vibration say: its features become streams `…/rms` and so on.',
			),
	})
	.superRefine((item, context) => {
		if (item.event && (item.node === undefined || item.burst || item.status !== undefined))
			context.addIssue({ code: 'custom', path: ['event'], message: 'is of a node, without "burst" and "status"' });
		const add = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
		if ((item.node === undefined) === (item.browse === undefined)) add('node', 'give "node" or "browse", one of them');
		if (item.node !== undefined && item.stream === undefined)
			add('stream', 'a node needs the "stream" that it becomes');
		if (item.trigger === 'change' && item.method === 'poll')
			add('method', 'what is polled is sampled; changes need subscribe');
		if (item.trigger === 'sample' && item.deadband !== undefined) add('deadband', 'belongs to trigger: change');
		if (item.burst && (item.trigger === 'change' || item.status !== undefined || item.offset !== 0))
			add('burst', 'each burst is taken once, as it comes: "trigger", "status" and "offset" have no meaning here');
		if (typeof item.burst?.bearing?.rpm === 'string')
			context.addIssue({
				code: 'custom',
				path: ['burst', 'bearing', 'rpm'],
				message: 'write a number: an array has no path',
			});
		for (const name of ['stream', 'status'] as const) {
			const fault = item[name] === undefined ? undefined : streamFault(item[name], item.browse !== undefined);
			if (fault !== undefined) add(name, fault);
		}
		for (const [label, text] of Object.entries(item.labels)) {
			const fault = streamFault(text, true);
			if (fault !== undefined) context.addIssue({ code: 'custom', path: ['labels', label], message: fault });
		}
	});
export type Item = z.output<typeof itemSchema>;

export const SECURITY_POLICIES = ['None', 'Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'] as const;

export const securitySchema = z
	.strictObject({
		mode: z
			.enum(['None', 'Sign', 'SignAndEncrypt'])
			.default('SignAndEncrypt')
			.describe('None protects nothing: whoever is on the network can read along and answer in place of the server.'),
		policy: z
			.enum(SECURITY_POLICIES)
			.optional()
			.describe('Basic256Sha256 unless given; the older ones are broken and not there.'),
		trust: z
			.string()
			.min(1)
			.optional()
			.describe(
				'Folder with the certificates of the servers to trust (DER or PEM); in the data folder without it. `sigmascope collector NAME --trust` puts one there.',
			),
	})
	.superRefine(({ mode, policy }, context) => {
		if (policy !== undefined && (mode === 'None') !== (policy === 'None'))
			context.addIssue({
				code: 'custom',
				path: ['policy'],
				message: 'mode None has policy None, and no other mode has it',
			});
	});

export const authSchema = z
	.strictObject({
		username: z.string().min(1).optional().describe('User name.'),
		password: secretOption.optional().describe('Its password, as text or as `file:/run/secrets/x`.'),
		certificate: z.string().min(1).optional().describe("Or a file with a user's certificate, PEM or DER."),
		key: z.string().min(1).optional().describe('And a file with its key, PEM.'),
	})
	.superRefine(({ username, password, certificate, key }, context) => {
		const isUser = username !== undefined && password !== undefined;
		const isCertificate = certificate !== undefined && key !== undefined;
		const given = [username, password, certificate, key].filter((one) => one !== undefined).length;
		if (given !== 2 || (!isUser && !isCertificate))
			context.addIssue({ code: 'custom', path: [], message: 'give username and password, or certificate and key' });
	});

export const opcuaSchema = z
	.strictObject({
		url: z
			.string()
			.superRefine((text, context) => {
				const message = addressFault(text);
				if (message !== undefined) context.addIssue({ code: 'custom', message });
			})
			.describe('Address of the server: opc.tcp://host:4840.'),
		security: securitySchema
			.prefault({ mode: 'None' })
			.describe('How it is spoken to; without it nothing is protected:'),
		auth: authSchema.optional().describe('As whom; anonymous without it:'),
		timestamp: z
			.enum(['source', 'server', 'collector'])
			.default('source')
			.describe('Whose clock counts: that of the device, of the server, or of this machine.'),
		maxSkew: durationMs
			.prefault('1m')
			.describe("How far the server's clock may be from ours; beyond it ours counts, and it is said."),
		silence: durationMs
			.refine((ms) => ms >= 1000, 'the shortest is 1s')
			.prefault('10s')
			.describe('How long the server may say nothing before the session is given up and built anew.'),
		maxItems: z
			.number()
			.int()
			.positive()
			.max(100_000)
			.default(10_000)
			.describe('Variables that `browse` may find; beyond it they are a fault.'),
		items: z.array(itemSchema).min(1).max(100_000).describe('What to take:'),
	})
	.superRefine(({ items, security, auth }, context) => {
		const streams = new Map<string, number>();
		items.forEach(({ stream, labels, node }, i) => {
			if (node === undefined || stream === undefined) return;
			const name = JSON.stringify([stream, Object.entries(labels).sort()]);
			const earlier = streams.get(name);
			streams.set(name, i);
			if (earlier === undefined) return;
			const message = `is the stream of items[${earlier}] too; each node needs one of its own`;
			context.addIssue({ code: 'custom', path: ['items', i, 'stream'], message });
		});
		if (auth?.certificate !== undefined && security.mode === 'None')
			context.addIssue({
				code: 'custom',
				path: ['auth'],
				message: 'a certificate of a user needs security.mode Sign or SignAndEncrypt',
			});
	});
export type OpcuaConfig = z.output<typeof opcuaSchema>;

function addressFault(text: string): string | undefined {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url?.protocol !== 'opc.tcp:' || url.hostname === '') return 'write the address of a server: opc.tcp://host:4840';
	if (url.username !== '' || url.password !== '')
		return 'put user name and password under "auth", not into the address';
	return undefined;
}
