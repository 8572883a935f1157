import { parseArgs } from 'node:util';
import type { ApiPerson } from '#contracts/access.ts';
import type { ApiProblem } from '#contracts/api.ts';
import { normalEmail } from '#contracts/email.ts';
import { ConfigError } from '#contracts/error.ts';
import { loadSettings } from '#server/config/settings.ts';
import type { Command } from '../command.ts';
import { findHub, type Hub } from '../hub.ts';

const OPTIONS = {
	name: { type: 'string' },
	role: { type: 'string', default: 'viewer' },
	site: { type: 'string' },
	url: { type: 'string' },
} as const;

/** People of a Sigmascope that runs, also for who cannot sign in any more. */
export const userCommand: Command = {
	name: 'user',
	usage: [
		'user add EMAIL [--role ROLE] | list | reset EMAIL',
		'  add    print a link by which EMAIL sets a password; who has an account already gets the role, too',
		'  list   who has which role, and who was seen when',
		'  reset  print a link by which EMAIL sets a new password, valid for an hour',
		'  --role  owner, admin, engineer, operator or viewer (default)',
		'  --site  where the role counts, default every site',
		'  --name  as it stands beside what somebody does, default the part of EMAIL before the @',
		'  --url   of the Sigmascope, default http://127.0.0.1:3000',
	].join('\n'),
	does: 'add people, list them, reset a password',
	async run(args) {
		const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
		const [act, email] = positionals;
		const hub = findHub(loadSettings({ ...process.env, SIGMASCOPE_CONFIG: undefined }), values.url);
		if (act === 'list') return list(hub);
		if ((act !== 'add' && act !== 'reset') || email === undefined)
			throw new ConfigError('write: sigmascope user add EMAIL, sigmascope user list or sigmascope user reset EMAIL');
		return act === 'add' ? add(hub, { ...values, email }) : reset(hub, email);
	},
};

interface Adding {
	readonly email: string;
	readonly name?: string;
	readonly role: string;
	readonly site?: string;
}

async function add(hub: Hub, { email, name = email.split('@')[0], role, site = '*' }: Adding): Promise<number> {
	const body = { email, name, grants: [{ site, role }] };
	const { link } = await ask<{ link: string | null }>(hub, 'POST', '/api/v1/people', body);
	console.log(link ?? `${email} has an account already and has this role now, too`);
	return 0;
}

async function list(hub: Hub): Promise<number> {
	for (const { email, name, grants, state, seenAt } of await people(hub)) {
		const roles = grants.map(({ site, role }) => `${role}@${site}`).join(' ');
		console.log([email, name, roles, state, seenAt ?? 'never'].join('\t'));
	}
	return 0;
}

async function reset(hub: Hub, email: string): Promise<number> {
	const person = (await people(hub)).find((one) => one.email === normalEmail(email));
	if (!person) throw new ConfigError(`nobody has the address ${email}; sigmascope user list shows who there is`);
	const { link } = await ask<{ link: string }>(hub, 'POST', `/api/v1/people/${person.id}/reset`, {});
	console.log(link);
	return 0;
}

async function people(hub: Hub): Promise<readonly ApiPerson[]> {
	return (await ask<{ items: readonly ApiPerson[] }>(hub, 'GET', '/api/v1/people')).items;
}

async function ask<T>(hub: Hub, method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
	const headers = { authorization: `Bearer ${hub.key}`, 'content-type': 'application/json' };
	const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
	const answer = await fetch(hub.url + path, init).catch(() => {
		throw new ConfigError(`cannot reach Sigmascope at ${hub.url}: is it running? (npm start; --url names another)`);
	});
	if (answer.ok) return (await answer.json()) as T;
	const problem = (await answer.json().catch(() => ({}))) as Partial<ApiProblem>;
	throw new ConfigError(problem.detail ?? `${hub.url} answers with status ${answer.status}`);
}
