/**
 * Messages as they go over the wire: WebSocket frames from a server (RFC 6455, 5.2), one after the other.
 *
 * Made once for all who get them. Each socket is handed the same buffer: no header of its own, one write.
 */
export interface Packet {
	readonly bytes: Buffer;
	readonly messages: number;
}

const FINAL = 0x80;
const TEXT = 1;
const BINARY = 2;
/** Lengths up to here stand in the second byte; 126 says that a u16 follows, 127 that a u64 does. */
const SHORT = 125;
const U16 = 126;
const U64 = 127;

/** @param message a string becomes a text message, bytes a binary one */
export function packetOf(message: string | Uint8Array): Packet {
	const length = typeof message === 'string' ? Buffer.byteLength(message) : message.length;
	const headBytes = length <= SHORT ? 2 : length <= 0xffff ? 4 : 10;
	const bytes = Buffer.allocUnsafeSlow(headBytes + length);
	bytes[0] = FINAL | (typeof message === 'string' ? TEXT : BINARY);
	if (headBytes === 2) bytes[1] = length;
	else if (headBytes === 4) {
		bytes[1] = U16;
		bytes.writeUInt16BE(length, 2);
	} else {
		bytes[1] = U64;
		bytes.writeBigUInt64BE(BigInt(length), 2);
	}
	if (typeof message === 'string') bytes.write(message, headBytes);
	else bytes.set(message, headBytes);
	return { bytes, messages: 1 };
}

/** One packet that says all of these in this order; undefined of none. */
export function joined(packets: readonly Packet[]): Packet | undefined {
	if (packets.length <= 1) return packets[0];
	return {
		bytes: Buffer.concat(packets.map(({ bytes }) => bytes)),
		messages: packets.reduce((sum, { messages }) => sum + messages, 0),
	};
}
