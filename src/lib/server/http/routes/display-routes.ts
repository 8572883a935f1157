import { z } from '@hono/zod-openapi';
import { SITE_NAME } from '#contracts/site.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { known } from './sign-in-routes.ts';

const gone = 'This code is over: ask for a new one.';

/** How a screen on the wall is let in without anybody typing a password there. */
export function displayRoutes({ identity, auth }: HttpPorts): AnswerRoute[] {
	const common = { method: 'POST', tag: 'Access' } as const;
	return [
		answer({
			...common,
			path: '/api/v1/displays',
			access: 'open',
			summary: 'A screen asks to be let in: a code to show, and a claim to keep',
			input: { body: z.strictObject({}) },
			output: { status: 201, schema: z.strictObject({ code: z.string(), claim: z.string() }) },
			problems: { 429: 'Too many screens ask' },
			handle: ({ asking }) => ({ body: identity.askForDisplay(auth.from(asking)) }),
		}),
		answer({
			...common,
			path: '/api/v1/displays/claim',
			access: 'open',
			summary: 'Whether somebody has typed the code; the answer then sets a cookie, once',
			input: { body: z.strictObject({ claim: z.string().max(200) }) },
			output: { schema: z.strictObject({ state: z.enum(['waiting', 'paired']) }) },
			problems: { 404: 'The code is over' },
			handle({ body, asking }) {
				const found = identity.claimDisplay(body.claim);
				if (found === undefined) throw new Problem(404, gone);
				if (found === 'waiting') return { body: { state: found } };
				const cookie = auth.sessionCookie(found.key, asking, 'longest');
				return { body: { state: 'paired' }, headers: { 'set-cookie': cookie } };
			},
		}),
		answer({
			...common,
			path: '/api/v1/displays/approve',
			access: 'admin',
			summary: 'Let the screen in that shows this code: a key with the scope display for one site',
			input: {
				body: z.strictObject({
					code: z.string().max(20),
					name: z.string().trim().min(1, 'is empty').max(80),
					site: z.string().regex(SITE_NAME, 'is no name of a site'),
				}),
			},
			output: { status: 204, schema: z.undefined() },
			problems: { 404: 'No screen shows this code' },
			async handle({ who, body, asking }) {
				await identity.approveDisplay(known(who), body, auth.from(asking));
				return { body: undefined };
			},
		}),
	];
}
