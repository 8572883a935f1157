import { z } from 'zod';

/** What a client says first on the live socket (live.ts). Apart from the rest, so that pages carry no schemas. */
export const liveHello = z.strictObject({
	hello: z.strictObject({
		streams: z.array(z.string()).max(10_000),
		rateHz: z.number().positive().max(60).default(10),
		/** Points per chart that the snapshot is to have at most: an overview of many streams needs few. */
		window: z.number().int().positive().max(2000).default(2000),
		format: z.enum(['binary', 'json']).default('binary'),
		resume: z.strictObject({ epoch: z.string(), seq: z.number().int().nonnegative() }).optional(),
	}),
});
export type LiveHello = z.input<typeof liveHello>;
