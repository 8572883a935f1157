/**
 * An answer in ClickHouse's own form, so that an unmodified client raises its ClickHouseError with code and type.
 *
 * Codes are those of ClickHouse's src/Common/ErrorCodes.cpp.
 */
export class Failure extends Error {
	override readonly name = 'Failure';
	readonly status: number;
	readonly code: number;
	readonly type: string;
	constructor(kind: FailureKind, message: string) {
		super(message);
		const { status, code, type } = KINDS[kind];
		this.status = status;
		this.code = code;
		this.type = type;
	}
}

const KINDS = {
	syntax: { status: 400, code: 62, type: 'SYNTAX_ERROR' },
	refused: { status: 403, code: 497, type: 'ACCESS_DENIED' },
	readonly: { status: 403, code: 164, type: 'READONLY' },
	password: { status: 401, code: 516, type: 'AUTHENTICATION_FAILED' },
	setting: { status: 400, code: 115, type: 'UNKNOWN_SETTING' },
	argument: { status: 400, code: 36, type: 'BAD_ARGUMENTS' },
	parameter: { status: 400, code: 456, type: 'UNKNOWN_QUERY_PARAMETER' },
	tooLarge: { status: 413, code: 361, type: 'TOO_LARGE_SIZE_COMPRESSED' },
	tooMany: { status: 503, code: 202, type: 'TOO_MANY_SIMULTANEOUS_QUERIES' },
	stopping: { status: 503, code: 236, type: 'ABORTED' },
	unsupported: { status: 501, code: 48, type: 'NOT_IMPLEMENTED' },
} as const;
export type FailureKind = keyof typeof KINDS;

export interface FailureAnswer {
	readonly status: number;
	readonly code: number;
	readonly text: string;
}

const ENGINE_ERROR = /Code: (\d+)\. DB::Exception: [\s\S]*?\(([A-Z][A-Z0-9_]{2,})\)/;
// The engine names the spool file that data came from; its path is nobody's business.
const SPOOL_PATH = /\s*\(?(?:in file\/uri )?\(?[^\s()']*\/spool\/[^\s()':]+\)?/g;
const STATUS: Readonly<Record<number, number>> = { 60: 404, 81: 404, 159: 408, 241: 500, 396: 413 };

/** Of any error on the way: our own refusals, what the engine says, or a fault of ours (code 1001, like ClickHouse). */
export function answerOf(error: unknown): FailureAnswer {
	if (error instanceof Failure)
		return {
			status: error.status,
			code: error.code,
			text: `Code: ${error.code}. DB::Exception: ${error.message}. (${error.type})`,
		};
	const message = (error instanceof Error ? error.message : String(error)).replaceAll(SPOOL_PATH, '');
	const code = Number(ENGINE_ERROR.exec(message)?.[1] ?? 1001);
	if (code === 1001) return { status: 500, code, text: `Code: 1001. DB::Exception: ${message}. (STD_EXCEPTION)` };
	return { status: STATUS[code] ?? 500, code, text: message };
}
