import type { Grant } from '#contracts/principal.ts';
import type { Role, Scope } from '#contracts/rights.ts';

const ROLE_WORDS: Readonly<Record<Role, readonly [name: string, may: string]>> = {
	owner: ['Owner', 'everything, on every site'],
	admin: ['Admin', 'all below, and manages people, keys and the audit'],
	engineer: ['Engineer', 'all below, changes control plans and imports data'],
	operator: ['Operator', 'looks, and acknowledges and resolves violations'],
	viewer: ['Viewer', 'looks at everything, changes nothing'],
	display: ['Display', 'a screen on the wall: charts and violations only'],
};

const SCOPE_WORDS: Readonly<Record<Scope, readonly [name: string, may: string]>> = {
	write: ['Send', 'sends points, for example Telegraf or a machine'],
	read: ['Read', 'reads streams and violations; with Send also acknowledges'],
	admin: ['Manage', 'changes plans, people and keys'],
	proxy: ['Proxy', 'passes calls through to a provider'],
	display: ['Display', 'shows charts and violations on a wall'],
};

export function roleName(role: Role): string {
	return ROLE_WORDS[role][0];
}

/** @returns what somebody with this role may do, in half a sentence */
export function roleMay(role: Role): string {
	return ROLE_WORDS[role][1];
}

export function scopeName(scope: Scope): string {
	return SCOPE_WORDS[scope][0];
}

export function scopeMay(scope: Scope): string {
	return SCOPE_WORDS[scope][1];
}

/** @returns `Engineer of plant-a`, `Viewer of every site` */
export function grantWords({ site, role }: Grant): string {
	if (role === 'owner') return roleName(role);
	return `${roleName(role)} of ${site === '*' ? 'every site' : site}`;
}

const ACT_WORDS: Readonly<Record<string, string>> = {
	'set-up': 'Created the first account',
	'sign-in': 'Signed in',
	'sign-in.refused': 'Sign-in refused',
	'sign-out': 'Signed out',
	'sessions.end': 'Signed somebody out',
	'person.create': 'Invited',
	'person.change': 'Changed a person',
	'person.remove': 'Removed a person',
	'person.invite': 'Made an invitation link',
	'person.reset': 'Made a reset link',
	'person.password': 'Set a password',
	'key.create': 'Created a key',
	'key.remove': 'Removed a key',
	plan: 'Changed a plan',
	acknowledged: 'Acknowledged',
	resolved: 'Resolved',
	comment: 'Commented',
};

/** @returns what was done, in words; a kind that these pages do not know yet by its name */
export function actWords(act: string): string {
	return ACT_WORDS[act] ?? act;
}

export const KNOWN_ACTS = Object.keys(ACT_WORDS);

const AGENTS = [
	[/Edg\//, 'Edge'],
	[/Firefox\//, 'Firefox'],
	[/Chrome\//, 'Chrome'],
	[/Safari\//, 'Safari'],
] as const;
const SYSTEMS = [
	[/Android/, 'Android'],
	[/iPhone|iPad/, 'iOS'],
	[/Windows/, 'Windows'],
	[/Mac OS X/, 'macOS'],
	[/Linux/, 'Linux'],
] as const;

/** @returns `Firefox on Windows`; whatever else it calls itself, as far as that goes */
export function agentWords(agent: string): string {
	const find = (among: typeof AGENTS | typeof SYSTEMS) => among.find(([pattern]) => pattern.test(agent))?.[1];
	const [browser, system] = [find(AGENTS), find(SYSTEMS)];
	if (browser && system) return `${browser} on ${system}`;
	return browser ?? (agent === '' ? 'unknown' : agent.slice(0, 40));
}

/** @returns what differs between two states, a line each: `role: viewer → admin` */
export function changeWords(before: unknown, after: unknown): string[] {
	const [was, is] = [flat(before), flat(after)];
	const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
	return names
		.filter((name) => was[name] !== is[name])
		.map((name) => {
			const label = name === '' ? '' : `${name}: `;
			if (before === null || before === undefined) return `${label}${is[name] ?? '–'}`;
			if (after === null || after === undefined) return `${label}${was[name] ?? '–'}`;
			return `${label}${was[name] ?? '–'} → ${is[name] ?? '–'}`;
		});
}

/** Leaves of a document by their path. */
function flat(value: unknown, path = ''): Record<string, string> {
	if (value === undefined || (value === null && path === '')) return {};
	if (typeof value !== 'object' || value === null) return { [path]: String(value) };
	const entries = Array.isArray(value) ? value.map((item, i) => [String(i + 1), item] as const) : Object.entries(value);
	if (entries.length === 0) return { [path]: 'none' };
	return Object.assign(
		{},
		...entries.map(([name, item]) => flat(item, path === '' ? name : `${path} ${name}`)),
	) as Record<string, string>;
}
