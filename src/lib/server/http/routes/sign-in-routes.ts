import { z } from '@hono/zod-openapi';
import { isEmail } from '#contracts/email.ts';
import type { Who } from '#contracts/principal.ts';
import { formatTime } from '#contracts/time.ts';
import type { Asking } from '#server/auth/port.ts';
import type { SessionInfo, SignedIn } from '#server/identity/port.ts';
import { idParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute, type Reply } from '#server/http/route.ts';
import { principalSchema } from '#server/http/schemas.ts';

export const emailField = z.string().trim().max(254).refine(isEmail, 'is no e-mail address');
/** Its length is checked where its rules are; here only that nobody sends a book. */
export const passwordField = z.string().max(2000);
export const nameField = z.string().trim().min(1, 'is empty').max(80);
const linkField = z.string().max(200);

const signedIn = z.strictObject({ name: z.string(), email: z.string() }).openapi('SignedIn');
const linkSchema = z
	.strictObject({ kind: z.enum(['invite', 'reset']), email: z.string(), name: z.string() })
	.openapi('Link');
const sessionSchema = z
	.strictObject({
		id: z.string(),
		createdAt: z.string(),
		seenAt: z.string(),
		expiresAt: z.string().openapi({ description: 'If it is not used until then' }),
		address: z.string(),
		agent: z.string(),
		isThis: z.boolean(),
	})
	.openapi('Session');
const nothing = { status: 204, schema: z.undefined() };

/** In and out, and what somebody does about the own account. */
export function signInRoutes(ports: HttpPorts): AnswerRoute[] {
	return [...doorRoutes(ports), ...linkRoutes(ports), ...ownRoutes(ports)];
}

function doorRoutes(ports: HttpPorts): AnswerRoute[] {
	const { identity, auth } = ports;
	const path = '/api/v1/sign-in';
	return [
		answer({
			method: 'GET',
			path,
			access: 'open',
			tag: 'Access',
			summary: 'Whether there are accounts to sign in with, or the start link still opens the door',
			output: { schema: z.strictObject({ isSetUp: z.boolean() }) },
			handle: () => ({ body: { isSetUp: identity.isSetUp() } }),
		}),
		answer({
			method: 'POST',
			path,
			access: 'open',
			tag: 'Access',
			summary: 'Sign in; the answer sets a cookie',
			input: { body: z.strictObject({ email: z.string().max(254), password: passwordField }) },
			output: { schema: signedIn },
			problems: { 401: 'Address or password are not right', 429: 'Too many attempts: wait for Retry-After' },
			async handle({ body, asking }) {
				const found = await identity.signIn(body, auth.from(asking));
				// No word about which of the two: that would tell who has an account.
				if (!found) throw new Problem(401, 'This address and password do not go together.');
				return withCookie(ports, found, asking);
			},
		}),
		answer({
			method: 'POST',
			path: '/api/v1/sign-out',
			access: 'self',
			tag: 'Access',
			summary: 'Sign out; the session ends on every tab',
			input: { body: z.strictObject({}) },
			output: nothing,
			async handle({ who, asking }) {
				await identity.signOut(known(who), auth.from(asking));
				return { body: undefined, headers: { 'set-cookie': auth.sessionCookie(undefined, asking) } };
			},
		}),
		answer({
			method: 'POST',
			path: '/api/v1/set-up',
			access: 'admin',
			everySite: true,
			tag: 'Access',
			summary: 'Create the first account, the owner’s; the start link ends with it',
			input: { body: z.strictObject({ name: nameField, email: emailField, password: passwordField }) },
			output: { status: 201, schema: signedIn },
			problems: { 409: 'There is an account already' },
			handle: async ({ body, asking }) => withCookie(ports, await identity.setUp(body, auth.from(asking)), asking),
		}),
	];
}

