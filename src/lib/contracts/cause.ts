/** What the analysis of a violation may name; people may add causes of their own beside these. */
export const CAUSES = [
	'provider-slowdown',
	'provider-errors',
	'rate-limited',
	'model-version-change',
	'prompt-length-change',
	'output-length-change',
	'cache-change',
	'client-or-network',
	'cold-start',
	'queueing',
	'sensor-stuck',
	'sensor-noise',
	'sensor-bias',
	'process-shift',
	'setpoint-change',
	'tool-wear-drift',
	'upstream-disturbance',
	'cyclic-environment',
	'mixed-sources',
	'over-adjustment',
	'material-change',
	'collector-or-clock',
	'stale-baseline',
	'normal-variation',
	'unknown',
] as const;
export type CauseName = (typeof CAUSES)[number];

export function isCause(name: string): name is CauseName {
	return (CAUSES as readonly string[]).includes(name);
}
