import { z } from '@hono/zod-openapi';
import type { HttpPorts } from '#server/http/ports.ts';
import { Problem } from '#server/http/problem.ts';

export const commentField = z.string().trim().min(1, 'is empty').max(4000);
/** Of a person; not checked against accounts, because who looks after a machine need not have one. */
export const nameField = z.string().trim().min(1, 'is empty').max(254);

/** @throws Problem 400 for a cause that the catalogue does not offer */
export async function checkCause({ causes }: HttpPorts['metadata'], name: string): Promise<void> {
	const offered = (await causes.list()).filter(({ isRetired }) => !isRetired);
	if (offered.some((cause) => cause.name === name)) return;
	const fault = { path: '$.cause', message: 'is not in the catalogue; GET /api/v1/causes lists what is' };
	throw new Problem(400, `${fault.path} ${fault.message}`, { faults: [fault] });
}

/** Looked at after who asks may see what it is about: of a foreign one nothing is said, not even this. @throws Problem 400 */
export function needed<T>(name: string, value: T | undefined): T {
	if (value !== undefined) return value;
	throw new Problem(400, `$.${name} is missing`, { faults: [{ path: `$.${name}`, message: 'is missing' }] });
}
