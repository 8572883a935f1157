export { createBank } from './bank.ts';
export type { Bank, RuleOptions, SlotLimits, SlotState } from './bank.ts';
export type { Side } from './history.ts';
