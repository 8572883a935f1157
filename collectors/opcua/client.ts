import { readFileSync } from 'node:fs';
import {
	MessageSecurityMode,
	OPCUAClient,
	SecurityPolicy,
	StatusCodes,
	UserTokenType,
	type ClientSession,
	type ClientSessionPublishService,
	type ClientSessionRawSubscriptionService,
	type EndpointDescription,
	type OPCUAClientOptions,
	type UserIdentityInfo,
} from 'node-opcua';
import type { ICertificateStore } from 'node-opcua';
import { ConfigError, RetriableError, messageOf } from '#contracts/error.ts';
import { quote } from '#contracts/stream.ts';
import type { OpcuaConfig } from './config.ts';
import { silenceLibrary } from './library-log.ts';
import { ownCertificate, type OwnCertificate } from './own-certificate.ts';
import type { TrustFolder } from './trust.ts';

/**
 * With the services as the protocol has them. The library's own subscriptions keep what they do to themselves: when a
 * message came, what was missing, and in one known fault that nothing comes any more.
 */
export type Session = ClientSession & ClientSessionRawSubscriptionService & ClientSessionPublishService;

/** A connection with a session in it. It ends for good: a new one is made by opening again. */
export interface OpenSession {
	readonly session: Session;
	/** Aborts, with the reason, when either has ended. */
	readonly ended: AbortSignal;
	close(): Promise<void>;
}

export interface ClientOptions {
	readonly config: OpcuaConfig;
	readonly name: string;
	/** Of this collector's own files. */
	readonly folder: string;
	readonly trust: TrustFolder;
}

/** Servers that are asked for less often give a session up that lasts longer than a short outage. */
const SESSION_MS = 60_000;
const REQUEST_WITHIN_MS = 10_000;
const CONNECT_WITHIN_MS = 5000;
const CLOSE_WITHIN_MS = 200;
const ONCE = { maxRetry: 0, initialDelay: 10, maxDelay: 10 };

/**
 * The certificate is looked at before anything of ours is sent, and the connection is made with that very one: who does not
 * have its key cannot read the password. The address is the configured one, as servers announce names that nobody resolves.
 *
 * @throws Error with what to do
 */
export async function openSession(options: ClientOptions): Promise<OpenSession> {
	const { config, folder, name } = options;
	silenceLibrary();
	const own = await ownCertificate(folder, name);
	const identity = identityOf(config);
	const endpoint = config.security.mode === 'None' ? undefined : await trustedEndpoint(options, own);
	const client = OPCUAClient.create({
		...baseOptions(own, config),
		securityMode: MessageSecurityMode[config.security.mode],
		securityPolicy: policyUri(config),
		...(endpoint && { serverCertificate: endpoint.serverCertificate }),
	});
	const ended = new AbortController();
	const end = (reason: string) => () => ended.abort(new Error(reason));
	client.on('connection_lost', end('the connection was lost'));
	client.on('abort', end('the server closed the connection'));
	client.on('close', end('the server closed the connection'));
	try {
		await client.connect(config.url);
		const session = (await client.createSession(identity)) as Session;
		session.on('session_closed', end('the server closed the session'));
		return { session, ended: ended.signal, close: () => within(CLOSE_WITHIN_MS, closeBoth(client, session)) };
	} catch (error) {
		await within(CLOSE_WITHIN_MS, client.disconnect());
		throw error;
	}
}

/** What a server offers, asked without any protection: nothing of ours is sent. */
export async function discover(options: ClientOptions): Promise<EndpointDescription[]> {
	const { config, folder, name } = options;
	silenceLibrary();
	return endpointsOf(config, await ownCertificate(folder, name));
}

async function endpointsOf(config: OpcuaConfig, own: OwnCertificate): Promise<EndpointDescription[]> {
	const client = OPCUAClient.create({ ...baseOptions(own, config), securityMode: MessageSecurityMode.None });
	try {
		await client.connect(config.url);
		return await client.getEndpoints({ endpointUrl: config.url });
	} finally {
		await within(CLOSE_WITHIN_MS, client.disconnect());
	}
}

