/** Who a request or socket acts for; resolved before anything is read. */
export type Scope = 'read' | 'write' | 'admin';

export interface Principal {
	readonly kind: 'owner' | 'key';
	/** Name for logs and audit; never the secret. */
	readonly name: string;
	/** Sites that this principal sees; 'all' is the owner's. */
	readonly sites: readonly string[] | 'all';
	readonly scopes: readonly Scope[];
	/** The site that what it writes belongs to. */
	readonly writeSite: string;
}

export function maySee(principal: Principal, site: string): boolean {
	return principal.sites === 'all' || principal.sites.includes(site);
}
