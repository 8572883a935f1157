import { createExclusive } from '#contracts/exclusive.ts';
import type { StreamWithPlan } from '#server/metadata/port.ts';
import { idParameter } from '#server/http/parameters.ts';
import { toPlanDocument } from '#contracts/plan-document.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute, type Reply } from '#server/http/route.ts';
import { planDocument } from '#server/http/schemas.ts';
import type { Visible } from '#server/http/visible.ts';

export function planRoutes(ports: HttpPorts, visible: Visible): AnswerRoute[] {
	const { metadata } = ports;
	const inTurn = createExclusive();
	const facts = { path: '/api/v1/streams/{id}/plan', tag: 'Streams' } as const;
	return [
		answer({
			...facts,
			method: 'GET',
			access: 'look',
			summary: 'The control plan; its ETag goes back as If-Match with a change',
			input: { params: idParameter },
			output: { schema: planDocument },
			handle: async ({ principal, params }) => replyOf(await visible.stream(principal, params.id)),
		}),
		answer({
			...facts,
			method: 'PUT',
			access: 'plan',
			summary: 'Replace the control plan',
			input: { params: idParameter, body: planDocument },
			output: { schema: planDocument },
			problems: {
				409: 'The configuration file sets this plan; the answer names file and line',
				412: 'The plan is not the one that If-Match names',
			},
			handle: ({ principal, params, body, headers, who, asking }) =>
				// Between looking and writing nobody else's change may come in.
				inTurn(async () => {
					const found = await visible.stream(principal, params.id);
					refuseUnlessMine(found, headers['if-match']);
					refuseOtherKind(found, body.chart);
					const by = who && { name: who.name, id: who.id, address: ports.auth.from(asking).address };
					const changed = await metadata.streams.setPlan(found.stream.id, body, null, by);
					await ports.relayPlans();
					return replyOf(changed);
				}),
		}),
	];
}

function refuseUnlessMine(found: StreamWithPlan, ifMatch: string | undefined): void {
	refuseOfFile(found);
	refuseOther(found, ifMatch);
}

/** @throws Problem 409: the file would take it back */
export function refuseOfFile({ planSource }: StreamWithPlan): void {
	if (planSource !== null) throw new Problem(409, `The plan of this stream is set in ${planSource}: change it there.`);
}

/** @throws Problem 412 */
export function refuseOther(found: StreamWithPlan, ifMatch: string | undefined): void {
	if (ifMatch === undefined || ifMatch === '*') return;
	const tags = ifMatch.split(',').map((tag) => tag.trim());
	if (!tags.includes(etagOf(found)))
		throw new Problem(412, `The plan has been changed since: it is revision ${found.planRevision} now.`);
}

/** @throws Problem 400: one stream has no T2, and several together have nothing else */
function refuseOtherKind({ plan }: StreamWithPlan, chart: string): void {
	if ((plan.chart === 't2') === (chart === 't2')) return;
	const message =
		chart === 't2'
			? 't2 is of several streams: declare a stream of them under derived: in the configuration file'
			: `${chart} is of one stream, and this one is the T2 of several`;
	throw new Problem(400, `body.chart: ${message}`, { faults: [{ path: 'body.chart', message }] });
}

export function etagOf({ planRevision }: StreamWithPlan): string {
	return `"${planRevision}"`;
}

function replyOf(found: StreamWithPlan): Reply {
	return { body: toPlanDocument(found.plan), headers: { etag: etagOf(found) } };
}
