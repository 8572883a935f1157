/** Where the menu and the palette lead. */
export interface Place {
	readonly href: string;
	readonly title: string;
	/** What it is for, in a line. */
	readonly hint: string;
	/** Beside the name of the product; the others are under "More". */
	readonly isMain: boolean;
	/** Addresses that belong to it besides its own. */
	readonly also?: readonly string[];
}

/** What who looks may do, and what there is to look at. */
export interface Standpoint {
	readonly mayRead: boolean;
	/** Of the whole server. */
	readonly mayReadAll: boolean;
	readonly mayAdminister: boolean;
	readonly hasModels: boolean;
}

type Shown = (at: Standpoint) => boolean;
const anyone: Shown = () => true;
const readers: Shown = (at) => at.mayRead;
const servers: Shown = (at) => at.mayReadAll;
const admins: Shown = (at) => at.mayAdminister;
const askers: Shown = (at) => at.mayRead && at.hasModels;

const main = { isMain: true } as const;
const more = { isMain: false } as const;

/** In the order of the menu. A new page is one line. */
const PLACES: readonly (Place & { readonly shows: Shown })[] = [
	{
		...main,
		href: '/',
		title: 'Overview',
		hint: 'what needs somebody, all streams',
		also: ['/streams'],
		shows: anyone,
	},
	{ ...main, href: '/violations', title: 'Violations', hint: 'signals, who looks after them, causes', shows: anyone },
	{ ...main, href: '/explore', title: 'Explore', hint: 'several streams on one time axis', shows: anyone },
	{ ...main, href: '/boards', title: 'Boards', hint: 'walls and dashboards', shows: anyone },
	{ ...main, href: '/search', title: 'Search', hint: 'documents, logs, error codes', shows: readers },
	{ ...main, href: '/compare', title: 'Compare', hint: 'models side by side', also: ['/calls'], shows: askers },
	{ ...more, href: '/calls', title: 'Calls', hint: 'calls of language models and their traces', shows: askers },
	{ ...more, href: '/sessions', title: 'Sessions', hint: 'named stretches, exports, reports', shows: readers },
	{ ...more, href: '/alerts', title: 'Alerts', hint: 'routes, channels, what was sent', shows: servers },
	{ ...more, href: '/system', title: 'System', hint: 'queues, lags, collectors, disk', shows: servers },
	{ ...more, href: '/displays', title: 'Displays', hint: 'screens on walls, and how each is', shows: admins },
	{ ...more, href: '/people', title: 'People', hint: 'accounts, roles, invitations', shows: admins },
	{ ...more, href: '/keys', title: 'Keys', hint: 'API keys and screens', shows: admins },
	{ ...more, href: '/audit', title: 'Audit', hint: 'who did what, when, from where', shows: admins },
	{ ...more, href: '/glossary', title: 'Glossary', hint: 'the words of control charts', shows: anyone },
	{ ...more, href: '/settings', title: 'Settings', hint: 'theme, density, time zone, shortcuts', shows: anyone },
	{ ...more, href: '/api/docs', title: 'API', hint: 'every route, with its shapes', shows: readers },
];

export function placesFor(at: Standpoint): readonly Place[] {
	return PLACES.filter(({ shows }) => shows(at));
}

/** @returns whether a page of this address belongs there */
export function isAt(place: Place, path: string): boolean {
	return [place.href, ...(place.also ?? [])].some(
		(start) => path === start || (start !== '/' && path.startsWith(`${start}/`)),
	);
}
