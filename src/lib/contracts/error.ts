/** What a person can mend: says the place, the cause and the mend. Shown without a stack. */
export class ConfigError extends Error {
	override readonly name = 'ConfigError';
}

/** What may work when tried again later: the supervisor backs off. */
export class RetriableError extends Error {
	override readonly name: string = 'RetriableError';
	/** When the other side said how long to wait. */
	readonly retryAfterMs: number | undefined;
	constructor(message: string, options?: { cause?: unknown; retryAfterMs?: number }) {
		super(message, { cause: options?.cause });
		this.retryAfterMs = options?.retryAfterMs;
	}
}

/** More than this sender may have: nothing of it was taken. Becomes a 429 with Retry-After. */
export class QuotaError extends RetriableError {
	override readonly name = 'QuotaError';
	readonly faults: readonly InputFault[];
	constructor(message: string, options: { retryAfterMs: number; faults?: readonly InputFault[] }) {
		super(message, options);
		this.faults = options.faults ?? [];
	}
}

/** One fault in an input. `path` is a JSON path (`$[3].v`), `line 17`, or `file:line:column`. */
export interface InputFault {
	readonly path: string;
	readonly message: string;
}

/** Input that cannot be taken. Becomes a 400 with `errors`, or a refused batch of a collector. */
export class InputError extends Error {
	override readonly name = 'InputError';
	readonly faults: readonly InputFault[];
	constructor(message: string, faults: readonly InputFault[] = []) {
		super(message);
		this.faults = faults;
	}
}

/**
 * One line of text of whatever was thrown.
 *
 * Node's refused connection to a name with several addresses is an AggregateError without a message of its own.
 */
export function messageOf(error: unknown): string {
	if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
	return error instanceof Error ? error.message : String(error);
}
