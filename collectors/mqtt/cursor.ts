import { z } from 'zod';

/** What outlives a run, in the transaction of the points that it belongs to. */
const cursorSchema = z.object({
	/** Another address is another broker: nothing of the rest holds there. */
	url: z.string(),
	clientId: z.string(),
	/** Topic filters that our session may hold. */
	filters: z.array(z.string()),
	/** When something was last taken. */
	atMicros: z.number(),
});
export type Cursor = z.output<typeof cursorSchema>;

/** @returns undefined at the first start, and when what is there is not ours */
export function parseCursor(cursor: unknown): Cursor | undefined {
	const parsed = cursorSchema.safeParse(cursor);
	return parsed.success ? parsed.data : undefined;
}
