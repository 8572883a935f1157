import { z } from 'zod';

const zone = z.string().refine(isZone, 'this is no IANA time zone: write for example Europe/Berlin');

export const replaySchema = z
	.strictObject({
		file: z.string().min(1).describe('The CSV file, UTF-8, with a header line; relative to where the hub was started.'),
		time: z.string().default('timestamp').describe('Name of the column with the time.'),
		values: z
			.record(
				z.string().min(1),
				z.union([
					z.string().min(1),
					z.strictObject({ column: z.string().min(1), unit: z.string().max(40).default('') }),
				]),
			)
			.refine((values) => Object.keys(values).length > 0, 'name at least one')
			.optional()
			.describe(
				'In place of `value` several columns: what each becomes, and its name, or `{ column, unit }`. Streams are `stream/NAME`.',
			),
		value: z.string().default('value').describe('Name of the column with the number. An empty one is a gap.'),
		stream: z.string().min(1).describe('Key of the stream that it becomes.'),
		unit: z.string().max(40).default('').describe('Unit of the values.'),
		kind: z.enum(['machine', 'llm']).default('machine').describe('What kind of stream it is.'),
		labels: z.record(z.string(), z.string()).default({}).describe('Labels of the stream.'),
		speed: z
			.union([z.number().positive(), z.literal('max')])
			.default(1)
			.describe('How much faster than it was recorded; `max` does not wait at all.'),
		as: z
			.enum(['original', 'now'])
			.default('original')
			.describe('Which time the points get: their own (they are history then and alert nobody) or that of the replay.'),
		loop: z
			.boolean()
			.default(false)
			.describe(
				'With `as: now`: begins again at its end, for ever; between two rounds lies as much time as between the last two rows.',
			),
		gaps: z
			.enum(['keep', 'close'])
			.default('keep')
			.describe(
				'With `as: now`: a hole in the file takes as long as it took; `close` passes over it, and over rows without a value.',
			),
		timezone: zone.default('UTC').describe('Time zone of times that name none.'),
		delimiter: z.string().length(1).default(',').describe('What stands between columns.'),
		decimal: z.enum(['.', ',']).default('.').describe('The decimal mark of the values.'),
	})
	.refine((options) => options.as === 'original' || options.speed !== 'max', {
		path: ['speed'],
		message: 'as: now needs a number, such as 1: at full speed all points would get the same time',
	})
	.refine((options) => !options.loop || options.as === 'now', {
		path: ['loop'],
		message: 'needs as: now: times of their own have all been there in the first round',
	})
	.refine((options) => options.gaps === 'keep' || options.as === 'now', {
		path: ['gaps'],
		message: 'close needs as: now: with times of their own the points lie where they were measured',
	})
	.refine((options) => options.delimiter !== options.decimal, {
		path: ['decimal'],
		message: 'delimiter and decimal mark cannot be the same character',
	});
export type ReplayConfig = z.output<typeof replaySchema>;

/** A column with numbers, and the stream that it becomes. */
export interface ValueColumn {
	readonly column: string;
	/** Where its name stands in the configuration. */
	readonly option: string;
	readonly key: string;
	readonly unit: string;
}

export function columnsOf({ values, value, stream, unit }: ReplayConfig): ValueColumn[] {
	if (!values) return [{ column: value, option: 'value', key: stream, unit }];
	return Object.entries(values).map(([name, of]) => ({
		...(typeof of === 'string' ? { column: of, unit } : of),
		...{ option: `values.${name}`, key: `${stream}/${name}` },
	}));
}

function isZone(name: string): boolean {
	try {
		return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
	} catch {
		return false;
	}
}
