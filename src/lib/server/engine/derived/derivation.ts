import { createT2, type Location } from '#rules';
import type { DerivedRule } from '#contracts/derived.ts';
import { compileFormula, type Evaluate } from './formula.ts';
import type { Zones } from './bounds.ts';
import { createTerm, type TermState } from './terms.ts';
import { copyTrack, createTrack, type Track } from './track.ts';

/** How one derived stream comes to its points. The stream that its formula names first is its clock: it has that one's times. */
export interface Derivation {
	readonly slot: number;
	readonly streamId: number;
	readonly rule: DerivedRule;
	/** undefined for T2, whose formula is learnt. */
	readonly evaluate: Evaluate | undefined;
	/** These four by term: its state, its points, the slot of its stream (-1 = there is none yet), its value now. */
	readonly terms: readonly TermState[];
	tracks: readonly Track[];
	readonly inputs: number[];
	readonly values: Float64Array;
	/** Up to here it is decided which points it has. */
	decidedMicros: number;
	/** Points of its clock up to `uptoMicros` have waited for other inputs since then, in observed time; NaN = none do. */
	waiting: { sinceMicros: number; uptoMicros: number };
	/** Nothing has come since a value was missing. */
	broken: boolean;
	/** T2: the points of the baseline, one after the other, and what was learnt from them. */
	vectors: number[];
	model: Location | undefined;
	t2: ((x: readonly number[]) => number) | undefined;
}

/** What of it a snapshot has; the rest follows from its rule. */
export type KeptDerivation = Pick<
	Derivation,
	'tracks' | 'decidedMicros' | 'waiting' | 'broken' | 'vectors' | 'model'
> & { readonly rule: string; readonly terms: readonly (readonly number[])[] };

/** A link from an input to a stream that is derived from it. */
export interface Feed {
	readonly derivation: Derivation;
	/** Terms of this input. */
	readonly terms: readonly number[];
}

export function createDerivation(slot: number, streamId: number, rule: DerivedRule, zones: Zones): Derivation {
	const { formula } = rule;
	const { terms } = formula;
	return {
		slot,
		streamId,
		rule,
		evaluate: formula.kind === 'value' ? compileFormula(formula) : undefined,
		terms: terms.map((term) => createTerm(term, zones)),
		tracks: terms.map(createTrack),
		inputs: terms.map(() => -1),
		values: new Float64Array(terms.length),
		decidedMicros: -Infinity,
		waiting: nothingWaits(),
		broken: false,
		vectors: [],
		model: undefined,
		t2: undefined,
	};
}

export const nothingWaits = () => ({ sinceMicros: NaN, uptoMicros: NaN });

/** What of a rule says how points are computed; another one of these is another derivation. */
export function spellRule({ formula, hold, wait }: DerivedRule): string {
	return JSON.stringify([formula, hold, wait]);
}

export function keepDerivation(derivation: Derivation): KeptDerivation {
	const { rule, terms, tracks, decidedMicros, waiting, broken, vectors, model } = derivation;
	return {
		rule: spellRule(rule),
		terms: terms.map((term) => term.snapshot()),
		tracks: tracks.map(copyTrack),
		...{ decidedMicros, waiting: { ...waiting }, broken, vectors: [...vectors], model },
	};
}

export function restoreDerivation(derivation: Derivation, kept: KeptDerivation): void {
	const { tracks, decidedMicros, waiting, broken, vectors, model } = kept;
	if (kept.rule !== spellRule(derivation.rule)) return;
	derivation.terms.forEach((term, i) => term.restore(kept.terms[i]!));
	Object.assign(derivation, { tracks: tracks.map(copyTrack), decidedMicros, waiting, broken, vectors: [...vectors] });
	if (model !== undefined) setModel(derivation, model);
}

export function setModel(derivation: Derivation, model: Location): void {
	derivation.model = model;
	derivation.t2 = createT2(model, 1);
}

/** T2: another phase is learnt from other points. */
export function forgetModel(derivation: Derivation): void {
	derivation.vectors = [];
	derivation.model = undefined;
	derivation.t2 = undefined;
}
