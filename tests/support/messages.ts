import { freshMessages } from '#messages/fresh.mjs';

/** Before the first test, once: what is tested imports its words. */
export function setup(): void {
	const fault = freshMessages();
	if (fault) throw new Error(fault);
}
