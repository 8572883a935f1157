import { parseCustomRules } from '#rules';
import { MAX_NAMED_RULES } from './chart.ts';

/** Sets of rules by name. */
export const RULE_SETS = ['nelson', 'western-electric', 'westgard', 'aiag', 'none'] as const;

interface RuleFault {
	readonly path: readonly (string | number)[];
	readonly message: string;
}

/** @returns what is wrong with rules that are written as data, such as `{name: drift, trend: 7}` */
export function faultsOfRules(items: readonly unknown[]): readonly RuleFault[] {
	if (items.every((item) => typeof item === 'number')) return [];
	const { faults } = parseCustomRules(items, '');
	const many = `has ${items.length} rules; ${MAX_NAMED_RULES} are possible on a live stream`;
	return [
		...(items.length > MAX_NAMED_RULES ? [{ path: [], message: many }] : []),
		...faults.map(({ path, message }) => ({ path: stepsOf(path), message })),
	];
}

/** `[0].any[1].trend` as steps. */
function stepsOf(path: string): (string | number)[] {
	const steps = path.matchAll(/\[(?<index>\d+)\]|(?<key>[^.[\]]+)/g);
	return Array.from(steps, ({ groups }) => groups?.['key'] ?? Number(groups?.['index']));
}
