import type { ApiViolation } from '#contracts/api.ts';
import type { Severity } from '#contracts/violation.ts';

/** From which severity on a wall is heard. */
export type SoundFrom = 'off' | Severity;

const RANK: Readonly<Record<Severity, number>> = { info: 1, warning: 2, critical: 3 };

/** @returns violations that go on and that nobody has acknowledged, the worst first */
export function callingOf(violations: Iterable<ApiViolation>): readonly ApiViolation[] {
	return [...violations]
		.filter(({ active, state }) => active && state === 'open')
		.sort((a, b) => RANK[b.severity] - RANK[a.severity] || (a.firstAt < b.firstAt ? -1 : 1));
}

/** @returns how urgently to sound; undefined: not at all */
export function urgencyOf(
	calling: readonly ApiViolation[],
	{ from, silenced }: { readonly from: SoundFrom; readonly silenced: ReadonlySet<string> },
): Severity | undefined {
	if (from === 'off') return undefined;
	return calling.find(({ id, severity }) => !silenced.has(id) && RANK[severity] >= RANK[from])?.severity;
}

/** Two tones, told apart from a telephone and a truck; the more urgent the higher, and the oftener. */
export const CALLS: Readonly<Record<Severity, { readonly tonesHz: readonly number[]; readonly everyMs: number }>> = {
	info: { tonesHz: [523, 659], everyMs: 20_000 },
	warning: { tonesHz: [659, 523], everyMs: 8_000 },
	critical: { tonesHz: [880, 659, 880], everyMs: 2_500 },
};
