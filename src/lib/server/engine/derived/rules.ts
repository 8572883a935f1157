import { isDeepStrictEqual } from 'node:util';
import { ruleAt, type DerivedRule } from '#contracts/derived.ts';
import { touch, type PartitionState } from '../partition-state.ts';
import type { Charted } from '../table.ts';
import { spellRule } from './derivation.ts';
import { derive, linkInputs } from './link.ts';

/**
 * Another set of rules is in force. What is derived as before goes on as before.
 *
 * @param renew begins a new phase of a stream whose points are other ones from here on
 */
export function setRules(
	state: PartitionState,
	rules: readonly DerivedRule[],
	renew: (charted: Charted) => void,
): void {
	if (isDeepStrictEqual(rules, state.derived.rules)) return;
	state.derived.rules = rules;
	const all = Array.from({ length: state.table.size }, (_, slot) => state.table.at(slot));
	const kept: Charted[] = [];
	const changed = all.filter((charted) => {
		const rule = rules[ruleAt(rules, charted.stream)];
		const { derivation } = charted;
		const isKept = rule !== undefined && derivation !== undefined && spellRule(rule) === spellRule(derivation.rule);
		if (isKept) kept.push(charted);
		return !isKept && (rule !== undefined || derivation !== undefined);
	});
	for (const { slot } of all) state.table.columns.feeds[slot] = 0;
	for (const charted of all) charted.feeds = undefined;
	for (const { stream, derivation } of kept) linkInputs(state, stream, derivation!);
	for (const charted of changed) {
		touch(state, charted.slot);
		charted.derivation = undefined;
		const rule = rules[ruleAt(rules, charted.stream)];
		if (rule !== undefined) derive(state, charted, rule);
		renew(charted);
	}
}
