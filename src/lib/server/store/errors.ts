import { ClickHouseError } from '@clickhouse/client';
import { InputError, RetriableError, messageOf } from '#contracts/error.ts';

/** The store will never take this content, however often it is sent. */
export class StoreRefusedError extends Error {
	override readonly name = 'StoreRefusedError';
	/** ClickHouse's error code. */
	readonly code: number;
	constructor(message: string, code: number, cause: unknown) {
		super(message, { cause });
		this.code = code;
	}
}

/** ClickHouse's code for data that is no data. */
export const INCORRECT_DATA = 117;

/** Codes (ClickHouse src/Common/ErrorCodes.cpp) that speak of the data itself and of nothing that could pass. */
const CONTENT_CODES = new Set([
	6, // CANNOT_PARSE_TEXT
	26, // CANNOT_PARSE_QUOTED_STRING
	27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
	33, // CANNOT_READ_ALL_DATA
	38, // CANNOT_PARSE_DATE
	41, // CANNOT_PARSE_DATETIME
	53, // TYPE_MISMATCH
	69, // ARGUMENT_OUT_OF_BOUND
	70, // CANNOT_CONVERT_TYPE
	72, // CANNOT_PARSE_NUMBER
	INCORRECT_DATA,
	131, // TOO_LARGE_STRING_SIZE
	321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
	349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
	361, // TOO_LARGE_SIZE_COMPRESSED: our own server's answer to a body over its bound
	407, // DECIMAL_OVERFLOW
	469, // VIOLATED_CONSTRAINT
]);

/** Faults of a statement, so of ours: trying again is no help, and hiding them behind "retry" would be a lie. */
const STATEMENT_CODES = new Set([36, 42, 43, 44, 46, 47, 62, 115, 179, 386, 456, 457, 497]);

/** ClickHouse's codes for a query that takes more time, or on its own more memory, than one may. */
const TIME_CODE = 159;

/** What went wrong while reading. */
export function readError(doing: string, error: unknown): Error {
	if (error instanceof ClickHouseError && STATEMENT_CODES.has(Number(error.code)))
		return new Error(`cannot ${doing}: ${error.message}`, { cause: error });
	if (error instanceof ClickHouseError && Number(error.code) === TIME_CODE)
		return new InputError(
			`cannot ${doing}: it takes longer than a query may; ask for a shorter range, or for fewer points`,
		);
	return new RetriableError(`cannot ${doing}: ${messageOf(error)}`, { cause: error });
}

/** What went wrong while writing: refused for ever, or to be repeated exactly, because the outcome is unknown. */
export function writeError(doing: string, error: unknown): Error {
	if (error instanceof ClickHouseError && CONTENT_CODES.has(Number(error.code)))
		return new StoreRefusedError(`cannot ${doing}: ${error.message}`, Number(error.code), error);
	return readError(doing, error);
}
