import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { Engine } from './engine.ts';
import { Failure } from './failure.ts';
import { insertFromFile, spoolBody } from './insert.ts';
import { createReply } from './reply.ts';
import type { Reply } from './reply.ts';
import { isAuthorized, parseHead, readBody } from './request.ts';
import type { Credentials, RequestHead } from './request.ts';
import { checkedDelivery, deliver, deliverWhole, spoolFileOf } from './select.ts';
import type { SessionState } from './session.ts';
import { parseStatement } from './statement.ts';
import type { Statement } from './statement.ts';

export interface ServerOptions {
	readonly engine: Engine;
	/** 0 = of the system's choice. */
	readonly port: number;
	readonly credentials: Credentials;
	/** Longest statement, with data written into its text. */
	readonly maxQueryBytes: number;
	/** Largest body of an INSERT, unpacked. */
	readonly maxInsertBytes: number;
	/** Largest answer, by the engine's own measure: bytes of its columns. */
	readonly maxResultBytes: number;
	readonly defaultExecutionSeconds: number;
	readonly stallMs: number;
}

export interface EmbeddedServer {
	readonly port: number;
	/** Takes no more requests and resolves when those that run are done. */
	close(): Promise<void>;
}

/** More than the client keeps an idle socket (2.5 s), so that it never reuses one that is being closed. */
const KEEP_ALIVE_MS = 20_000;
const MAX_CONNECTIONS = 256;
const QUERY_ID = /[?&]query_id=([\w-]{1,100})/;

/** Listens on 127.0.0.1 and nowhere else. */
export async function startServer(options: ServerOptions): Promise<EmbeddedServer> {
	const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 120_000 }, (request, response) => {
		void handle(options, request, response);
	});
	server.maxConnections = MAX_CONNECTIONS;
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.port, '127.0.0.1', resolve);
	});
	return { port: (server.address() as AddressInfo).port, close: () => closeServer(server) };
}

async function closeServer(server: Server): Promise<void> {
	const closed = new Promise<void>((resolve) => server.close(() => resolve()));
	server.closeIdleConnections();
	await closed;
}

async function handle(options: ServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
	if (pathname === '/ping') {
		response.end('Ok.\n');
		return;
	}
	const gzip = /[?&]enable_http_compression=1/.test(request.url ?? '') && acceptsGzip(request);
	const exceptionTag = randomUUID().replaceAll('-', '').slice(0, 16);
	const queryId = QUERY_ID.exec(request.url ?? '')?.[1] ?? randomUUID();
	const reply = createReply({ response, queryId, gzip, stallMs: options.stallMs, exceptionTag });
	try {
		if (!isAuthorized(request, options.credentials))
			throw new Failure('password', 'Authentication failed: password is incorrect, or there is no such user');
		if (pathname !== '/' || !['GET', 'POST'].includes(request.method ?? ''))
			throw new Failure('unsupported', `There is no ${request.method ?? ''} ${pathname}`);
		await answer(options, request, reply);
		await reply.end();
	} catch (error) {
		await reply.fail(error);
	}
}

function acceptsGzip(request: IncomingMessage): boolean {
	return /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
}

async function answer(options: ServerOptions, request: IncomingMessage, reply: Reply): Promise<void> {
	const head = parseHead(request);
	const rules = { forbidden: options.engine.forbidden, parameters: new Set(head.parameters.keys()) };
	// An INSERT named in the address has its data in the body, which may be large and is not looked at here.
	const early = head.query === undefined ? undefined : parseStatement(head.query, rules);
	if (early?.kind === 'insert') return runInsert(options, { request, reply, head, statement: early });
	const text = [head.query, await readText(request, options.maxQueryBytes)].filter(Boolean).join('\n');
	if (text === '') throw new Failure('syntax', 'Empty query');
	const statement = early && text === head.query ? early : parseStatement(text, rules);
	switch (statement.kind) {
		case 'insert':
			return runInsert(options, { request, reply, head, statement });
		case 'change':
			if (request.method === 'GET') throw new Failure('readonly', 'Cannot change anything with a GET request');
			return runChange(options, head, statement.sql, reply);
		case 'select':
		case 'show':
			return runRead(options, head, statement, reply);
	}
}

async function readText(request: IncomingMessage, maxBytes: number): Promise<string> {
	const chunks: Buffer[] = [];
	const sink = new Writable({
		write(chunk: Buffer, _encoding, done) {
			chunks.push(chunk);
			done();
		},
	});
	await readBody(request, sink, maxBytes);
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
	} catch {
		throw new Failure(
			'syntax',
			'The statement is not UTF-8 text; send binary data as the body and the INSERT in the address',
		);
	}
}

function stateOf(options: ServerOptions, head: RequestHead): SessionState {
	const bounds: readonly (readonly [string, string])[] = [
		['max_execution_time', String(options.defaultExecutionSeconds)],
		['max_result_bytes', String(options.maxResultBytes)],
		['result_overflow_mode', 'throw'],
		// Or the zone of the machine would decide what a time in an answer looks like.
		['session_timezone', 'UTC'],
	];
	return { database: head.database, parameters: head.parameters, settings: new Map([...bounds, ...head.settings]) };
}

interface InsertRequest {
	readonly request: IncomingMessage;
	readonly reply: Reply;
	readonly head: RequestHead;
	readonly statement: Extract<Statement, { kind: 'insert' }>;
}

async function runInsert(options: ServerOptions, { request, reply, head, statement }: InsertRequest): Promise<void> {
	if (request.method === 'GET') throw new Failure('readonly', 'Cannot insert with a GET request');
	const { engine, maxInsertBytes: maxBytes } = options;
	const { inline } = statement;
	const spool = await spoolBody({ request, inline, folder: engine.spoolFolder, name: randomUUID(), maxBytes });
	try {
		await engine.writer.use(async (session) => {
			await session.prepare(stateOf(options, head));
			await session.query(insertFromFile(statement, spool.file), 'TSV');
		}, reply.gone);
	} finally {
		await spool.remove();
	}
	reply.begin('TSV');
}

async function runChange(options: ServerOptions, head: RequestHead, sql: string, reply: Reply): Promise<void> {
	const bytes = await options.engine.writer.use(async (session) => {
		await session.prepare(stateOf(options, head));
		return session.query(sql, 'TSV');
	}, reply.gone);
	reply.begin('TSV');
	await reply.write(bytes);
}

async function runRead(
	options: ServerOptions,
	head: RequestHead,
	statement: Extract<Statement, { kind: 'select' | 'show' }>,
	reply: Reply,
): Promise<void> {
	const format = statement.format ?? head.defaultFormat ?? 'TabSeparated';
	const delivery = checkedDelivery(format);
	const { sql, kind } = statement;
	const spoolFile = spoolFileOf(options.engine.spoolFolder, randomUUID());
	await options.engine.readers.use(async (session) => {
		await session.prepare(stateOf(options, head));
		if (kind === 'show') await deliverWhole({ session, reply, sql, format });
		else await deliver({ session, reply, sql, format, spoolFile }, delivery);
	}, reply.gone);
}
