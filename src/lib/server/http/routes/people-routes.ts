import { z } from '@hono/zod-openapi';
import { EVERY_SITE } from '#contracts/principal.ts';
import { ROLES } from '#contracts/rights.ts';
import { SITE_NAME } from '#contracts/site.ts';
import { formatTime } from '#contracts/time.ts';
import type { Asking } from '#server/auth/port.ts';
import type { Person } from '#server/identity/port.ts';
import { idParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { grantSchema } from '#server/http/schemas.ts';
import { emailField, known, nameField } from './sign-in-routes.ts';

const personSchema = z
	.strictObject({
		id: z.string(),
		name: z.string(),
		email: z.string(),
		grants: z.array(grantSchema),
		state: z.enum(['active', 'invited', 'disabled']),
		seenAt: z.string().nullable(),
		isMine: z.boolean().openapi({ description: 'All of its roles are yours to give: you may reset and remove it' }),
	})
	.openapi('Person');
const grantsField = z
	.array(
		z.strictObject({
			site: z.union([z.literal(EVERY_SITE), z.string().regex(SITE_NAME, 'is no name of a site')]),
			role: z.enum(ROLES),
		}),
	)
	.max(200)
	.refine((grants) => new Set(grants.map(({ site }) => site)).size === grants.length, 'names a site twice');
const link = z
	.string()
	.openapi({ description: 'Opens the page on which the password is set, once; send it on yourself' });

/** People and their roles; each admin sees and gives those of his sites. */
export function peopleRoutes(ports: HttpPorts): AnswerRoute[] {
	const { identity, auth } = ports;
	const common = { access: 'admin', tag: 'People' } as const;
	const one = { ...common, path: '/api/v1/people/{id}' } as const;
	const nothing = { status: 204, schema: z.undefined() };
	return [
		answer({
			...common,
			method: 'GET',
			path: '/api/v1/people',
			summary: 'Who has a role on your sites',
			output: { schema: z.strictObject({ items: z.array(personSchema) }) },
			handle: async ({ who }) => ({ body: { items: (await identity.people(known(who))).map(toPerson) } }),
		}),
		answer({
			...common,
			method: 'POST',
			path: '/api/v1/people',
			summary: 'Invite somebody, or give somebody who has an account roles on your sites',
			input: {
				body: z.strictObject({ name: nameField, email: emailField, grants: grantsField.min(1, 'gives no role') }),
			},
			output: {
				status: 201,
				schema: z.strictObject({ person: personSchema, link: link.nullable() }),
			},
			async handle({ who, body, asking }) {
				const { person, secret } = await identity.invite(known(who), body, auth.from(asking));
				return { body: { person: toPerson(person), link: secret === null ? null : linkOf(ports, asking, secret) } };
			},
		}),
		answer({
			...one,
			method: 'PUT',
			summary: 'Change name, roles on your sites, or whether somebody may sign in; other roles end the sessions',
			input: {
				params: idParameter,
				body: z.strictObject({
					name: nameField.optional(),
					isDisabled: z.boolean().optional(),
					grants: grantsField.optional(),
				}),
			},
			output: { schema: personSchema },
			problems: { 409: 'There would be no owner left' },
			async handle({ who, params, body, asking }) {
				const { name, isDisabled, grants } = body;
				const change = {
					...(name !== undefined && { name }),
					...(isDisabled !== undefined && { isDisabled }),
					...(grants && { grants }),
				};
				const person = await identity.changePerson(known(who), params.id, change, auth.from(asking));
				return { body: toPerson(person) };
			},
		}),
		answer({
			...one,
			method: 'DELETE',
			summary: 'Remove an account',
			input: { params: idParameter },
			output: nothing,
			problems: { 409: 'There would be no owner left' },
			async handle({ who, params, asking }) {
				await identity.removePerson(known(who), params.id, auth.from(asking));
				return { body: undefined };
			},
		}),
		answer({
			...common,
			method: 'POST',
			path: '/api/v1/people/{id}/reset',
			summary: 'A new link to set the password by, valid for an hour',
			input: { params: idParameter, body: z.strictObject({}) },
			output: { schema: z.strictObject({ link }) },
			async handle({ who, params, asking }) {
				const secret = await identity.resetPerson(known(who), params.id, auth.from(asking));
				return { body: { link: linkOf(ports, asking, secret) } };
			},
		}),
		answer({
			...common,
			method: 'POST',
			path: '/api/v1/people/{id}/sign-out',
			summary: 'End all sessions of somebody',
			input: { params: idParameter, body: z.strictObject({}) },
			output: nothing,
			async handle({ who, params, asking }) {
				await identity.endSessionsOf(known(who), params.id, auth.from(asking));
				return { body: undefined };
			},
		}),
	];
}

/** Behind `#`, which browsers keep to themselves: no log of a proxy has it. */
function linkOf({ auth, publicUrl }: HttpPorts, asking: Asking, secret: string): string {
	const here = `${auth.isHttps(asking) ? 'https' : 'http'}://${asking.headers.host ?? 'localhost'}`;
	return `${(publicUrl ?? here).replace(/\/$/, '')}/welcome#${secret}`;
}

function toPerson({ seenMicros, ...person }: Person) {
	return { ...person, seenAt: seenMicros === null ? null : formatTime(seenMicros) };
}
