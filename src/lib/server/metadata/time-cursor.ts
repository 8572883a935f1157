import { InputError } from '#contracts/error.ts';

/** Where a page ended in a list by time: the time and id of its last row. */
export interface TimeCursor {
	readonly micros: number;
	readonly id: string;
}

export function encodeTimeCursor({ micros, id }: TimeCursor): string {
	return Buffer.from(JSON.stringify([micros, id])).toString('base64url');
}

/** @throws InputError for a cursor that is none of ours */
export function parseTimeCursor(cursor: string): TimeCursor {
	try {
		const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
		const [micros, id] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
		if (typeof micros === 'number' && typeof id === 'string') return { micros, id };
	} catch {
		// Not base64 of JSON: the same answer as for any other text.
	}
	throw new InputError('cursor is none that this server gave', [{ path: 'cursor', message: 'is not valid' }]);
}
