import type { ApiCollector } from '#contracts/system.ts';
import * as m from '#messages';
import { hasReadNothingSince } from './system-concerns.ts';

const WORDS: Readonly<Record<string, () => string>> = {
	up: m.system_state_up,
	waiting: m.system_state_waiting,
	misconfigured: m.system_state_misconfigured,
	ended: m.system_state_ended,
	'queue full': m.system_state_queue_full,
};

/** How a collector gets on, in a word or two. */
export function collectorWords(collector: ApiCollector): string {
	if (hasReadNothingSince(collector)) return m.system_state_silent();
	if (collector.state === 'up' && !collector.connected) return m.system_state_cannot_deliver();
	return WORDS[collector.state]?.() ?? collector.state;
}

/** Nobody has to look at it. */
export function collectorWell(collector: ApiCollector): boolean {
	if (collector.state === 'ended') return true;
	return collector.state === 'up' && collector.connected && !hasReadNothingSince(collector);
}
