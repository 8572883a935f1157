import type { Grant } from '#contracts/principal.ts';
import type { Role, Scope } from '#contracts/rights.ts';
import * as m from '#messages';

type Words = readonly [name: () => string, may: () => string];

const ROLE_WORDS: Readonly<Record<Role, Words>> = {
	owner: [m.access_role_owner, m.access_role_owner_may],
	admin: [m.access_role_admin, m.access_role_admin_may],
	engineer: [m.access_role_engineer, m.access_role_engineer_may],
	operator: [m.access_role_operator, m.access_role_operator_may],
	viewer: [m.access_role_viewer, m.access_role_viewer_may],
	display: [m.access_role_display, m.access_role_display_may],
};

const SCOPE_WORDS: Readonly<Record<Scope, Words>> = {
	write: [m.access_scope_write, m.access_scope_write_may],
	read: [m.access_scope_read, m.access_scope_read_may],
	admin: [m.access_scope_admin, m.access_scope_admin_may],
	proxy: [m.access_scope_proxy, m.access_scope_proxy_may],
	display: [m.access_scope_display, m.access_scope_display_may],
};

export function roleName(role: Role): string {
	return ROLE_WORDS[role][0]();
}

/** @returns what somebody with this role may do, in half a sentence */
export function roleMay(role: Role): string {
	return ROLE_WORDS[role][1]();
}

export function scopeName(scope: Scope): string {
	return SCOPE_WORDS[scope][0]();
}

export function scopeMay(scope: Scope): string {
	return SCOPE_WORDS[scope][1]();
}

/** @returns `Engineer of plant-a`, `Viewer of every site` */
export function grantWords({ site, role }: Grant): string {
	if (role === 'owner') return roleName(role);
	return m.access_grant({ role: roleName(role), site: site === '*' ? m.access_every_site() : site });
}

const ACT_WORDS: Readonly<Record<string, () => string>> = {
	'set-up': m.access_act_set_up,
	'sign-in': m.access_act_sign_in,
	'sign-in.refused': m.access_act_sign_in_refused,
	'sign-out': m.access_act_sign_out,
	'sessions.end': m.access_act_sessions_end,
	'person.create': m.access_act_person_create,
	'person.change': m.access_act_person_change,
	'person.remove': m.access_act_person_remove,
	'person.invite': m.access_act_person_invite,
	'person.reset': m.access_act_person_reset,
	'person.password': m.access_act_person_password,
	'key.create': m.access_act_key_create,
	'key.remove': m.access_act_key_remove,
	plan: m.access_act_plan,
	'baseline.learn': m.access_act_baseline_learn,
	'baseline.freeze': m.access_act_baseline_freeze,
	'baseline.phase': m.access_act_baseline_phase,
	'baseline.exclude': m.access_act_baseline_exclude,
	'baseline.include': m.access_act_baseline_include,
	acknowledged: m.access_act_acknowledged,
	assign: m.access_act_assign,
	resolved: m.access_act_resolved,
	reopened: m.access_act_reopened,
	comment: m.access_act_comment,
	step: m.access_act_step,
	'step.undone': m.access_act_step_undone,
	cause: m.access_act_cause,
	'cause.merge': m.access_act_cause_merge,
	'cause.remove': m.access_act_cause_removed,
	'analysis.feedback': m.access_act_feedback,
	'event.change': m.access_act_event_change,
	'event.remove': m.access_act_event_remove,
	'session.create': m.access_act_session_create,
	'session.change': m.access_act_session_change,
	'session.remove': m.access_act_session_remove,
	'document.add': m.access_act_document_add,
	'document.replace': m.access_act_document_replace,
	'document.again': m.access_act_document_again,
	'document.remove': m.access_act_document_remove,
	'alert.resend': m.access_act_alert_resend,
	'alert.enable': m.access_act_alert_enable,
	secret: m.access_act_secret,
	'secret.remove': m.access_act_secret_remove,
};

/** @returns what was done, in words; a kind that these pages do not know yet by its name */
export function actWords(act: string): string {
	return (Object.hasOwn(ACT_WORDS, act) ? ACT_WORDS[act]?.() : undefined) ?? act;
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
	if (browser && system) return m.access_agent({ browser, system });
	return browser ?? (agent === '' ? m.access_agent_unknown() : agent.slice(0, 40));
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
