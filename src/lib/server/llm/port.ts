import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InputFault } from '#contracts/error.ts';
import type { SiteEvent } from '#contracts/event.ts';
import type { CallInput, CallSource } from '#contracts/llm-call.ts';
import type { ApiCompare } from '#contracts/llm-compare.ts';
import type { Principal } from '#contracts/principal.ts';
import type { Stream } from '#contracts/stream.ts';

export interface CallsAnswer {
	readonly accepted: number;
	/** Calls of a request that was there already. */
	readonly duplicates: number;
	readonly refused: number;
	/** The first hundred faults. */
	readonly errors: readonly InputFault[];
}

/** Calls of language models on their way in; all resolve once they are in the journal, with the points made of them. */
export interface Calls {
	/**
	 * `POST /api/v1/llm/calls`.
	 *
	 * @throws InputError when nothing can be taken; QuotaError; JournalFullError
	 */
	documents(request: {
		readonly principal: Principal;
		readonly body: Uint8Array;
		readonly contentType: string;
		readonly idempotencyKey?: string;
	}): Promise<CallsAnswer>;
	/** `POST /api/v1/webhook/litellm`. */
	litellm(request: {
		readonly principal: Principal;
		readonly body: Uint8Array;
		readonly contentType: string;
	}): Promise<CallsAnswer>;
	/**
	 * Calls that are known already to be such.
	 *
	 * @param key makes a resend harmless for a day
	 */
	take(request: {
		readonly principal: Principal;
		readonly source: CallSource;
		readonly calls: readonly CallInput[];
		readonly key?: string;
	}): Promise<{ readonly duplicate: boolean; readonly faults: readonly InputFault[] }>;
}

/** What OTLP answers: how many of the spans or points could not be taken, and why. */
export interface OtlpAnswer {
	readonly accepted: number;
	readonly rejected: number;
	readonly message: string;
}

export interface Otlp {
	/** @throws InputError when the body cannot be read; QuotaError; JournalFullError */
	traces(request: OtlpRequest): Promise<OtlpAnswer>;
	metrics(request: OtlpRequest): Promise<OtlpAnswer>;
}

export interface OtlpRequest {
	readonly principal: Principal;
	readonly body: Uint8Array;
	/** Else JSON. */
	readonly isProtobuf: boolean;
}

/** Why a request was not sent on. */
export class ProxyFault extends Error {
	override readonly name = 'ProxyFault';
	readonly status: 400 | 404 | 502 | 503;
	constructor(status: ProxyFault['status'], message: string) {
		super(message);
		this.status = status;
	}
}

/** `ANY /proxy/{target}/…`. */
export interface LlmProxy {
	/**
	 * Resolves once both sides are done with.
	 *
	 * @throws ProxyFault while the client has not been answered anything
	 */
	handle(request: IncomingMessage, response: ServerResponse, principal: Principal): Promise<void>;
	/** Resolves once what was measured is journaled. */
	flush(): Promise<void>;
	/** Lets go of idle connections. */
	close(): void;
}

/** `GET /api/v1/compare`. @throws InputError for more than can be compared; RetriableError while the store is away */
export type Compare = (request: CompareRequest) => Promise<ApiCompare>;

export interface CompareRequest {
	readonly streams: readonly Stream[];
	readonly fromMicros: number;
	readonly toMicros: number;
	/** What `change` is about; undefined: the newest version that answered. */
	readonly event?: SiteEvent | undefined;
}

export interface Llm {
	readonly calls: Calls;
	readonly proxy: LlmProxy;
	readonly otlp: Otlp;
	readonly compare: Compare;
}