async function trustedEndpoint(
	{ config, trust, name }: ClientOptions,
	own: OwnCertificate,
): Promise<EndpointDescription> {
	const endpoints = await endpointsOf(config, own);
	const wanted = MessageSecurityMode[config.security.mode];
	const endpoint = endpoints.find((one) => one.securityMode === wanted && one.securityPolicyUri === policyUri(config));
	if (!endpoint)
		throw new RetriableError(
			`the server does not offer ${config.security.mode} with ${policyName(config)}; it offers ${offersOf(endpoints)}`,
		);
	const cause = trust.fault(endpoint.serverCertificate, new Date());
	if (cause !== undefined)
		throw new RetriableError(
			`the certificate of the server is not trusted: ${cause}; compare it and put it into ${quote(trust.folder)}, or have it done: sigmascope collector ${name} --trust`,
		);
	return endpoint;
}

function baseOptions(own: OwnCertificate, { silence }: OpcuaConfig): OPCUAClientOptions {
	return {
		applicationName: 'Sigmascope',
		applicationUri: own.applicationUri,
		certificateKeyPairProvider: {
			getCertificate: () => own.der,
			getCertificateChain: () => [own.der],
			getPrivateKey: () => ({ hidden: own.keyPem }),
		},
		clientCertificateManager: alreadyChecked(),
		connectionStrategy: ONCE,
		endpointMustExist: false,
		keepSessionAlive: false,
		requestedSessionTimeout: Math.max(SESSION_MS, silence * 3),
		transportTimeout: CONNECT_WITHIN_MS,
		defaultTransactionTimeout: Math.max(REQUEST_WITHIN_MS, silence * 2),
	};
}

/** The library asks for the trust in a certificate that was looked at before it got it. */
function alreadyChecked(): ICertificateStore {
	return {
		referenceCounter: 0,
		initialize: async () => {},
		dispose: async () => {},
		checkCertificate: async () => StatusCodes.Good,
		verifyCertificate: async () => 'Good',
		trustCertificate: async () => {},
		rejectCertificate: async () => {},
		getTrustStatus: async () => StatusCodes.Good,
		addIssuer: async () => undefined,
		addRevocationList: async () => undefined,
	};
}

/** @throws RetriableError when a file cannot be read */
function identityOf({ auth }: OpcuaConfig): UserIdentityInfo {
	if (auth?.username !== undefined && auth.password !== undefined)
		return { type: UserTokenType.UserName, userName: auth.username, password: auth.password.reveal() };
	if (auth?.certificate !== undefined && auth.key !== undefined)
		return {
			type: UserTokenType.Certificate,
			certificateData: derOf(read(auth.certificate)),
			privateKey: read(auth.key).toString(),
		};
	return { type: UserTokenType.Anonymous };
}

function derOf(bytes: Buffer): Buffer {
	const [, base64] = /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(bytes.toString('latin1')) ?? [];
	return base64 === undefined ? bytes : Buffer.from(base64, 'base64');
}

function read(file: string): Buffer {
	try {
		return readFileSync(file);
	} catch (cause) {
		throw new RetriableError(`cannot read ${quote(file)}: ${messageOf(cause)}`, { cause });
	}
}

function policyName({ security }: OpcuaConfig): keyof typeof SecurityPolicy {
	if (security.mode === 'None') return 'None';
	return security.policy ?? 'Basic256Sha256';
}

function policyUri(config: OpcuaConfig): SecurityPolicy {
	const policy = SecurityPolicy[policyName(config)];
	if (policy === undefined) throw new ConfigError(`the policy ${policyName(config)} is not known here`);
	return policy;
}

/** `SignAndEncrypt with Basic256Sha256, …`. */
export function offersOf(endpoints: readonly EndpointDescription[]): string {
	const offers = endpoints.map(({ securityMode, securityPolicyUri }) => {
		const policy = securityPolicyUri?.split('#')[1] ?? 'an unnamed policy';
		return securityMode === MessageSecurityMode.None ? 'None' : `${MessageSecurityMode[securityMode]} with ${policy}`;
	});
	return [...new Set(offers)].join(', ') || 'nothing';
}

async function closeBoth(client: OPCUAClient, session: ClientSession): Promise<void> {
	await session.close(true).catch(() => undefined);
	await client.disconnect();
}

/** A server that is gone answers no goodbye. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	const timer = setTimeout(resolve, ms);
	work.then(
		() => resolve(),
		() => resolve(),
	);
	await promise;
	clearTimeout(timer);
}