function linkRoutes(ports: HttpPorts): AnswerRoute[] {
	const { identity, auth } = ports;
	const gone = 'This link has been used, has expired or was replaced by a newer one. Ask whoever sent it for another.';
	return [
		answer({
			method: 'POST',
			path: '/api/v1/links/look',
			access: 'open',
			tag: 'Access',
			summary: 'Whose invitation or reset this is; it stays usable',
			input: { body: z.strictObject({ link: linkField }) },
			output: { schema: linkSchema },
			problems: { 404: 'Used, expired or none' },
			async handle({ body }) {
				const found = await identity.lookAtLink(body.link);
				if (!found) throw new Problem(404, gone);
				return { body: found };
			},
		}),
		answer({
			method: 'POST',
			path: '/api/v1/links/use',
			access: 'open',
			tag: 'Access',
			summary: 'Set the password by an invitation or reset, once, and sign in',
			input: { body: z.strictObject({ link: linkField, password: passwordField }) },
			output: { schema: signedIn },
			problems: { 404: 'Used, expired or none' },
			async handle({ body, asking }) {
				const found = await identity.useLink(body.link, body.password, auth.from(asking));
				if (!found) throw new Problem(404, gone);
				return withCookie(ports, found, asking);
			},
		}),
	];
}

function ownRoutes(ports: HttpPorts): AnswerRoute[] {
	const { identity, auth } = ports;
	const common = { access: 'self', tag: 'Access' } as const;
	return [
		answer({
			...common,
			method: 'GET',
			path: '/api/v1/me',
			summary: 'Who asks, and what that may see and do',
			output: { schema: principalSchema },
			handle: ({ who }) => ({ body: toMe(known(who)) }),
		}),
		answer({
			...common,
			method: 'PUT',
			path: '/api/v1/me/password',
			summary: 'Another password; every other session ends',
			input: { body: z.strictObject({ current: passwordField, next: passwordField }) },
			output: { schema: signedIn },
			handle: async ({ who, body, asking }) =>
				withCookie(ports, await identity.changePassword(known(who), body, auth.from(asking)), asking),
		}),
		answer({
			...common,
			method: 'GET',
			path: '/api/v1/me/sessions',
			summary: 'Where I am signed in',
			output: { schema: z.strictObject({ items: z.array(sessionSchema) }) },
			handle: async ({ who }) => ({ body: { items: (await identity.sessions(known(who))).map(toSession) } }),
		}),
		answer({
			...common,
			method: 'DELETE',
			path: '/api/v1/me/sessions',
			summary: 'Sign out everywhere else',
			output: nothing,
			handle: async ({ who }) => (await identity.endOtherSessions(known(who)), { body: undefined }),
		}),
		answer({
			...common,
			method: 'DELETE',
			path: '/api/v1/me/sessions/{id}',
			summary: 'Sign out there',
			input: { params: idParameter },
			output: nothing,
			handle: async ({ who, params }) => (await identity.endSession(known(who), params.id), { body: undefined }),
		}),
	];
}

/** Signed in by what the answer carries; whoever had another session in this browser has the new one now. */
function withCookie({ auth }: HttpPorts, { secret, account }: SignedIn, asking: Asking): Reply {
	const { name, email } = account;
	return { body: { name, email }, headers: { 'set-cookie': auth.sessionCookie(secret, asking) } };
}

/** Routes that are not open have somebody. */
export function known(who: Who | undefined): Who {
	if (!who) throw new Error('a closed route was asked by nobody');
	return who;
}

function toMe({ id, kind, name, sites, scopes, writeSite, rights, grants }: Who) {
	return { id, kind, name, sites, scopes, writeSite, rights, grants };
}

function toSession({ id, createdMicros, seenMicros, expiresMicros, address, agent, isThis }: SessionInfo) {
	const times = {
		createdAt: formatTime(createdMicros),
		seenAt: formatTime(seenMicros),
		expiresAt: formatTime(expiresMicros),
	};
	return { id, ...times, address, agent, isThis };
}
