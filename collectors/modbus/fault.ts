/** The device has answered that it will not: the connection is as good as before. */
export class ExceptionError extends Error {
	override readonly name = 'ExceptionError';
	readonly code: number;
	constructor(code: number) {
		super(EXCEPTIONS[code] ?? `exception ${code}`);
		this.code = code;
	}
}

/** Nothing has come; what comes later would be taken for the answer to something else. */
export class TimeoutError extends Error {
	override readonly name = 'TimeoutError';
}

/** Modbus Application Protocol V1.1b3, 7. */
const EXCEPTIONS: Readonly<Record<number, string>> = {
	1: 'illegal function (exception 1): it does not have this table',
	2: 'illegal data address (exception 2): it has nothing there; is the address counted from 0?',
	3: 'illegal data value (exception 3): it does not give so much at once; see "mostAtOnce"',
	4: 'server device failure (exception 4)',
	5: 'acknowledge (exception 5): it needs longer',
	6: 'server device busy (exception 6)',
	8: 'memory parity error (exception 8)',
	10: 'gateway path unavailable (exception 10): the gateway has no way to this unit',
	11: 'gateway target device failed to respond (exception 11): nobody has this unit number, or it is switched off',
};
