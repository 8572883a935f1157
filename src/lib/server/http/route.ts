import type { Duplex } from 'node:stream';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { z } from '@hono/zod-openapi';
import type { WebSocket } from 'ws';
import type { Principal, Who } from '#contracts/principal.ts';
import type { Right } from '#contracts/rights.ts';
import type { Asking } from '../auth/port.ts';

/** @returns an expression that the paths of this pattern match as a whole */
export function patternOf(path: string): RegExp {
	return new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);
}

/** What every row of the API table says. */
interface RouteFacts {
	readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	/** With parameters in braces: `/api/v1/streams/{id}`. */
	readonly path: string;
	/** `open` needs nobody: what it answers holds no data of anyone. Else the handler is given the sites of this right only. */
	readonly access: Right | 'open';
	/** Only for who sees every site: the answer is about the whole server. */
	readonly everySite?: true;
	readonly tag: string;
	readonly summary: string;
}

export interface Inputs {
	readonly params?: z.ZodObject;
	readonly query?: z.ZodObject;
	readonly body?: z.ZodType;
}

/** What of the inputs a handler gets, already checked. */
type Parsed<I extends Inputs, K extends keyof Inputs> = I[K] extends z.ZodType ? z.output<I[K]> : undefined;

export interface Asked<I extends Inputs = Inputs> {
	readonly principal: Principal;
	readonly params: Parsed<I, 'params'>;
	readonly query: Parsed<I, 'query'>;
	readonly body: Parsed<I, 'body'>;
	readonly headers: IncomingHttpHeaders;
	/** Everything that who asks may do; undefined where the route is open. */
	readonly who: Who | undefined;
	/** For what depends on where the request came from. */
	readonly asking: Asking;
}

export interface Reply {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	/** Sent as it is when a string or bytes (with a content-type of its own), else as JSON. */
	readonly body: unknown;
}

export interface AnswerRoute extends RouteFacts {
	readonly kind: 'answer';
	readonly input: Inputs;
	readonly output: { readonly status: number; readonly type: string; readonly schema: z.ZodType };
	/** Statuses that the guard and the input check do not already explain. */
	readonly problems: Readonly<Record<number, string>>;
	readonly handle: (asked: Asked) => Promise<Reply> | Reply;
}

export interface RawAsked {
	readonly principal: Principal;
	readonly query: URLSearchParams;
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
}

/** A hot path: after the guard it has request and response to itself. */
export interface RawRoute extends RouteFacts {
	readonly kind: 'raw';
	readonly input: Inputs;
	/** Of the body, by content type, in words. */
	readonly accepts: Readonly<Record<string, string>>;
	readonly answers: Readonly<Record<number, { readonly detail: string; readonly schema?: z.ZodType }>>;
	readonly handle: (asked: RawAsked) => Promise<void>;
	/** Where the answer to a fault has a foreign shape. */
	readonly sendFault?: (response: ServerResponse, fault: { readonly status: number; readonly detail: string }) => void;
}

export interface SocketRoute extends RouteFacts {
	readonly kind: 'socket';
	readonly maxPayloadBytes: number;
	/** What each kind of message asks for; none may ask for more than the upgrade did. */
	readonly messages: Readonly<Record<string, Right>>;
	/** `wire` is what carries the socket: who says the same to many writes it there, framed once. */
	readonly open: (socket: WebSocket, principal: Principal, wire: Duplex) => void;
}

export type Route = AnswerRoute | RawRoute | SocketRoute;

interface AnswerDefinition<I extends Inputs> extends Omit<RouteFacts, 'tag'> {
	readonly tag: string;
	readonly input?: I;
	readonly output: { readonly status?: number; readonly type?: string; readonly schema: z.ZodType };
	readonly problems?: Readonly<Record<number, string>>;
	readonly handle: (asked: Asked<I>) => Promise<Reply> | Reply;
}

/** A row of the table whose handler's arguments are typed by its own schemas. */
export function answer<I extends Inputs>(definition: AnswerDefinition<I>): AnswerRoute {
	return {
		...definition,
		kind: 'answer',
		input: definition.input ?? {},
		output: { status: 200, type: 'application/json', ...definition.output },
		problems: definition.problems ?? {},
		// The router hands over exactly what these schemas gave back.
		handle: definition.handle as AnswerRoute['handle'],
	};
}
