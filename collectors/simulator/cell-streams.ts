import type { SeenEvent } from '#contracts/seen-event.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import {
	cellDraws,
	countsAt,
	firstStep,
	isToolChange,
	powerAt,
	stateAt,
	stepAfter,
	type CellState,
	type Step,
} from './cell-life.ts';
import { uniform } from './noise.ts';
import { round, type Sample, type Source, type SourceEvent } from './source.ts';

/** As its controller would tell it. */
const STATE: Readonly<Record<CellState, number>> = { down: 0, idle: 1, running: 2 };

interface Column<From extends readonly unknown[]> {
	readonly name: string;
	readonly unit: string;
	readonly of: (...from: From) => number;
}

/** Read from the controller in one go, at a fixed interval: so they have the same times. */
const SAMPLED: readonly Column<[step: Step, atMicros: number]>[] = [
	{ name: 'state', unit: '', of: (step, at) => STATE[stateAt(step, at)] },
	{ name: 'running', unit: '', of: (step, at) => Number(stateAt(step, at) === 'running') },
	{ name: 'part_count', unit: '', of: (step, at) => countsAt(step, at).parts },
	{ name: 'scrap_count', unit: '', of: (step, at) => countsAt(step, at).scrap },
	{ name: 'power', unit: 'kW', of: (step, at) => round(powerAt(step, at), 2) },
	{ name: 'energy', unit: 'kWh', of: (step, at) => round(countsAt(step, at).kWh, 4) },
	{ name: 'idle_energy', unit: 'kWh', of: (step, at) => round(countsAt(step, at).idleKWh, 4) },
];

/** Measured on each part, when it is done. */
const OF_PARTS: readonly Column<[part: Step['part']]>[] = [
	{ name: 'cycle_time', unit: 's', of: ({ cycleS }) => round(cycleS, 3) },
	{ name: 'cycle_energy', unit: 'Wh', of: ({ kW, cycleS }) => round((kW * cycleS) / 3.6, 2) },
	{ name: 'tool_wear', unit: 'mm', of: ({ wearMm }) => round(wearMm, 4) },
	{ name: 'diameter', unit: 'mm', of: ({ diameterMm }) => round(diameterMm, 4) },
];

/** Beyond those that the parts of a cell's life use. */
const PHASE = 0x50;

export interface CellOptions {
	/** `mill-1`. */
	readonly asset: string;
	readonly everyMs: number;
	readonly seed: number;
	/** Tells cells of one seed apart; eight numbers from it on are used. */
	readonly number: number;
}

/** A machining cell that makes parts one after the other, with a tool that wears until it is changed or breaks. */
export function cellStreams({ asset, everyMs, seed, number }: CellOptions): Source {
	const everyMicros = everyMs * MICROS_PER_MS;
	const phaseMicros = Math.floor((uniform(seed, number, PHASE) * everyMicros) / 1000) * 1000;
	const walk = createWalk(seed, number);

	function* samplesOf(step: Step, from: number, to: number): Generator<Sample> {
		const last = Math.min(to, step.untilMicros - 1);
		const first = Math.max(from + 1, step.fromMicros, 0);
		for (let index = Math.ceil((first - phaseMicros) / everyMicros); ; index++) {
			const atMicros = index * everyMicros + phaseMicros;
			if (atMicros > last) return;
			for (const [stream, { of }] of SAMPLED.entries()) yield { stream, atMicros, v: of(step, atMicros) };
		}
	}

	return {
		streams: [...SAMPLED, ...OF_PARTS].map(({ name, unit }) => ({
			...{ key: `${asset}/${name}`, unit, kind: 'machine' },
			labels: { source: 'simulator', area: 'machining' },
		})),
		*between(from, to) {
			for (const step of walk(from, to)) {
				yield* samplesOf(step, from, to);
				const atMicros = step.endMicros;
				if (atMicros <= from || atMicros > to) continue;
				for (const [i, { of }] of OF_PARTS.entries()) yield { stream: SAMPLED.length + i, atMicros, v: of(step.part) };
			}
		},
		*events(from, to) {
			if (from < 0 && to >= 0) yield { asset, atMicros: 0, ...inserted(1, {}) };
			for (const step of walk(from, to)) {
				const { stop, tool, untilMicros: atMicros } = step;
				if (!isToolChange(step) || atMicros <= from || atMicros > to) continue;
				yield { asset, atMicros, ...inserted(tool.number + 1, { before: stop, partsOfToolBefore: tool.parts }) };
			}
		},
	};
}

function inserted(number: number, attributes: SeenEvent['attributes']): Omit<SourceEvent, 'asset' | 'atMicros'> {
	return { kind: 'tool', title: `Insert T${number}`, attributes: { ...attributes, tool: number } };
}

/**
 * The steps of a cell that have a part in (from, to]. How much was counted follows from all that came before, so it walks there from
 * the beginning, and keeps where it stands: a year of parts is a second.
 */
function createWalk(seed: number, number: number): (from: number, to: number) => Generator<Step> {
	const draws = cellDraws(seed, number);
	let newest = firstStep(draws);
	return function* (from, to) {
		let step = newest.fromMicros <= from ? newest : firstStep(draws);
		while (step.untilMicros <= from) step = stepAfter(draws, step);
		newest = step;
		for (; step.fromMicros <= to; step = stepAfter(draws, step)) yield step;
	};
}
