/** What to do with a numbered message. */
export type Turn = 'take' | 'have' | 'drop';

/**
 * The order of one connection's numbers. They grow; holes are allowed, since a message that was refused for good is
 * never sent again.
 */
export interface Order {
	/** `have`: taken before, to be acknowledged again. `drop`: after a retry, until the sender has gone back. */
	turn(seq: number): Turn;
	/** The number of a message that names none: it comes in sequence. */
	next(): number;
	/** Nothing from here on was taken. */
	backTo(seq: number): void;
	acknowledge(seq: number): void;
	/** Everything up to here is in the journal, or was refused. */
	acked(): number;
}

export function createOrder(resumeAfter: number): Order {
	let acked = resumeAfter;
	let taken = resumeAfter;
	let last = resumeAfter;
	let goingBack = false;
	return {
		turn(seq) {
			// What was under way when the retry was said goes on growing; the first that does not is the sender's new start.
			const isOnTheWay = goingBack && seq > last;
			last = seq;
			if (isOnTheWay) return 'drop';
			goingBack = false;
			if (seq <= taken) return 'have';
			taken = seq;
			return 'take';
		},
		next: () => last + 1,
		backTo(seq) {
			taken = Math.min(taken, seq - 1);
			goingBack = true;
		},
		acknowledge(seq) {
			acked = Math.max(acked, seq);
		},
		acked: () => acked,
	};
}
