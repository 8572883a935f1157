import type { SiteEvent } from '#contracts/event.ts';
import { maySee, type Principal } from '#contracts/principal.ts';
import type { Violation } from '#contracts/violation.ts';
import type { Metadata, StreamWithPlan } from '../metadata/port.ts';
import { streamIdOf } from './parameters.ts';
import { Problem, notFound } from './problem.ts';

/** May do more elsewhere than here, but may look here. */
function refuseElsewhere(principal: Principal, site: string): void {
	if (!maySee(principal, site)) throw new Problem(403, `On site "${site}" ${principal.name} may not do this.`);
}

function isSeen(principal: Principal, site: string): boolean {
	return maySee(principal, site) || maySee({ sites: principal.sees ?? [] }, site);
}

/** The ways to a stream, violation or event by its id: one of a foreign site does not exist for who asks. */
export interface Visible {
	/** @throws Problem 404 */
	stream(principal: Principal, id: string): Promise<StreamWithPlan>;
	/** @throws Problem 404 */
	violation(principal: Principal, id: string): Promise<{ violation: Violation; of: StreamWithPlan }>;
	/** @throws Problem 404 */
	event(principal: Principal, id: string): Promise<SiteEvent>;
}

export function createVisible(metadata: Pick<Metadata, 'streams' | 'violations' | 'events'>): Visible {
	return {
		async stream(principal, id) {
			const found = await metadata.streams.get(streamIdOf(id));
			if (!found || !isSeen(principal, found.stream.site)) throw notFound('stream');
			refuseElsewhere(principal, found.stream.site);
			return found;
		},
		async violation(principal, id) {
			const violation = await metadata.violations.get(id);
			const of = violation && (await metadata.streams.get(violation.streamId));
			if (!violation || !of || !isSeen(principal, of.stream.site)) throw notFound('violation');
			refuseElsewhere(principal, of.stream.site);
			return { violation, of };
		},
		async event(principal, id) {
			const event = await metadata.events.get(id);
			if (!event || !isSeen(principal, event.site)) throw notFound('event');
			refuseElsewhere(principal, event.site);
			return event;
		},
	};
}
