/** Keeps from asking a provider that does not answer anyway. */
export interface Breaker {
	isHeld(nowMicros: number): boolean;
	succeeded(): void;
	failed(nowMicros: number): void;
}

const FAILURES = 3;
const FIRST_HOLD_MICROS = 60_000_000;
const LONGEST_HOLD_MICROS = 1_800_000_000;

/** Held for a minute after three failures in a row, and twice as long after each further one. */
export function createBreaker(): Breaker {
	let failures = 0;
	let heldUntil = 0;
	return {
		isHeld: (nowMicros) => nowMicros < heldUntil,
		succeeded() {
			failures = 0;
			heldUntil = 0;
		},
		failed(nowMicros) {
			failures++;
			if (failures >= FAILURES)
				heldUntil = nowMicros + Math.min(FIRST_HOLD_MICROS * 2 ** (failures - FAILURES), LONGEST_HOLD_MICROS);
		},
	};
}
