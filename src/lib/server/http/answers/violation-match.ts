import { z } from '@hono/zod-openapi';
import type { Principal } from '#contracts/principal.ts';
import type { ViolationMatch } from '#server/metadata/port-violations.ts';
import { flagParameter, streamIdOf, timeParameter } from '#server/http/parameters.ts';

const NONE = 'none';

/** Which violations, as a query says it; `cause=none` and `assignee=none` are those that have none. */
export const matchQuery = {
	from: timeParameter.optional(),
	to: timeParameter.optional(),
	site: z.string().max(100).optional(),
	asset: z.string().max(200).optional(),
	stream: z.string().max(40).optional(),
	rule: z.string().max(100).optional(),
	chart: z.string().max(20).optional(),
	state: z.enum(['open', 'acknowledged', 'resolved', 'unresolved']).optional(),
	active: flagParameter.optional(),
	severity: z.enum(['info', 'warning', 'critical']).optional(),
	cause: z.string().max(100).optional(),
	assignee: z.string().max(254).optional(),
};
type MatchQuery = z.output<z.ZodObject<typeof matchQuery>>;

/** A filter narrows what somebody may see and never widens it. @throws Problem 404 for what is no stream */
export function matchOf(principal: Pick<Principal, 'sites'>, query: MatchQuery): ViolationMatch {
	const { from, to, stream, site, cause, assignee, ...rest } = query;
	const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
	return {
		...(given as Pick<ViolationMatch, 'asset' | 'rule' | 'chart' | 'state' | 'active' | 'severity'>),
		sites: sitesFor(principal, site),
		...(from !== undefined && { fromMicros: from }),
		...(to !== undefined && { toMicros: to }),
		...(stream !== undefined && { streamId: streamIdOf(stream) }),
		...(cause !== undefined && { cause: cause === NONE ? null : cause }),
		...(assignee !== undefined && { assignee: assignee === NONE ? null : assignee }),
	};
}

function sitesFor({ sites }: Pick<Principal, 'sites'>, site: string | undefined): readonly string[] | 'all' {
	if (site === undefined) return sites;
	return sites === 'all' || sites.includes(site) ? [site] : [];
}
