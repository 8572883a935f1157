import { z } from 'zod';

/** `spool:` of any collector in the configuration file. */
export const spoolOptionsSchema = z.strictObject({
	maxMegabytes: z.number().positive().default(1024).describe('How much may wait on disk while the hub is away, in MB.'),
	whenFull: z
		.enum(['block', 'drop-oldest', 'drop-newest'])
		.default('block')
		.describe('What happens then: the source waits, or the oldest or newest points become a gap.'),
	drainRate: z
		.union([z.number().min(1), z.literal('unlimited')], 'write a number of rows a second, at least 1, or unlimited')
		.default(50_000)
		.describe(
			'How fast a backlog goes to the hub after an outage, in rows a second, so that it holds up nobody else; at least twice what is measured meanwhile.',
		),
});
export type SpoolSettings = z.output<typeof spoolOptionsSchema>;
