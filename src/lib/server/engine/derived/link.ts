import { assetOf, derivedFrom, ruleAt, type DerivedRule } from '#contracts/derived.ts';
import { canonicalName, type Stream } from '#contracts/stream.ts';
import type { PartitionState } from '../partition-state.ts';
import type { Charted } from '../table.ts';
import { createDerivation, type Derivation } from './derivation.ts';

/** A stream that has just been made: what it is derived from, and what is derived from it. */
export function linkStream(state: PartitionState, charted: Charted): void {
	const { rules } = state.derived;
	if (rules.length === 0) return;
	const rule = rules[ruleAt(rules, charted.stream)];
	if (rule !== undefined) derive(state, charted, rule);
	for (const { stream } of derivedFrom(rules, charted.stream)) {
		const slot = state.named.get(canonicalName(stream));
		const derivation = slot === undefined ? undefined : state.table.at(slot).derivation;
		if (derivation !== undefined) feedFrom(state, charted, derivation);
	}
}

export function derive(state: PartitionState, charted: Charted, rule: DerivedRule): void {
	const derivation = createDerivation(charted.slot, charted.stream.id, rule, state.derived.zones);
	charted.derivation = derivation;
	linkInputs(state, charted.stream, derivation);
}

/** Those of its inputs that are there. */
export function linkInputs(state: PartitionState, stream: Stream, derivation: Derivation): void {
	const slots = new Set(derivation.rule.formula.terms.map(({ name }) => slotOfInput(state, stream, name)));
	for (const slot of slots) if (slot >= 0) feedFrom(state, state.table.at(slot), derivation);
}

function slotOfInput({ named }: PartitionState, { site, key, labels }: Stream, name: string): number {
	return named.get(canonicalName({ site, labels, key: `${assetOf(key)}/${name}` })) ?? -1;
}

/** Feeds stand in the order of the streams that they lead to, so that a replay judges in the same one. */
function feedFrom(state: PartitionState, input: Charted, derivation: Derivation): void {
	const name = input.stream.key.slice(assetOf(input.stream.key).length + 1);
	const terms = derivation.rule.formula.terms.flatMap((term, i) => (term.name === name ? [i] : []));
	for (const i of terms) derivation.inputs[i] = input.slot;
	const others = (input.feeds ?? []).filter((feed) => feed.derivation.slot !== derivation.slot);
	input.feeds = [...others, { derivation, terms }].sort((a, b) => a.derivation.streamId - b.derivation.streamId);
	state.table.columns.feeds[input.slot] = 1;
}
