/** Of an API key. */
export const SCOPES = ['read', 'write', 'admin', 'proxy', 'display'] as const;
export type Scope = (typeof SCOPES)[number];

/** Of a person on a site, the one who may most first. */
export const ROLES = ['owner', 'admin', 'engineer', 'operator', 'viewer', 'display'] as const;
export type Role = (typeof ROLES)[number];

/**
 * What a route or a message asks of who sends it.
 *
 * - `self`: to be recognised; about nobody but who asks
 * - `look`: what a wall shows: streams, points, limits, violations
 * - `read`: everything else that is read
 * - `act`: acknowledge, resolve, comment
 * - `write`: send points
 * - `note`: tell what happened beside the measurements
 * - `plan`: change how streams are judged
 * - `admin`: people, keys, the audit
 * - `proxy`: send calls through to a provider
 */
export const RIGHTS = ['self', 'look', 'read', 'act', 'write', 'note', 'plan', 'admin', 'proxy'] as const;
export type Right = (typeof RIGHTS)[number];

export type Sites = readonly string[] | 'all';
/** Where each right is held; one that is not named is held nowhere. */
export type Rights = Readonly<Partial<Record<Right, Sites>>>;

const OF_ROLE: Readonly<Record<Role, readonly Right[]>> = {
	owner: RIGHTS,
	admin: ['self', 'look', 'read', 'act', 'write', 'note', 'plan', 'admin'],
	engineer: ['self', 'look', 'read', 'act', 'write', 'note', 'plan'],
	operator: ['self', 'look', 'read', 'act', 'note'],
	viewer: ['self', 'look', 'read'],
	display: ['self', 'look'],
};

const OF_SCOPE: Readonly<Record<Scope, readonly Right[]>> = {
	read: ['self', 'look', 'read'],
	write: ['self', 'write', 'note'],
	admin: ['self', 'plan', 'admin'],
	proxy: ['self', 'proxy'],
	display: ['self', 'look'],
};

export function rightsOfRole(role: Role): readonly Right[] {
	return OF_ROLE[role];
}

/** Who acts on a violation is shown it: that takes a key that may read as well as write. */
export function rightsOfScopes(scopes: readonly Scope[]): readonly Right[] {
	const rights = new Set(scopes.flatMap((scope) => OF_SCOPE[scope]));
	if (scopes.includes('read') && scopes.includes('write')) rights.add('act');
	return [...rights];
}

/** @returns these rights, each on the same sites */
export function rightsAt(sites: Sites, rights: readonly Right[]): Rights {
	return Object.fromEntries(rights.map((right) => [right, sites]));
}

/** @param grants roles by site; `*` is every site */
export function rightsOfGrants(grants: readonly { readonly site: string; readonly role: Role }[]): Rights {
	const found: Partial<Record<Right, Sites>> = {};
	for (const right of RIGHTS) {
		const sites = grants.filter(({ role }) => OF_ROLE[role].includes(right)).map(({ site }) => site);
		if (sites.length > 0) found[right] = sites.includes('*') ? 'all' : [...new Set(sites)];
	}
	return found;
}

export function rightsOn(rights: Rights, right: Right): Sites {
	return rights[right] ?? [];
}

/** @returns the scopes that a key with all that these rights allow would have */
export function scopesOf(rights: Rights): Scope[] {
	const held = (right: Right) => rights[right] !== undefined;
	return SCOPES.filter((scope) => scope !== 'display' && OF_SCOPE[scope].every(held));
}
