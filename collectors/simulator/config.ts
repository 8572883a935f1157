import { z } from 'zod';
import { durationMs } from '#contracts/duration.ts';
import { SCENARIO_CAUSES } from './scenario/scenario.ts';

const interval = durationMs.refine((ms) => ms >= 1, 'the shortest interval is 1ms');

export const simulatorSchema = z.strictObject({
	seed: z
		.number()
		.int()
		.min(0)
		.max(4_294_967_295)
		.default(1)
		.describe('Another number makes other noise; the same one makes the same values.'),
	every: interval
		.prefault('1s')
		.describe('Interval between the values of a machine stream; each stream has a phase of its own.'),
	lines: z.number().int().min(1).max(500).default(1).describe('How many plants of six machines there are.'),
	cells: z
		.number()
		.int()
		.min(0)
		.max(500)
		.default(0)
		.describe('How many machining cells there are beside them, with cycles, counters, states and tools that wear.'),
	warmup: durationMs
		.prefault('15m')
		.describe('How much of the past is made up at the first start, so that limits have been learnt at once.'),
	faults: z
		.enum(['scheduled', 'none'])
		.default('scheduled')
		.describe('Whether faults are staged, in rounds of 20 minutes after 9 calm ones.'),
	inject: z
		.enum(SCENARIO_CAUSES)
		.optional()
		.describe(
			'In place of all of this one labelled scenario, from its fault on live: a cause of the catalogue, or `none`. `warmup`, `every`, `lines`, `cells` and `faults` do not apply.',
		),
	size: z
		.number()
		.positive()
		.max(20)
		.default(1)
		.describe('Of what is injected: 1 is a shift of three deviations, or 60 % more latency.'),
	confounders: z
		.boolean()
		.default(true)
		.describe('Whether other things happen beside what is injected that have nothing to do with it.'),
});
export type SimulatorConfig = z.output<typeof simulatorSchema>;
