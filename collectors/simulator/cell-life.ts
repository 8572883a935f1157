import { MICROS_PER_SECOND } from '#contracts/time.ts';
import { gaussianNoise, uniform } from './noise.ts';

/** What a machining cell does besides making a part. */
export type CellState = 'down' | 'idle' | 'running';

/** Parts, scrap and energy up to a moment, since the cell began. */
export interface CellCounts {
	readonly parts: number;
	readonly scrap: number;
	readonly kWh: number;
	/** Of it what was drawn while no part was made. */
	readonly idleKWh: number;
}

export interface Tool {
	/** 1 is the first. */
	readonly number: number;
	/** Parts that it has made. */
	readonly parts: number;
	/** Parts after which it breaks; nobody on the shop floor knows it. */
	readonly life: number;
}

export interface Part {
	readonly cycleS: number;
	/** What the cut drew. */
	readonly kW: number;
	/** Of the flank, in mm; ISO 3685 ends a tool's life at 0.3. */
	readonly wearMm: number;
	readonly diameterMm: number;
	readonly isScrap: boolean;
}

/** One part and the stop after it, which may be of no length. Times in microseconds since the cell began. */
export interface Step {
	/** 0 is the first part. */
	readonly index: number;
	readonly fromMicros: number;
	/** The part is done. */
	readonly endMicros: number;
	/** The next part begins. */
	readonly untilMicros: number;
	/** At `fromMicros`. */
	readonly counts: CellCounts;
	/** At `endMicros`: this part is counted. */
	readonly tool: Tool;
	readonly part: Part;
	readonly stop: 'none' | 'waits' | 'fault' | 'tool worn' | 'tool broken';
}

/** The best that a cell does: what performance is measured by. */
export const IDEAL_CYCLE_S = 20;
/** After so many parts a tool is changed, if it lives that long. */
export const CHANGED_AFTER = 60;
export const TOLERANCE_MM = 0.02;
export const NOMINAL_MM = 20;

const MEDIAN_LIFE = 66;
/** Of the logarithm of a tool's life: one of five breaks before it is changed. */
const LIFE_SPREAD = 0.12;
const CUT_KW = 6;
const STOP_KW = { idle: 1.1, down: 0.3 } as const;
const KWH_PER_KW_MICRO = 1 / 3600 / MICROS_PER_SECOND;

/** Which draw is for what; the numbers of one cell follow one another. */
const DRAW = { cycle: 0, diameter: 1, probe: 2, stop: 3, stopLength: 4, life: 5, power: 6, handling: 7 } as const;

/** Tells what happens in the life of one cell: the same for the same seed and number, whenever it is asked. */
export interface CellDraws {
	readonly even: (of: keyof typeof DRAW, index: number) => number;
	readonly normal: (of: keyof typeof DRAW, index: number) => number;
}

/** @param number tells cells of one seed apart; eight numbers from it on are used */
export function cellDraws(seed: number, number: number): CellDraws {
	return {
		even: (of, index) => uniform(seed, number + DRAW[of], index),
		normal: (of, index) => gaussianNoise(seed, number + DRAW[of])(index),
	};
}

const NOTHING: CellCounts = { parts: 0, scrap: 0, kWh: 0, idleKWh: 0 };

export function firstStep(draws: CellDraws): Step {
	return makeStep(draws, { index: 0, fromMicros: 0, counts: NOTHING, tool: freshTool(draws, 1) });
}

export function stepAfter(draws: CellDraws, step: Step): Step {
	const tool = isToolChange(step) ? freshTool(draws, step.tool.number + 1) : step.tool;
	const counts = countsAt(step, step.untilMicros);
	return makeStep(draws, { index: step.index + 1, fromMicros: step.untilMicros, counts, tool });
}

export function isToolChange({ stop }: Step): boolean {
	return stop === 'tool worn' || stop === 'tool broken';
}

/** @param atMicros from `fromMicros` up to `untilMicros` of the step */
export function stateAt(step: Step, atMicros: number): CellState {
	if (atMicros < step.endMicros) return 'running';
	return step.stop === 'fault' || step.stop === 'tool broken' ? 'down' : 'idle';
}

