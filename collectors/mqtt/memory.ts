import { crc32 } from 'node:zlib';

/**
 * Which messages of QoS 1 are in the queue on disk, though the broker may not have heard so: after a crash it delivers
 * them again, with their packet identifiers and the mark DUP, and they must not count twice.
 *
 * The mark alone says nothing: most of what carries it was never seen here. Identifiers are used again, so the
 * content has to be the same too. A broker that has lost its own memory of acknowledgements (killed before it wrote its
 * file) delivers what it had sent long ago; that reaches as far as `atLeast` messages go back.
 */
export interface Memory {
	/** @returns whether this message was taken before */
	has(id: number, sum: number): boolean;
	take(id: number, sum: number): void;
	clear(): void;
	/** For the cursor. */
	encode(): string;
}

const ENTRY_BYTES = 6;

/** @param atLeast as many as a broker may have under way at once */
export function createMemory(options: { readonly encoded: string | undefined; readonly atLeast: number }): Memory {
	/** Sums by identifier, the newest last. */
	const sums = new Map<number, number>();
	for (const [id, sum] of decode(options.encoded ?? '')) sums.set(id, sum);

	return {
		has: (id, sum) => sums.get(id) === sum,
		take(id, sum) {
			sums.delete(id);
			sums.set(id, sum);
			if (sums.size > options.atLeast) {
				const oldest = sums.keys().next();
				if (!oldest.done) sums.delete(oldest.value);
			}
		},
		clear: () => sums.clear(),
		encode() {
			const bytes = Buffer.allocUnsafe(sums.size * ENTRY_BYTES);
			let at = 0;
			for (const [id, sum] of sums) {
				bytes.writeUInt16LE(id, at);
				bytes.writeUInt32LE(sum, at + 2);
				at += ENTRY_BYTES;
			}
			return bytes.toString('base64');
		},
	};
}

export function sumOf(topic: string, payload: Buffer): number {
	return crc32(payload, crc32(topic));
}

function* decode(encoded: string): Generator<[id: number, sum: number]> {
	const bytes = Buffer.from(encoded, 'base64');
	for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES)
		yield [bytes.readUInt16LE(at), bytes.readUInt32LE(at + 2)];
}
