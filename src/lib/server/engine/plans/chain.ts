import type { GroupStage, Learnt, Mean, MemorySetting, Stage, Subgroup, Sums, Tally, Transform } from '#rules';
import type { Chart } from '#contracts/chart.ts';
import type { Judging } from '#server/engine/judging.ts';
import type { Counted } from '#server/engine/limits/rates.ts';
import type { Targets } from '#server/engine/limits/targets.ts';

/** All that the stages of a phase go by: plain JSON, learnt from a baseline or given, as lasting as the limits in force. */
export interface Parameters {
	readonly group?: Subgroup | Tally;
	readonly counted?: Counted;
	readonly targets?: Targets;
	readonly transform?: Transform;
	readonly learnt?: Learnt;
	readonly mean?: Mean;
	readonly sums?: Sums;
	readonly slow?: MemorySetting | null;
	readonly fast?: MemorySetting | null;
	/** Of single values, where groups are of different sizes. */
	readonly spread?: number;
}

/** Centre and sigma of the newest point of a chart, where they are not those of its limits. */
export interface Varying {
	centre(slot: number): number | undefined;
	sigma(slot: number): number | undefined;
}

/** One chart of a chain. */
export interface ChainChart {
	readonly chart: Chart;
	/** What it is made of: the value (a group's mean or count, transformed), the spread of the group, or how many values are in it. */
	readonly takes: 'value' | 'range' | 'sd' | 'size';
	/** undefined = what it takes. */
	readonly statistic: Pick<Stage<never>, 'push'> | undefined;
	/** The statistic, or the value as it was before the transform. */
	readonly plots: 'statistic' | 'value';
	/** Whether it can be drawn while nothing has been learnt yet. */
	readonly early: boolean;
	readonly judging: Judging;
	readonly varying?: Varying;
}

/** A plan, compiled. */
export interface Chain {
	/** Groups of values, the first thing that a value goes into. */
	readonly group: Pick<GroupStage<never>, 'push' | 'close' | 'wantsMore' | 'closed'> | undefined;
	/** Whether a value can be judged at all, by what it is or by which part it is of; undefined = every one can. */
	readonly admits?: (slot: number, v: number, part: number) => boolean;
	/** Transform or scores, the same for all charts. */
	readonly shared: Pick<Stage<never>, 'push'> | undefined;
	/** The first one leads. */
	readonly charts: readonly ChainChart[];
	/** A new phase. */
	set(slot: number, parameters: Parameters): void;
	/** Nothing is looked across from here on. */
	reset(slot: number): void;
	/** Exact, after a `set` of the same parameters. */
	snapshot(slot: number): readonly (readonly number[])[];
	restore(slot: number, state: readonly (readonly number[])[]): void;
}