/** Kilowatts, without noise. */
export function powerAt(step: Step, atMicros: number): number {
	const state = stateAt(step, atMicros);
	return state === 'running' ? step.part.kW : STOP_KW[state];
}

/** @param atMicros from `fromMicros` up to and with `untilMicros` of the step */
export function countsAt(step: Step, atMicros: number): CellCounts {
	const { counts, part, fromMicros, endMicros } = step;
	const isDone = atMicros >= endMicros;
	const cut = part.kW * (Math.min(atMicros, endMicros) - fromMicros) * KWH_PER_KW_MICRO;
	const stopped = isDone ? powerAt(step, endMicros) * (atMicros - endMicros) * KWH_PER_KW_MICRO : 0;
	return {
		parts: counts.parts + Number(isDone),
		scrap: counts.scrap + Number(isDone && part.isScrap),
		kWh: counts.kWh + cut + stopped,
		idleKWh: counts.idleKWh + stopped,
	};
}

function freshTool(draws: CellDraws, number: number): Tool {
	const life = Math.round(MEDIAN_LIFE * Math.exp(LIFE_SPREAD * draws.normal('life', number)));
	return { number, parts: 0, life };
}

function makeStep(draws: CellDraws, begin: Pick<Step, 'index' | 'fromMicros' | 'counts' | 'tool'>): Step {
	const tool = { ...begin.tool, parts: begin.tool.parts + 1 };
	const part = makePart(draws, begin.index, tool);
	const stop = stopAfter(draws, begin.index, tool);
	const endMicros = begin.fromMicros + Math.round(part.cycleS * MICROS_PER_SECOND);
	const untilMicros = endMicros + Math.round(lengthS(draws, begin.index, stop) * MICROS_PER_SECOND);
	return { ...begin, tool, part, stop, endMicros, untilMicros };
}

function makePart(draws: CellDraws, index: number, tool: Tool): Part {
	const used = tool.parts / tool.life;
	const wearMm = wearOf(used);
	// One cycle of twenty-five is run at less than full speed.
	const slow = draws.even('cycle', index) < 0.04 ? 1.25 : 1;
	const cycleS = IDEAL_CYCLE_S * slow * (1.008 + 0.004 * Math.max(-2, draws.normal('cycle', index)));
	// A worn flank rubs: it takes more force, and leaves the part too thick.
	const kW = (CUT_KW / slow) * (1 + 1.2 * wearMm + 0.008 * draws.normal('power', index));
	const diameterMm = NOMINAL_MM + 0.05 * wearMm + 0.004 * draws.normal('diameter', index);
	const isBad = used >= 1 || draws.even('handling', index) < 0.005;
	return {
		...{ cycleS, kW, diameterMm },
		wearMm: Math.max(0, wearMm + 0.003 * draws.normal('probe', index)),
		isScrap: isBad || Math.abs(diameterMm - NOMINAL_MM) > TOLERANCE_MM,
	};
}

/**
 * The three stretches of a tool's life: it runs in, wears evenly, and goes fast at its end.
 *
 * @param used 0 new, 1 broken
 */
function wearOf(used: number): number {
	return 0.07 * (1 - Math.exp(-12 * used)) + 0.13 * used + 0.1 * used ** 8;
}

function stopAfter(draws: CellDraws, index: number, tool: Tool): Step['stop'] {
	if (tool.parts >= tool.life) return 'tool broken';
	if (tool.parts >= CHANGED_AFTER) return 'tool worn';
	const drawn = draws.even('stop', index);
	if (drawn < 0.0025) return 'fault';
	return drawn < 0.04 ? 'waits' : 'none';
}

/** Shortest and longest, in seconds. */
const LENGTHS: Readonly<Record<Step['stop'], readonly [number, number]>> = {
	none: [0, 0],
	waits: [15, 75],
	fault: [120, 600],
	'tool worn': [75, 105],
	'tool broken': [180, 420],
};

function lengthS(draws: CellDraws, index: number, stop: Step['stop']): number {
	const [shortest, longest] = LENGTHS[stop];
	return shortest + (longest - shortest) * draws.even('stopLength', index);
}
