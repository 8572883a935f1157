/** Keeps from asking somebody who does not answer anyway: after some failures in a row nobody asks for a while. */
export interface Breaker {
	/** Until when nothing is sent; 0 = it may be. */
	heldUntil(): number;
	/** While it is not known yet whether the other side is back, one attempt at a time. */
	isTrying(): boolean;
	succeeded(): void;
	/** The other side did not answer, or cannot. */
	failed(nowMicros: number): void;
	/** The other side said when to come back. */
	hold(untilMicros: number): void;
}

const FAILURES = 5;
const FIRST_HOLD_MICROS = 30_000_000;
const LONGEST_HOLD_MICROS = 600_000_000;

export function createBreaker(): Breaker {
	let failures = 0;
	let heldUntil = 0;
	return {
		heldUntil: () => heldUntil,
		isTrying: () => failures >= FAILURES,
		succeeded() {
			failures = 0;
			heldUntil = 0;
		},
		failed(nowMicros) {
			failures++;
			if (failures < FAILURES) return;
			const hold = Math.min(FIRST_HOLD_MICROS * 2 ** (failures - FAILURES), LONGEST_HOLD_MICROS);
			heldUntil = Math.max(heldUntil, nowMicros + hold);
		},
		hold: (untilMicros) => void (heldUntil = Math.max(heldUntil, untilMicros)),
	};
}
