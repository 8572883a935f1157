import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from './failure.ts';
import { deliveryOf } from './formats.ts';
import type { Delivery } from './formats.ts';
import type { Reply } from './reply.ts';
import type { EmbeddedSession } from './session.ts';
import { literal } from './tokens.ts';

export interface Selection {
	readonly session: EmbeddedSession;
	readonly reply: Reply;
	readonly sql: string;
	readonly format: string;
	readonly spoolFile: string;
}

/** @throws Failure for a format that this server does not speak */
export function checkedDelivery(format: string): Delivery {
	const delivery = deliveryOf(format);
	if (!delivery) throw new Failure('unsupported', `Format ${format} is not supported by this server`);
	return delivery;
}

export async function deliver(selection: Selection, delivery: Delivery): Promise<void> {
	return delivery === 'stream' ? deliverStream(selection) : deliverFile(selection);
}

/** What SHOW and its like say is small. */
export async function deliverWhole({ session, reply, sql, format }: Omit<Selection, 'spoolFile'>): Promise<void> {
	const bytes = await session.query(sql, format);
	reply.begin(format);
	await reply.write(bytes);
}

/** The first chunk is awaited before anything is said, so most errors come with a proper status. */
async function deliverStream({ session, reply, sql, format }: Selection): Promise<void> {
	for await (const chunk of session.stream(sql, format)) {
		reply.begin(format);
		await reply.write(chunk);
		// Ends the query too: leaving the loop cancels the engine's stream.
		if (reply.gone.aborted) return;
	}
	reply.begin(format);
}

/** A file that only this server names; clients cannot say INTO OUTFILE. */
async function deliverFile({ session, reply, sql, format, spoolFile }: Selection): Promise<void> {
	try {
		await session.query(`${sql}\nINTO OUTFILE ${literal(spoolFile)} COMPRESSION 'none' FORMAT ${format}`, format);
		const file = createReadStream(spoolFile, { highWaterMark: 256 * 1024 });
		reply.begin(format);
		for await (const chunk of file) {
			await reply.write(chunk as Buffer);
			if (reply.gone.aborted) return;
		}
	} finally {
		await rm(spoolFile, { force: true });
	}
}

export function spoolFileOf(folder: string, name: string): string {
	return path.join(folder, name);
}
