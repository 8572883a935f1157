import { z } from '@hono/zod-openapi';
import type { ApiDemo } from '#contracts/demo.ts';
import { actorOf } from '#server/http/actor.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';

const demoSchema = z
	.strictObject({
		isOn: z.boolean(),
		obstacle: z.string().nullable().openapi({ description: 'Why it can be neither begun nor ended here' }),
	})
	.openapi('Demo') satisfies z.ZodType<ApiDemo>;

/** A simulated plant in a site of its own, to look at before anything real is connected. */
export function demoRoutes({ demo, auth }: HttpPorts): AnswerRoute[] {
	const common = { access: 'admin', everySite: true, path: '/api/v1/demo', tag: 'System' } as const;
	const now = (): { body: ApiDemo } => ({ body: { isOn: demo.isOn(), obstacle: demo.obstacle() ?? null } });
	const problems = { 409: 'The configuration has what the demo would take' };

	/** @throws Problem 409: what is taken away at its end must be the demo's alone */
	function refuseWhereTaken(): void {
		const obstacle = demo.obstacle();
		if (obstacle !== undefined) throw new Problem(409, `Cannot begin or end the demo: ${obstacle}.`);
	}

	return [
		answer({ ...common, method: 'GET', summary: 'Whether the demo runs', output: { schema: demoSchema }, handle: now }),
		answer({
			...common,
			method: 'POST',
			summary: 'Begin the demo: a simulated plant and providers on the site "demo"',
			output: { schema: demoSchema },
			problems,
			async handle() {
				refuseWhereTaken();
				await demo.begin();
				return now();
			},
		}),
		answer({
			...common,
			method: 'DELETE',
			summary: 'End the demo and remove its streams, violations and events',
			output: { schema: demoSchema },
			problems,
			async handle({ who, asking }) {
				refuseWhereTaken();
				await demo.end(actorOf(who, auth.from(asking)));
				return now();
			},
		}),
	];
}
