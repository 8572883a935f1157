import { z } from 'zod';

/** `spool:` of any collector in the configuration file. */
export const spoolOptionsSchema = z.strictObject({
	maxMegabytes: z.number().positive().default(1024).describe('How much may wait on disk while the hub is away, in MB.'),
	whenFull: z
		.enum(['block', 'drop-oldest', 'drop-newest'])
		.default('block')
		.describe('What happens then: the source waits, or the oldest or newest points become a gap.'),
});
