/** What a fault does to a value. Sizes in standard deviations of the stream's noise, or factors. */
export type Effect =
	| { readonly type: 'shift'; readonly sigmas: number }
	/** Grows from nothing to this over its time. */
	| { readonly type: 'drift'; readonly sigmas: number }
	/** The first point only. */
	| { readonly type: 'spike'; readonly sigmas: number }
	| { readonly type: 'variance'; readonly factor: number }
	/** The sensor repeats its last value. */
	| { readonly type: 'stuck' }
	/** No value at all: a gap. */
	| { readonly type: 'dropout' }
	/** A provider answers slower by this factor. */
	| { readonly type: 'slowdown'; readonly factor: number };

/** A fault of the programme: from `atS` of each round on, for `lastsS` seconds. */
export interface Fault {
	readonly atS: number;
	readonly lastsS: number;
	/** `<machine>/<characteristic>`, or `<provider>` for all of its streams. */
	readonly on: string;
	readonly effect: Effect;
}

/** Nothing is staged before this: the baselines are learnt from it, also at one call in five seconds. */
export const CALM_S = 540;
/** Then the programme runs, again and again. */
export const ROUND_S = 1200;

/** Faults that have one cause strike together, as they do: a bearing heats while it shakes. */
export const PROGRAMME: readonly Fault[] = [
	{ atS: 20, lastsS: 40, on: 'press/pressure', effect: { type: 'shift', sigmas: 8 } },
	{ atS: 21, lastsS: 40, on: 'press/force', effect: { type: 'shift', sigmas: 7 } },
	{ atS: 110, lastsS: 75, on: 'provider-b', effect: { type: 'slowdown', factor: 1.7 } },
	{ atS: 200, lastsS: 2, on: 'conveyor/cycle_time', effect: { type: 'spike', sigmas: 9 } },
	{ atS: 250, lastsS: 100, on: 'pump/vibration_rms', effect: { type: 'drift', sigmas: 14 } },
	{ atS: 280, lastsS: 70, on: 'pump/flow', effect: { type: 'drift', sigmas: -10 } },
	{ atS: 395, lastsS: 30, on: 'compressor/pressure', effect: { type: 'variance', factor: 3 } },
	{ atS: 430, lastsS: 35, on: 'press/temperature', effect: { type: 'dropout' } },
	{ atS: 520, lastsS: 60, on: 'spindle/temperature', effect: { type: 'stuck' } },
	{ atS: 610, lastsS: 90, on: 'provider-d', effect: { type: 'slowdown', factor: 1.8 } },
	{ atS: 700, lastsS: 80, on: 'compressor/temperature', effect: { type: 'drift', sigmas: 14 } },
	{ atS: 730, lastsS: 50, on: 'compressor/power', effect: { type: 'shift', sigmas: 7 } },
	{ atS: 830, lastsS: 2, on: 'pump/pressure', effect: { type: 'spike', sigmas: -9 } },
	{ atS: 890, lastsS: 50, on: 'furnace/temperature', effect: { type: 'shift', sigmas: -9 } },
	{ atS: 980, lastsS: 60, on: 'provider-e', effect: { type: 'slowdown', factor: 1.7 } },
	{ atS: 1080, lastsS: 45, on: 'spindle/power', effect: { type: 'shift', sigmas: 8 } },
	{ atS: 1150, lastsS: 20, on: 'conveyor/power', effect: { type: 'variance', factor: 3 } },
];

export interface ActiveFault {
	readonly effect: Effect;
	/** When it began. */
	readonly sinceS: number;
	/** 0 at its beginning, 1 at its end. */
	readonly progress: number;
}

/** @returns the fault that `on` has at this second since the start of the simulation; the programme never overlaps on one stream */
export function activeFault(programme: readonly Fault[], on: string, atS: number): ActiveFault | undefined {
	for (const fault of programme) {
		const since = (atS - CALM_S - fault.atS) % ROUND_S;
		if (fault.on !== on || atS < CALM_S + fault.atS || since >= fault.lastsS) continue;
		return { effect: fault.effect, sinceS: atS - since, progress: since / fault.lastsS };
	}
	return undefined;
}
