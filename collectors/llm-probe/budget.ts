import { formatTime } from '#contracts/time.ts';

/** What has been used of a day's budget; the cursor of the collector, so that a restart does not begin it anew. */
export interface Spent {
	/** `2026-01-31`, UTC. */
	readonly day: string;
	readonly calls: number;
	readonly usd: number;
}

export interface Budget {
	/** @returns why there may be no further call now, or undefined */
	refusal(nowMicros: number): string | undefined;
	spend(nowMicros: number, calls: number, usd: number | null): void;
	spent(): Spent;
}

export function createBudget(
	limits: { readonly calls?: number | undefined; readonly usd?: number | undefined },
	before: unknown,
): Budget {
	let spent = isSpent(before) ? before : { day: '', calls: 0, usd: 0 };
	const turn = (nowMicros: number) => {
		const day = formatTime(nowMicros).slice(0, 10);
		if (spent.day !== day) spent = { day, calls: 0, usd: 0 };
	};
	return {
		refusal(nowMicros) {
			turn(nowMicros);
			if (spent.calls >= (limits.calls ?? Infinity)) return `the budget of ${limits.calls} calls a day is used up`;
			if (spent.usd >= (limits.usd ?? Infinity)) return `the budget of ${limits.usd} USD a day is used up`;
			return undefined;
		},
		spend(nowMicros, calls, usd) {
			turn(nowMicros);
			spent = { day: spent.day, calls: spent.calls + calls, usd: spent.usd + (usd ?? 0) };
		},
		spent: () => spent,
	};
}

function isSpent(before: unknown): before is Spent {
	const { day, calls, usd } = (before ?? {}) as Record<string, unknown>;
	return typeof day === 'string' && typeof calls === 'number' && typeof usd === 'number';
}
