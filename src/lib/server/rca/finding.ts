import type { EvidenceKind } from '#contracts/analysis.ts';
import type { CauseName } from '#contracts/cause.ts';
import type { Series } from './situation.ts';

/** For (above 0) or against (below) causes, in nats: 1 makes one nearly three times as likely, 3 twenty times. */
export type Speaks = Readonly<Partial<Record<CauseName, number>>>;

/** Evidence before it has a number. */
export interface Finding {
	readonly kind: EvidenceKind;
	readonly value: number | null;
	readonly fromMicros: number;
	readonly toMicros: number;
	readonly detail: string;
	readonly query: string;
	readonly speaks: Speaks;
	readonly series?: { readonly stream: string; readonly points: Series };
}

/** The same with everything it says made weaker or stronger. */
export function scaled(speaks: Speaks, factor: number): Speaks {
	return Object.fromEntries(Object.entries(speaks).map(([cause, nats]) => [cause, nats * factor]));
}
